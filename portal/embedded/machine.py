"""What the machine itself must have, and how it gets it: by apt when root on Debian or Ubuntu, else by one sentence."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence

from portal.embedded.console import LauncherError, step

APT_OPTIONS = ("-o", "DPkg::Lock::Timeout=300", "-qq", "-y", "--no-install-recommends")

# Library, in the order WeasyPrint opens them, and the Debian package that brings it.
PANGO_LIBRARIES = (
    ("libgobject-2.0.so.0", "libglib2.0-0"),
    ("libpango-1.0.so.0", "libpango-1.0-0"),
    ("libharfbuzz.so.0", "libharfbuzz0b"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
)


def can_install() -> bool:
    """Whether this process may install Debian packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str], missing: str) -> None:
    """Install Debian packages when allowed, else say in one sentence which command does.

    `missing` names in French what is missing, with its article: « La bibliothèque Pango ».
    """
    command = f"apt-get install -y {' '.join(packages)}"
    if not can_install():
        raise LauncherError(f"{missing} manque sur cette machine : « {command} » (en tant que root).")
    with step(f"{missing} manque : {command}", done="fait"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (("update",), ("install", *packages)):
            answer = subprocess.run(
                ["apt-get", *APT_OPTIONS, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        if answer.returncode != 0:
            raise LauncherError(f"« {command} » a échoué :\n{answer.stderr.strip()}")


def missing_pango_packages() -> list[str]:
    """The Debian packages of the libraries the PDF engine needs and this machine lacks (Linux only)."""
    if os.uname().sysname != "Linux":
        return []
    return [package for library, package in PANGO_LIBRARIES if not _opens(library)]


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def ensure_pango() -> None:
    """Have the libraries of the PDF engine, or say how to get them."""
    packages = missing_pango_packages()
    if packages:
        install(packages, "La bibliothèque Pango, qui compose les documents PDF,")
