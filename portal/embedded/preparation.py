"""Migrations, reference data and demonstration data: run when the code changed, skipped when nothing did."""

import hashlib
import subprocess
import sys
from pathlib import Path

from portal.embedded.console import LauncherError, step
from portal.embedded.layout import PROJECT, Layout, write_private
from portal.embedded.processes import spawn, tail

ROOMS = ("portal", "caisses", "partners", "accounts", "documents", "signalements")
SUFFIXES = {".py", ".json", ".csv", ".sql", ".txt"}

# Label, whether it runs with the owner's login, then the `manage.py` arguments.
Step = tuple[str, bool, tuple[str, ...]]
STRUCTURE: Step = ("Structure de la base", True, ("migrate",))
REFERENCE: Step = ("Données de référence", False, ("load_reference",))
# It begins with the reference data: one process instead of two.
DEMO: Step = ("Données de référence et de démonstration", False, ("load_demo",))


def prepare(layout: Layout, environment: dict[str, str], *, remember: bool) -> None:
    """Bring the database to the code's level.

    With `remember`, a fingerprint of the code is kept beside the data and an unchanged code skips every step; it is
    off where the database is not ours, since somebody else may have changed it.
    """
    current = fingerprint(PROJECT)
    if remember and _remembered(layout.stamp_file) == current:
        return
    layout.stamp_file.unlink(missing_ok=True)
    data = DEMO if environment.get("DEMO") == "1" else REFERENCE
    for label, as_owner, arguments in (STRUCTURE, data):
        with step(label, done="à jour"):
            manage(arguments, layout, environment, as_owner=as_owner)
    if remember:
        write_private(layout.stamp_file, current)


def manage(
    arguments: tuple[str, ...], layout: Layout, environment: dict[str, str], *, as_owner: bool
) -> None:
    """Run one `manage.py` command to its end, its output in the log `prepare`."""
    role = {"PORTAL_DATABASE_ROLE": "owner"} if as_owner else {}
    log = layout.log("prepare")
    with log.open("ab") as output:
        process = spawn(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env={**environment, **role},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code != 0:
        raise LauncherError(f"« manage.py {arguments[0]} » a échoué. Fin de {log} :\n{tail(log)}")


def fingerprint(project: Path) -> str:
    """A digest of everything the migrations and the data loaders could depend on."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((project / room).rglob("*")):
            if path.suffix in SUFFIXES and "embedded" not in path.parts:
                digest.update(str(path.relative_to(project)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _remembered(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="ascii")
    except OSError:
        return ""
