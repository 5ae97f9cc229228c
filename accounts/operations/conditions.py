"""Accepting the conditions of use (art. 2.1: at the first sign-in; here at each new version too)."""

from django.db import transaction

from accounts.memberships import Membership
from accounts.models import AcceptationCgu, VersionCgu
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe


def accept_conditions(
    membership: Membership, version: VersionCgu, *, address: str | None = None
) -> AcceptationCgu:
    """Keep that this account accepts this version, now, from this address; again changes nothing. Journaled."""
    with transaction.atomic():
        accepted, created = AcceptationCgu.objects.get_or_create(
            utilisateur=membership.user, version=version, defaults={"le": clock.now(), "adresse": address}
        )
        if created:
            record(
                Verbe.CGU,
                actor=membership,
                objet="version_cgu",
                objet_id=version.pk,
                details={"version": version.numero},
                adresse=address,
            )
    return accepted
