"""The team of an account of a caisse."""

from django.db import transaction

from accounts.enums import PROFILS_CAISSE
from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.operations import comptes
from accounts.permissions import Act, can
from caisses.models import Caisse, Equipe
from portal.errors import DomainError


def set_team(*, actor: Membership, compte: Utilisateur, equipe: Equipe | None) -> None:
    """Put an account of the caisse in a team, or in none. Journaled; asked twice it changes nothing.

    Raises:
        DomainError: not within reach, or a team of another caisse.
    """
    if not can(actor, Act.ADMINISTRER_CAISSE):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    comptes.ensure_within(actor, compte, *PROFILS_CAISSE)
    caisse = comptes.organisation_of(compte)
    if equipe is not None and (not isinstance(caisse, Caisse) or equipe.caisse_id != caisse.pk):
        raise DomainError(
            "Cette équipe n’est pas celle de la caisse du compte.", field="equipe", code="equipe"
        )
    chosen = equipe.pk if equipe else None
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=compte.pk)
        if locked.equipe_id == chosen:
            return
        locked.equipe = equipe
        locked.save(update_fields=["equipe"])
        comptes.journal(actor, locked, "equipe", caisse, equipe=chosen)
