"""The environment a stack hands to its processes, and the secrets it keeps from one start to the next."""

import base64
import os
import secrets
from dataclasses import asdict, dataclass
from json import dumps

from portal.embedded.layout import Layout, read_json, write_private
from portal.embedded.postgres import Passwords


@dataclass(frozen=True)
class Secrets:
    """What a clone invents once and keeps under `.local/`, readable by its owner alone."""

    secret_key: str
    file_keys: str
    postgres: Passwords

    @classmethod
    def load(cls, layout: Layout) -> "Secrets":
        """Read the secrets of a stack, inventing them at its first start."""
        stored = read_json(layout.secrets_file)
        if stored:
            return cls(stored["secret_key"], stored["file_keys"], Passwords(**stored["postgres"]))
        created = cls(
            secret_key=secrets.token_urlsafe(50),
            file_keys=f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            postgres=Passwords.generate(),
        )
        write_private(layout.secrets_file, dumps(asdict(created)))
        return created


def external_services() -> tuple[bool, bool]:
    """Whether the caller brings its own PostgreSQL, and its own Redis."""
    return bool(os.environ.get("DATABASE_URL")), bool(os.environ.get("REDIS_URL"))


def base_environment(layout: Layout, kept: Secrets, *, settings: str) -> dict[str, str]:
    """What every process of a stack receives, whatever serves PostgreSQL and Redis."""
    return {
        **os.environ,
        **_kept_bytecode(layout),
        "DJANGO_SETTINGS_MODULE": settings,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or kept.secret_key,
        "FILE_KEYS": os.environ.get("FILE_KEYS") or kept.file_keys,
        "STORAGE_URL": os.environ.get("STORAGE_URL") or layout.pieces.as_uri(),
        "EMAIL_URL": os.environ.get("EMAIL_URL") or "dummymail://",
        "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
    }


def _kept_bytecode(layout: Layout) -> dict[str, str]:
    """Bytecode under `.local/` where the caller wants none beside the sources.

    Without any, each process of the portal compiles its thousands of modules again: three seconds at every start.
    """
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    folder = layout.project / ".local" / "bytecode"
    return {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX") or str(folder),
    }
