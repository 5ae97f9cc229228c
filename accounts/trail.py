"""The journal's rows about sign-ins and accounts, readable by the caisse that answers for the account."""

from typing import Any

from accounts.memberships import Membership, membership_of
from accounts.models import Utilisateur
from portal.audit.journal import record
from portal.audit.models import Verbe


def caisse_of(membership: Membership | None) -> int | None:
    """The caisse whose superviseurs read what an account did: its own, or the one its structure depends on."""
    if membership is None:
        return None
    if membership.partenaire is not None:
        return membership.partenaire.caisse_referente_id
    return membership.caisse_id


def record_account(
    verbe: Verbe,
    user: Utilisateur,
    *,
    address: str | None = None,
    actor: Membership | None = None,
    **details: Any,
) -> None:
    """Journal something that happened to an account, by its holder unless `actor` is somebody else."""
    own = membership_of(user)
    record(
        verbe,
        actor=actor,
        acteur_id=None if actor else user.pk,
        role="" if actor else user.profil,
        caisse_id=caisse_of(own) or (actor.caisse_id if actor else None),
        partenaire_id=own.partenaire_id if own else None,
        objet="compte",
        objet_id=user.pk,
        details=details,
        adresse=address,
    )
