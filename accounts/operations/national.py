"""The national administrators: opened from the server's own shell, since nobody on the site may open the first."""

from dataclasses import asdict

from django.db import transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.operations import comptes
from accounts.operations.comptes import Identite
from accounts.operations.roles import give_role
from portal import clock
from portal.errors import DomainError


def open_national_account(*, identifiant: str, identite: Identite) -> Utilisateur:
    """Open the account of a national administrator and send its activation link.

    The account itself stands as the actor in the journal: the person with the server's shell has no account.

    Raises:
        DomainError: the identifiant is taken.
        ValidationError: a field is not valid.
    """
    user = Utilisateur(
        profil=Profil.NATIONAL, identifiant=identifiant.lower(), cree_le=clock.now(), **asdict(identite)
    )
    user.set_unusable_password()
    if Utilisateur.objects.filter(identifiant=user.identifiant).exists():
        raise DomainError("Cet identifiant est déjà pris.", field="identifiant", code="identifiant_pris")
    user.full_clean(validate_unique=False, validate_constraints=False)
    with transaction.atomic():
        user.save(force_insert=True)
        give_role(user)
        actor = Membership(user=user, profil=Profil.NATIONAL)
        comptes.journal(actor, user, "creation", None, origine="serveur")
        comptes.invite(actor=actor, user=user, organisation=None)
    return user
