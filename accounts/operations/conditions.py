"""Accepting the conditions of use (art. 2.1: at the first sign-in; here at each new version too)."""

from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.memberships import Membership
from accounts.models import AcceptationCgu, VersionCgu
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe

FOLDER: Final = Path(__file__).resolve().parent.parent / "cgu"
SECTIONS: Final = ("resume", "changements", "texte")


def load_versions() -> int:
    """Publish the versions shipped in `accounts/cgu/`, those that are not known yet; returns how many.

    A version that somebody may have accepted is never changed.
    """
    created = 0
    for path in sorted(FOLDER.glob("*.txt")):
        head, *parts = path.read_text(encoding="utf-8").split("\n== ")
        day = datetime.fromisoformat(head.removeprefix("publiee:").strip())
        texts = {name: text.strip() for name, _, text in (part.partition("\n") for part in parts)}
        _, new = VersionCgu.objects.get_or_create(
            numero=path.stem,
            defaults={
                "publiee_le": day.replace(tzinfo=ZoneInfo("Europe/Paris")),
                **{name: texts.get(name, "") for name in SECTIONS},
            },
        )
        created += new
    return created


def accept_conditions(
    membership: Membership, version: VersionCgu, *, address: str | None = None
) -> AcceptationCgu:
    """Keep that this account accepts this version, today; accepting again changes nothing. Journaled."""
    with transaction.atomic():
        accepted, created = AcceptationCgu.objects.get_or_create(
            utilisateur=membership.user, version=version, defaults={"le": clock.now()}
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
