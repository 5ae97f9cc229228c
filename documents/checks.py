"""What the documents need before anything starts: an antivirus in production, and keys for the vault."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from documents.antivirus import parse_address


def check_antivirus(**kwargs: Any) -> list[CheckMessage]:
    """Outside the demo and the tests, a clamd is named, by an address that can be read."""
    if not settings.CLAMAV_URL:
        if settings.DEMO or settings.TESTING:
            return []
        return [
            Error(
                "No antivirus is configured: no file could ever be vouched for.",
                hint="Set CLAMAV_URL to tcp://host:3310 or unix:///path/of/clamd.ctl.",
                id="documents.E001",
            )
        ]
    try:
        parse_address(settings.CLAMAV_URL)
    except ValueError as error:
        return [Error(f"CLAMAV_URL cannot be read: {error}.", id="documents.E002")]
    return []
