"""Changing the address of an account: it takes effect once its holder opened the link sent there."""

from django.db import connection, transaction

from accounts.courriels import ADRESSE_A_CONFIRMER, ADRESSE_DEMANDEE, COMPTE_MODIFIE
from accounts.enums import Profil
from accounts.models import RolePartenaire, Utilisateur
from accounts.tokens import address_tokens
from accounts.trail import record_account
from partners.models import Partenaire
from portal import clock
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.tenancy import scope

PERIME = "Ce lien n’est plus valable."


def lock_techniciens(partenaire: Partenaire) -> None:
    """Make the creations of one structure wait for each other until the end of the transaction.

    The partner side may not write its Partenaire, so it cannot lock that row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.techniciens'), %s)", [partenaire.pk])


def pending_address(user: Utilisateur) -> str:
    """The address that waits for its confirmation; empty when there is none, or once its link is too old."""
    if not user.courriel_attente or user.courriel_attente_le is None:
        return ""
    age = (clock.now() - user.courriel_attente_le).total_seconds()
    return user.courriel_attente if age <= address_tokens.lifetime else ""


def ask_to_confirm(user: Utilisateur, address: str) -> None:
    """Keep the new address of a locked account aside and send its link; the links sent before stop working."""
    user.courriel_attente = address
    user.courriel_attente_le = clock.now()
    user.save(update_fields=["courriel_attente", "courriel_attente_le"])
    key = f"{user.pk}:{user.courriel_attente_le.isoformat()}"
    hours = address_tokens.lifetime // 3600
    queue(ADRESSE_A_CONFIRMER, cle=key, equipe=address, donnees={"compte": user.pk, "heures": hours})


def announce_change(user: Utilisateur) -> None:
    """Tell the present address of an account that another one was given."""
    key = f"{user.pk}:{user.courriel_attente_le}"
    queue(ADRESSE_DEMANDEE, cle=key, equipe=user.courriel)


def forget_address(user: Utilisateur) -> None:
    """Give up the address that waited: its link stops working."""
    user.courriel_attente, user.courriel_attente_le = "", None
    user.save(update_fields=["courriel_attente", "courriel_attente_le"])


def confirm_address(user: Utilisateur, token: str, *, address: str | None = None) -> Utilisateur:
    """Give the account the address its holder confirmed by the link (domaine.md §3.3); the old one is told.

    Raises:
        DomainError: the link is used, replaced or too old, or a colleague's account has the address now.
    """
    with scope("systeme"), transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active or not pending_address(locked):
            raise DomainError(PERIME, code="lien_perime")
        if not address_tokens.check_token(locked, token):
            raise DomainError(PERIME, code="lien_perime")
        _refuse_taken(locked)
        former, key = locked.courriel, f"{locked.pk}:{locked.courriel_attente_le}"
        locked.courriel = locked.courriel_attente
        locked.courriel_attente, locked.courriel_attente_le = "", None
        locked.save(update_fields=["courriel", "courriel_attente", "courriel_attente_le"])
        record_account(Verbe.COMPTE, locked, acte="adresse_confirmee", address=address)
        queue(COMPTE_MODIFIE, cle=key, destinataires=[locked])
        queue(COMPTE_MODIFIE, cle=key, equipe=former)
    return locked


def _refuse_taken(user: Utilisateur) -> None:
    """One address, one active technicien in a structure: it was free when it was given."""
    role = RolePartenaire.objects.filter(user=user).select_related("content_object").first()
    if role is None or user.profil != Profil.TECHNICIEN:
        return
    lock_techniciens(role.content_object)
    colleagues = Utilisateur.objects.of_partenaire(role.content_object).techniciens().exclude(pk=user.pk)
    if colleagues.filter(courriel=user.courriel_attente, is_active=True).exists():
        raise DomainError(
            "Un compte de technicien de votre structure utilise déjà cette adresse. Adressez-vous à votre "
            "gestionnaire.",
            code="adresse_prise",
        )
