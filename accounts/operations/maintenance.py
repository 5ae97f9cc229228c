"""Writing to those a planned maintenance concerns (convention d'utilisation, art. 3.2-b)."""

from math import ceil

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from accounts.courriels import MAINTENANCE_PREVUE
from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.permissions import Act, can
from accounts.querysets import UtilisateurQuerySet
from caisses.models import Annonce
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.ui.text import moment

PROFILS = (Profil.GESTIONNAIRE, Profil.ADMIN_CAISSE)
HOUR = 3600


def concerned_by(annonce: Annonce, profils: tuple[Profil, ...] = PROFILS) -> UtilisateurQuerySet:
    """The active accounts of these profiles that work with the caisse of the announcement, or all of them."""
    rows = Utilisateur.objects.filter(is_active=True, active_le__isnull=False, profil__in=profils)
    if annonce.caisse is None:
        return rows
    ids = Utilisateur.objects.of_partners_of(annonce.caisse).values("pk")
    own = Utilisateur.objects.of_caisse(annonce.caisse).values("pk")
    return rows.filter(Q(pk__in=ids) | Q(pk__in=own))


def tell_of_maintenance(*, actor: Membership, annonce: Annonce, profils: tuple[Profil, ...]) -> int:
    """Write to these profiles about a planned intervention, once; how many mails leave.

    The mail says when, for how long and for which caisse, and nothing else.

    Raises:
        DomainError: not a national administrator, no intervention to come, nobody chosen, or already written.
    """
    if not can(actor, Act.ADMINISTRER_PORTAIL):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    if not profils or set(profils) - set(PROFILS):
        raise DomainError("Choisissez à qui écrire.", field="profils", code="profils")
    with transaction.atomic():
        locked = Annonce.objects.select_for_update(of=("self",)).select_related("caisse").get(pk=annonce.pk)
        start, end = locked.intervention_debut, locked.intervention_fin
        if start is None or end is None or end <= clock.now():
            raise DomainError("Cette annonce n’a pas d’intervention à venir.", code="intervention")
        if locked.prevenus_le is not None:
            raise DomainError("Les courriels sont déjà partis.", code="deja_partis")
        people = list(concerned_by(locked, profils).only("pk", "is_active", "frequence_courriels"))
        queue(
            MAINTENANCE_PREVUE,
            cle=str(locked.pk),
            destinataires=people,
            lien="/",
            donnees={
                "echeance": moment(localtime(start)),
                "heures": ceil((end - start).total_seconds() / HOUR),
                "caisse": locked.caisse.nom if locked.caisse else "",
            },
            caisse_id=locked.caisse_id,
        )
        locked.prevenus_le = clock.now()
        locked.save(update_fields=["prevenus_le"])
        record(
            Verbe.MODIFICATION,
            actor=actor,
            caisse_id=locked.caisse_id,
            objet="annonce",
            objet_id=locked.pk,
            details={
                "acte": "courriels",
                "profils": [profil.value for profil in profils],
                "nombre": len(people),
            },
        )
    return len(people)
