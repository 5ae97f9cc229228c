"""Binding one's account to one's ProConnect identity, and undoing it."""

from django.db import IntegrityError, transaction

from accounts.courriels import CONNEXION_PROCONNECT
from accounts.models import IdentiteProConnect, Utilisateur
from accounts.trail import record_account
from portal import clock
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.identifiers import uuid7


def bind(user: Utilisateur, *, emetteur: str, sujet: str, password: str, address: str | None = None) -> None:
    """Let an identity open this account, once its holder has given the account's password.

    An identity opens one account and an account one identity; the account is told by mail.

    Raises:
        DomainError: the password is wrong, or the identity already opens another account.
    """
    if not user.check_password(password):
        record_account(Verbe.CONNEXION_REFUSEE, user, motif="mot_de_passe_actuel", address=address)
        raise DomainError("Le mot de passe est incorrect.", field="mot_de_passe", code="mot_de_passe_actuel")
    try:
        with transaction.atomic():
            IdentiteProConnect.objects.update_or_create(
                utilisateur=user, defaults={"emetteur": emetteur, "sujet": sujet, "reliee_le": clock.now()}
            )
            _told(user, "proconnect_relie", address)
    except IntegrityError as error:
        raise DomainError(
            "Cette identité ProConnect ouvre déjà un autre compte. Retirez-la d’abord dans le profil de ce compte.",
            code="identite_prise",
        ) from error


def unbind(user: Utilisateur, *, address: str | None = None) -> bool:
    """Undo it; whether there was something to undo. The account is told by mail."""
    with transaction.atomic():
        removed, _ = IdentiteProConnect.objects.filter(utilisateur=user).delete()
        if removed:
            _told(user, "proconnect_delie", address)
    return bool(removed)


def _told(user: Utilisateur, acte: str, address: str | None) -> None:
    record_account(Verbe.COMPTE, user, acte=acte, address=address)
    queue(CONNEXION_PROCONNECT, cle=f"{user.pk}:{uuid7()}", destinataires=[user])
