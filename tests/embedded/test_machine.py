"""What the machine lacks is installed when that is allowed, and named with its command when it is not."""

import os
from pathlib import Path

import pytest

from portal.embedded import browser, machine
from portal.embedded.console import LauncherError
from portal.embedded.postgres import find_binaries
from portal.embedded.redis_server import find_binary

MISSING = (("libpango-1.0.so.0", "libpango-1.0-0"), ("libnowhere.so.7", "libnowhere7"))


@pytest.fixture
def apt_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `apt-get` that writes down how it was called; gives that file."""
    calls = tmp_path / "calls"
    program = tmp_path / "apt-get"
    program.write_text(
        f'#!/bin/sh\necho "$DEBIAN_FRONTEND $@" >> {calls}\nexit ${{APT_CODE:-0}}\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return calls


def test_this_machine_lacks_no_library() -> None:
    assert machine.missing_pango_packages() == []


def test_a_missing_library_is_named_with_the_command_for_an_ordinary_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "PANGO_LIBRARIES", MISSING)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    with pytest.raises(LauncherError) as refusal:
        machine.ensure_pango()
    assert str(refusal.value) == (
        "La bibliothèque Pango, qui compose les documents PDF, manque sur cette machine : "
        "« apt-get install -y libnowhere7 » (en tant que root)."
    )


def test_root_installs_it_and_waits_for_another_apt(apt_get: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PANGO_LIBRARIES", MISSING)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    machine.ensure_pango()
    options = "noninteractive -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends"
    assert apt_get.read_text(encoding="utf-8").splitlines() == [
        f"{options} update",
        f"{options} install libnowhere7",
    ]


def test_a_failed_installation_is_said(apt_get: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APT_CODE", "100")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    with pytest.raises(LauncherError, match="« apt-get install -y chromium » a échoué"):
        machine.install(["chromium"], "Le navigateur Chromium")


def test_the_browser_named_by_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "chrome"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PORTAL_CHROMIUM", str(program))
    assert browser.ensure() == program
    monkeypatch.setenv("PORTAL_CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(LauncherError, match="PORTAL_CHROMIUM ne désigne pas un programme"):
        browser.ensure()


def test_a_confined_browser_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ubuntu's `chromium` is a snap: it starts, and then can read nothing of the project."""
    folder = tmp_path / "snap" / "bin"
    folder.mkdir(parents=True)
    for name in browser.NAMES:
        (folder / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    assert browser._on_path() is None


def test_no_browser_at_all_is_a_failure_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_package_fits", lambda: False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LauncherError, match="« apt-get install chromium »"):
        browser._obtain()


def test_named_servers_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PG_BIN", str(tmp_path))
    monkeypatch.setenv("PORTAL_REDIS_BIN", str(tmp_path / "redis-server"))
    with pytest.raises(LauncherError, match="Le programme initdb de PostgreSQL manque"):
        find_binaries()
    with pytest.raises(LauncherError, match="PORTAL_REDIS_BIN ne désigne pas un programme"):
        find_binary()
