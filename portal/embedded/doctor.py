"""`doctor`: what this machine has and lacks, each with the command that provides it."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from portal.embedded import browser, machine
from portal.embedded.console import LauncherError, say
from portal.embedded.layout import PROJECT, Layout
from portal.embedded.postgres import choose_identity, find_binaries
from portal.embedded.redis_server import find_binary

DISK_NEEDED = 2_000_000_000


def examine() -> int:
    """Go through every need of the portal; the exit code is 1 when one is not met."""
    lacking = 0
    for label, check in CHECKS:
        try:
            say(f"  oui  {label} : {check()}")
        except LauncherError as error:
            lacking += 1
            say(f"  non  {label} : {error}")
    say("Rien ne manque." if not lacking else f"À corriger : {lacking}.")
    return 1 if lacking else 0


def _python() -> str:
    return f"{platform.python_version()} ({sys.executable})"


def _postgres() -> str:
    if os.environ.get("DATABASE_URL"):
        return "celui de DATABASE_URL"
    binaries = find_binaries()
    layout = Layout(PROJECT, "run")
    layout.create()
    identity = choose_identity(binaries, layout)
    answer = _output([*identity.prefix, str(binaries / "postgres"), "--version"], **identity.popen_options)
    if " 18" not in answer:
        raise LauncherError(f"il faut la version 18, et non « {answer} » : vérifiez PORTAL_PG_BIN.")
    return answer


def _redis() -> str:
    if os.environ.get("REDIS_URL"):
        return "celui de REDIS_URL"
    return _output([str(find_binary()), "--version"])


def _pdf() -> str:
    machine.ensure_pango()
    _output([sys.executable, "-c", "import weasyprint"])
    return "WeasyPrint et Pango"


def _browser() -> str:
    return _output([str(browser.ensure()), "--version"])


def _disk() -> str:
    free = shutil.disk_usage(PROJECT).free
    if free < DISK_NEEDED:
        raise LauncherError(f"il reste {free // 1_000_000} Mo, il en faut 2 000.")
    return f"{free // 1_000_000_000} Go libres"


def _writable() -> str:
    try:
        with tempfile.TemporaryFile(dir=PROJECT / ".local"):
            return str(PROJECT)
    except OSError as error:
        raise LauncherError(
            f"{Path(PROJECT / '.local')} n’est pas accessible en écriture ({error})."
        ) from error


def _output(command: list[str], **options: object) -> str:
    try:
        answer = subprocess.run(
            command, cwd="/", capture_output=True, text=True, timeout=60, check=False, **options
        )  # type: ignore[call-overload]
    except (OSError, subprocess.SubprocessError) as error:
        raise LauncherError(str(error)) from error
    if answer.returncode != 0:
        raise LauncherError(answer.stderr.strip()[-500:])
    return str(answer.stdout.strip())


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Dossier", _writable),
    ("Espace disque", _disk),
    ("Python", _python),
    ("PostgreSQL", _postgres),
    ("Redis", _redis),
    ("Documents PDF", _pdf),
    ("Navigateur des tests", _browser),
)
