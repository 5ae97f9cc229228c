"""`reset`: drop what the portal stored on this machine, and nothing that was installed."""

import contextlib
import shutil

from portal.embedded.console import LauncherError, say
from portal.embedded.layout import PROJECT, Layout, Lock

STACKS = ("run", "test", "bench")


def reset() -> int:
    """Delete the local data of every stack that does not run."""
    local = PROJECT / ".local"
    removed = False
    for folder in sorted(local.iterdir()) if local.is_dir() else []:
        if folder.is_dir() and folder.name.split("-")[0] in STACKS:
            _drop(Layout(PROJECT, folder.name))
            removed = True
    say("Données locales supprimées." if removed else "Aucune donnée locale.")
    return 0


def _drop(layout: Layout) -> None:
    lock = Lock(layout)
    if not lock.acquire():
        raise LauncherError(
            f"{layout.home} est en cours d’utilisation : arrêtez d’abord le portail ou les tests."
        )
    with contextlib.ExitStack() as stack:
        stack.callback(lock.release)
        shutil.rmtree(layout.home)
