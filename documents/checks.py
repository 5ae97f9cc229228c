"""What the documents need before anything starts: an antivirus in production, and keys for the vault."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from documents.antivirus import parse_address
from documents.vault import parse_file_keys


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


def check_file_keys(**kwargs: Any) -> list[CheckMessage]:
    """The keys of the vault are there and can be read. The message never holds one."""
    try:
        parse_file_keys(settings.FILE_KEYS)
    except ValueError as error:
        hint = "FILE_KEYS is « id:base64 », 32 bytes; the first of several is active."
        return [Error(f"FILE_KEYS cannot be used: {error}.", hint=hint, id="documents.E003")]
    return []
