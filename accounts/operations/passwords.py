"""Choosing a password: at activation, after a reset link, or from the profile."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.courriels import MOT_DE_PASSE_BIENTOT_EXPIRE, MOT_DE_PASSE_CHANGE
from accounts.enums import EtatCompte, Profil
from accounts.models import AncienMotDePasse, Utilisateur
from accounts.operations.comptes import change_state
from accounts.passwords import REFUSALS, validity_days
from accounts.sessions import close_sessions
from accounts.trail import record_account
from accounts.transitions import HOLDER
from portal import clock
from portal.audit.models import Verbe
from portal.compiled import IsAnyOf
from portal.courriels.outbox import queue
from portal.errors import DomainError

# Days before the password expires.
REMINDERS: Final = (30, 7)


def activate_account(user: Utilisateur, password: str, *, address: str | None = None) -> Utilisateur:
    """Activate an invited account with the password its holder chose (art. 2.2.1).

    Raises:
        DomainError: the password is refused, or the account is no longer waiting for its activation.
    """
    return _choose(user, password, acte="activation", address=address)


def reset_password(user: Utilisateur, password: str, *, address: str | None = None) -> Utilisateur:
    """Give an active account the password chosen from a reset link; the second factor stays.

    Every session is closed and the account is told by mail.

    Raises:
        DomainError: the password is refused, or the account cannot be reset.
    """
    return _choose(user, password, acte="reinitialisation", address=address)


def change_password(
    user: Utilisateur, current: str, password: str, *, session_key: str | None, address: str | None = None
) -> Utilisateur:
    """Change one's own password; the other sessions are closed and the account is told by mail.

    Raises:
        DomainError: the current password is wrong, or the new one is refused.
    """
    if not user.check_password(current):
        record_account(Verbe.CONNEXION_REFUSEE, user, motif="mot_de_passe_actuel", address=address)
        raise DomainError(
            "Le mot de passe actuel est incorrect.", field="mot_de_passe_actuel", code="mot_de_passe_actuel"
        )
    return _choose(user, password, acte="changement", address=address, session_key=session_key)


def _choose(
    user: Utilisateur, password: str, *, acte: str, address: str | None, session_key: str | None = None
) -> Utilisateur:
    """Check, hash (outside the lock, it takes a while), save, close the sessions, journal, tell."""
    check_new_password(user, password)
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=user.pk)
        activating = acte == "activation"
        if not locked.is_active or activating == bool(locked.active_le):
            raise DomainError("Ce lien n’est plus valable.", code="lien_perime")
        now, former = clock.now(), locked.password
        changes = {"password": make_password(password), "mot_de_passe_le": now, "rappel_mot_de_passe": 0}
        if activating:
            changes["active_le"] = now
            change_state(locked, EtatCompte.ACTIF, role=HOLDER, changes=changes, organisation=None)
        else:
            for name, value in changes.items():
                setattr(locked, name, value)
            locked.save(update_fields=[*changes])
        _remember(locked, former)
        close_sessions(locked.pk, but=session_key)
        record_account(Verbe.COMPTE, locked, acte=f"mot_de_passe_{acte}", address=address)
        if not activating:
            queue(
                MOT_DE_PASSE_CHANGE,
                cle=f"{locked.pk}:{now.timestamp():.6f}",
                destinataires=[locked],
            )
    return locked


def _remember(user: Utilisateur, former: str) -> None:
    """Keep the hash just chosen among the last ones, and that of before if it was chosen elsewhere."""
    kept = settings.MOT_DE_PASSE_ANCIENS
    mine = AncienMotDePasse.objects.filter(utilisateur=user)
    now = clock.now()
    rows = [AncienMotDePasse(utilisateur=user, empreinte=user.password, le=now)]
    if is_password_usable(former) and not mine.filter(empreinte=former).exists():
        rows.insert(
            0, AncienMotDePasse(utilisateur=user, empreinte=former, le=now - timedelta(microseconds=1))
        )
    AncienMotDePasse.objects.bulk_create(rows)
    mine.exclude(pk__in=list(mine.values_list("pk", flat=True)[:kept])).delete()


def check_new_password(user: Utilisateur, password: str) -> None:
    """Refuse a password that breaks the policy, is the current one or one of the last MOT_DE_PASSE_ANCIENS.

    Raises:
        DomainError: on the field « mot_de_passe », with the code of the broken rule.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        code = error.error_list[0].code or "refuse"
        raise DomainError(" ".join(error.messages), field="mot_de_passe", code=code) from error
    if user.has_usable_password() and user.check_password(password):
        raise DomainError(REFUSALS["identique"], field="mot_de_passe", code="identique")
    used = AncienMotDePasse.objects.filter(utilisateur=user).values_list("empreinte", flat=True)
    if any(check_password(password, empreinte) for empreinte in used[: settings.MOT_DE_PASSE_ANCIENS]):
        raise DomainError(REFUSALS["ancien"], field="mot_de_passe", code="ancien")


def remind_of_expiry(limit: int) -> int:
    """Tell accounts that their password must soon be changed, 30 then 7 days before; at most `limit` of each.

    A few statements for any number of accounts; running twice, or late, tells nobody twice. Returns how many
    were told.
    """
    profils: dict[int, list[Profil]] = {}
    for profil in Profil:
        profils.setdefault(validity_days(profil), []).append(profil)
    return sum(_remind(days, held, limit) for days, held in profils.items() if days)


def _remind(days: int, profils: list[Profil], limit: int) -> int:
    """The reminders of the profiles whose passwords are good for `days`."""
    now, told = clock.now(), 0
    for before, already in ((REMINDERS[1], [0, REMINDERS[0]]), (REMINDERS[0], [0])):
        due = Utilisateur.objects.filter(
            profil__in=profils,
            is_active=True,
            active_le__isnull=False,
            rappel_mot_de_passe__in=already,
            mot_de_passe_le__lte=now - timedelta(days=days - before),
            mot_de_passe_le__gt=now - timedelta(days=days),
        )
        accounts = list(due.select_for_update(skip_locked=True).order_by("pk")[:limit])
        queue(
            MOT_DE_PASSE_BIENTOT_EXPIRE,
            cle=f"{before}:{now.isoformat()}",
            destinataires=accounts,
            lien=reverse("accounts:mot_de_passe"),
            donnees={"jours": before},
        )
        Utilisateur.objects.filter(IsAnyOf("pk", [account.pk for account in accounts])).update(
            rappel_mot_de_passe=before
        )
        told += len(accounts)
    return told
