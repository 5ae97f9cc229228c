"""The end of an account: six calendar months after its inactivation nothing is left but « Compte supprimé ».

Announced 30 days before. Late, twice or on two machines at once: each account is announced once and deleted once.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.courriels import SUPPRESSION_PROCHE, SUPPRESSIONS_PROCHES
from accounts.enums import EtatCompte, Profil
from accounts.models import (
    AcceptationCgu,
    AncienMotDePasse,
    Attestation,
    AvisSecurite,
    CleAcces,
    CodeSecours,
    DemandeHabilitation,
    IdentiteProConnect,
    RoleCaisse,
    RolePartenaire,
    SessionOuverte,
    Utilisateur,
)
from accounts.operations.departs import erase
from accounts.operations.fermetures import Place, journal_all, places_of
from accounts.queries import admins_by_caisse, gestionnaires_by_structure
from accounts.querysets import UtilisateurQuerySet
from accounts.rules import PARIS, deletion_date
from accounts.transitions import TABLE
from caisses.models import Caisse
from portal import clock
from portal.compiled import IsAnyOf
from portal.courriels.outbox import Envoi, queue_all

EFFACE = "compte-supprime-"
"""How the identifiant of an erased account begins."""
SHORTEST = timedelta(days=180)
"""Six calendar months are never shorter."""
ANNONCE_JOURS = 30


class _End(NamedTuple):
    """The day an account is deleted as it is said, and how many days are left where it is."""

    when: str
    left: int


def erase_inactive_accounts(limit: int) -> int:
    """Pseudonymise the accounts inactive for six calendar months (art. 2.2.3-k); how many were, at most `limit`.

    The row stays, so that what the person did keeps an author, « Compte supprimé »; its name, address, role, second
    factor, former passwords, attestations and acceptances are gone, its identifiant and address are free again, and it
    can never be reactivated. Running twice, or late, does it once. Order of effects: rows locked, journal, what they
    hold deleted, rows rewritten.
    """
    found = list(_inactive(clock.now() - SHORTEST)[:limit])
    places, days = _places_and_days(found)
    accounts = [user for user in found if days[user.pk].left <= 0]
    ids = [user.pk for user in accounts]
    if not ids:
        return 0
    journal_all(accounts, places, acte="suppression")
    for by_user in (RolePartenaire, RoleCaisse, TOTPDevice, CodeSecours, CleAcces):
        by_user._default_manager.filter(IsAnyOf("user", ids)).delete()
    for by_utilisateur in (Attestation, AcceptationCgu, AncienMotDePasse, IdentiteProConnect, SessionOuverte):
        by_utilisateur._default_manager.filter(IsAnyOf("utilisateur", ids)).delete()
    # The notice of a cut stays; its document is made again without the identifiant.
    AvisSecurite.objects.filter(IsAnyOf("compte", ids)).update(identifiant="", pdf=None, empreinte="")
    Utilisateur.user_permissions.through.objects.filter(IsAnyOf("utilisateur", ids)).delete()
    erase(DemandeHabilitation.objects.filter(IsAnyOf("compte", ids)).values_list("pk", flat=True))
    TABLE.find(EtatCompte.INACTIF, EtatCompte.SUPPRIME, "systeme")
    Utilisateur.objects.filter(IsAnyOf("pk", ids)).update(
        supprime_le=clock.now(),
        identifiant=Concat(Value(EFFACE), Cast("pk", CharField())),
        prenom="Compte",
        nom="supprimé",
        fonction="",
        telephone="",
        courriel="",
        courriel_attente="",
        password=make_password(None),
        last_login=None,
        fin_prevue=None,
        fin_annoncee=None,
        equipe=None,
    )
    return len(accounts)


def announce_deletions(limit: int) -> int:
    """Tell of the accounts that will be deleted within 30 days; how many, at most `limit`.

    The address of each, in neutral words, and who could still reactivate it: the gestionnaires of its structure, the
    caisse for a gestionnaire or when the structure has none left. One mail to each of them, however many accounts.
    """
    rows = _inactive(clock.now() - SHORTEST + timedelta(days=ANNONCE_JOURS))
    rows = rows.filter(suppression_annoncee_le__isnull=True)
    inactive = list(rows[:limit])
    places, days = _places_and_days(inactive)
    found = [user for user in inactive if 0 < days[user.pk].left <= ANNONCE_JOURS]
    if not found:
        return 0
    ids = [user.pk for user in found]
    Utilisateur.objects.filter(IsAnyOf("pk", ids)).update(suppression_annoncee_le=clock.now())
    journal_all(found, places, acte="suppression_annoncee")
    queue_all(
        SUPPRESSION_PROCHE,
        (
            Envoi(f"{user.pk}:{user.invitation}", user.courriel, donnees={"echeance": days[user.pk].when})
            for user in found
        ),
    )
    queue_all(SUPPRESSIONS_PROCHES, _to_managers(found, places, days))
    return len(found)


def _to_managers(
    found: list[Utilisateur], places: dict[int, Place], days: dict[int, _End]
) -> Iterator[Envoi]:
    event = clock.now().isoformat()
    gestionnaires = gestionnaires_by_structure(p.partenaire_id for p in places.values() if p.partenaire_id)
    admins = admins_by_caisse(p.caisse_id for p in places.values() if p.caisse_id)
    told: set[tuple[int, int]] = set()
    for user in found:
        place = places.get(user.pk, Place(None))
        mine = gestionnaires.get(place.partenaire_id or 0, []) if user.profil == Profil.TECHNICIEN else []
        if mine:
            link = f"{reverse('accounts:techniciens')}?etat={EtatCompte.INACTIF}"
        else:
            mine = admins.get(place.caisse_id or 0, [])
            page = "comptepartenaire" if place.partenaire_id else "comptecaisse"
            link = f"{reverse(f'admin:accounts_{page}_changelist')}?suppression=proche"
        for manager in mine:
            key = (manager.pk, place.partenaire_id or 0)
            if key not in told:
                told.add(key)
                yield Envoi(
                    f"{place.partenaire_id or ''}:{event}",
                    manager,
                    link,
                    {"echeance": days[user.pk].when},
                    place.caisse_id,
                    place.partenaire_id,
                )


def _inactive(since: datetime) -> UtilisateurQuerySet:
    rows: UtilisateurQuerySet = Utilisateur.objects.in_state(EtatCompte.INACTIF).filter(
        inactive_le__lte=since
    )
    return rows.select_for_update(skip_locked=True).order_by("inactive_le", "pk")


def _places_and_days(found: list[Utilisateur]) -> tuple[dict[int, Place], dict[int, _End]]:
    places = places_of(user.pk for user in found)
    zones = dict(Caisse.objects.values_list("pk", "fuseau")) if found else {}
    days = {}
    for user in found:
        fuseau = zones.get(places.get(user.pk, Place(None)).caisse_id or 0, PARIS)
        day = deletion_date(user, fuseau)
        if day is not None:
            days[user.pk] = _End(f"{day:%d/%m/%Y}", (day - clock.today(fuseau)).days)
    return places, days
