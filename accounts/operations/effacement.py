"""The end of an account: six calendar months after its inactivation nothing is left but « Compte supprimé »."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import EtatCompte
from accounts.models import (
    AcceptationCgu,
    AncienMotDePasse,
    Attestation,
    CleAcces,
    CodeSecours,
    DemandeHabilitation,
    IdentiteProConnect,
    RoleCaisse,
    RolePartenaire,
    SessionOuverte,
    Utilisateur,
)
from accounts.operations.comptes import deletion_date
from accounts.operations.departs import erase
from accounts.transitions import TABLE
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe

EFFACE = "compte-supprime-"
"""How the identifiant of an erased account begins."""
SHORTEST = timedelta(days=180)


def erase_inactive_accounts(limit: int) -> int:
    """Pseudonymise the accounts inactive for six calendar months (art. 2.2.3-k); how many were, at most `limit`.

    The row stays, so that what the person did keeps an author, « Compte supprimé »; its name, address, role, second
    factor, former passwords, attestations and acceptances are gone, and it can never be reactivated. Running twice, or
    late, does it once. Order of effects: rows locked, journal, what they hold deleted, rows rewritten.
    """
    accounts = [user for user in _candidates(clock.now())[:limit] if _is_due(user)]
    ids = [user.pk for user in accounts]
    _journal(accounts)
    for by_user in (RolePartenaire, RoleCaisse, TOTPDevice, CodeSecours, CleAcces):
        by_user._default_manager.filter(user__in=ids).delete()
    for by_utilisateur in (Attestation, AcceptationCgu, AncienMotDePasse, IdentiteProConnect, SessionOuverte):
        by_utilisateur._default_manager.filter(utilisateur__in=ids).delete()
    Utilisateur.user_permissions.through.objects.filter(utilisateur__in=ids).delete()
    erase(DemandeHabilitation.objects.filter(compte__in=ids).values_list("pk", flat=True))
    TABLE.find(EtatCompte.INACTIF, EtatCompte.SUPPRIME, "systeme")
    Utilisateur.objects.filter(pk__in=ids).update(
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
    )
    return len(accounts)


def _candidates(now: datetime) -> QuerySet[Utilisateur]:
    rows = Utilisateur.objects.filter(is_active=False, inactive_le__lte=now - SHORTEST)
    rows = rows.filter(supprime_le__isnull=True)
    return rows.select_for_update(skip_locked=True).order_by("inactive_le", "pk")


def _is_due(user: Utilisateur) -> bool:
    day = deletion_date(user)
    return day is not None and day <= clock.today()


def _journal(accounts: list[Utilisateur]) -> None:
    """One event for each, which the caisse that answers for the account reads."""
    structures = {
        role.user_id: role.content_object
        for role in RolePartenaire.objects.filter(user__in=accounts).select_related("content_object")
    }
    caisses = dict(
        RoleCaisse.objects.filter(user__in=accounts).values_list("user_id", "content_object_id").order_by()
    )
    for user in accounts:
        structure = structures.get(user.pk)
        record(
            Verbe.COMPTE,
            role="systeme",
            caisse_id=structure.caisse_referente_id if structure else caisses.get(user.pk),
            partenaire_id=structure.pk if structure else None,
            objet="compte",
            objet_id=user.pk,
            details={"acte": "suppression", "profil": user.profil},
        )
