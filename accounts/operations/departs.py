"""The day a gestionnaire leaves: the access closes on the wanted date, once (art. 2.2.3)."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.courriels import COMPTE_FERME, COMPTE_INACTIVE
from accounts.enums import EtatCompte, MotifInactivation, Profil, StatutHabilitation
from accounts.models import DemandeHabilitation, RolePartenaire, Utilisateur
from accounts.models.habilitation import DEPART_EN_ATTENTE
from accounts.operations.comptes import change_state
from accounts.operations.habilitations import IDENTITE, journal
from accounts.sessions import close_sessions
from partners.models import Partenaire
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.calendar import add_months
from portal.courriels.outbox import queue
from portal.errors import DomainError

MOIS_AVANT_OUBLI = 6
EASTERNMOST = timedelta(hours=14)
"""How far ahead of UTC a caisse may be: on its wanted date, a departure is due there first."""


def close_due_departures(limit: int) -> int:
    """Close the accounts of the gestionnaires whose wanted date has come; how many departures were dealt with.

    The last gestionnaire stays until a successor is active: the departure waits, the caisse sees it. Techniciens stay
    with the structure. Running late, twice or elsewhere does it once.
    """
    return sum(_close_one(pk) for pk in _due().values_list("pk", flat=True)[:limit])


def blocked_departures() -> QuerySet[DemandeHabilitation]:
    """Accepted departures that wait for a successor: nobody else is active."""
    rows = DemandeHabilitation.objects.filter(DEPART_EN_ATTENTE, compte__is_active=True)
    return rows.filter(~Exists(_colleagues()))


def forget_identities(limit: int) -> int:
    """Erase who the requests decided six calendar months ago named; how many.

    What was asked, when and what was answered stays. The requests of a deleted account are erased with it.
    """
    cutoff = add_months(clock.today(), -MOIS_AVANT_OUBLI)
    old = DemandeHabilitation.objects.filter(
        Q(decidee_le__date__lte=cutoff) | Q(compte__supprime_le__isnull=False)
    ).exclude(nom="", courriel="", message="", telephone="", fonction="")
    return erase(old.order_by("pk").values_list("pk", flat=True)[:limit])


def erase(pks: object) -> int:
    """Empty the identities and texts of these requests."""
    blank = dict.fromkeys((*IDENTITE, "message"), "")
    return DemandeHabilitation.objects.filter(pk__in=list(pks)).update(**blank)  # type: ignore[call-overload]


def _colleagues() -> QuerySet[RolePartenaire]:
    """The other active gestionnaires of the structure of a departure."""
    rows = RolePartenaire.objects.filter(
        content_object=OuterRef("partenaire_id"),
        permission__codename=Profil.GESTIONNAIRE.permission,
        user__is_active=True,
    )
    return rows.exclude(user=OuterRef("compte_id"))


def _due() -> QuerySet[DemandeHabilitation]:
    """Accepted departures whose date may have come and that nothing holds back, the oldest first."""
    rows = DemandeHabilitation.objects.filter(
        DEPART_EN_ATTENTE, date_souhaitee__lte=(clock.now() + EASTERNMOST).date()
    )
    return rows.filter(Q(compte__is_active=False) | Exists(_colleagues())).order_by("date_souhaitee", "pk")


def _close_one(pk: int) -> int:
    rows = DemandeHabilitation.objects.select_related("caisse")
    structure = rows.get(pk=pk).partenaire_id
    with transaction.atomic():
        partenaire = Partenaire.objects.select_for_update(no_key=True, of=("self",)).get(pk=structure)
        demande = rows.select_for_update(of=("self",)).get(pk=pk)
        if demande.effectuee_le is not None or demande.statut != StatutHabilitation.ACCEPTEE:
            return 0
        if demande.date_souhaitee is None or demande.date_souhaitee > demande.caisse.today():
            return 0
        compte = Utilisateur.objects.select_for_update().get(pk=demande.compte_id)
        if compte.is_active:
            try:
                _close(demande, compte, partenaire)
            except DomainError:
                # The last one after all: it waits for a successor.
                return 0
        demande.effectuee_le = compte.inactive_le
        demande.version += 1
        demande.save(update_fields=["effectuee_le", "version"])
        journal(demande, "depart_effectif", role="systeme")
    return 1


def _close(demande: DemandeHabilitation, compte: Utilisateur, partenaire: Partenaire) -> None:
    changes = {
        "is_active": False,
        "inactive_le": clock.now(),
        "inactive_par": demande.decidee_par,
        "motif_inactivation": MotifInactivation(demande.motif),
        "invitation": compte.invitation + 1,
        "password": make_password(None),
    }
    change_state(compte, EtatCompte.INACTIF, role="systeme", changes=changes, organisation=partenaire)
    closed = close_sessions(compte.pk)
    record(
        Verbe.COMPTE,
        role="systeme",
        caisse_id=demande.caisse_id,
        partenaire_id=partenaire.pk,
        objet="compte",
        objet_id=compte.pk,
        details={
            "acte": "inactivation",
            "profil": compte.profil,
            "motif": demande.motif,
            "sessions": closed,
            "demande": demande.reference,
        },
    )
    event = f"{compte.pk}:{compte.invitation}"
    others = Utilisateur.objects.of_partenaire(partenaire).gestionnaires()
    queue(COMPTE_FERME, cle=event, equipe=compte.courriel, partenaire_id=partenaire.pk)
    queue(COMPTE_INACTIVE, cle=event, destinataires=others, partenaire_id=partenaire.pk)
