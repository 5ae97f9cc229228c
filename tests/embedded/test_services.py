"""PostgreSQL and Redis of their own: from any folder, several at once, stopped whatever happens."""

import json
import signal
import sys
from collections.abc import Callable

import pytest

from tests.embedded.conftest import Launcher, processes_in, wait_gone

pytestmark = pytest.mark.stack

LONG_NAME = "-".join(["un-dossier-au-nom-vraiment-long"] * 5)

PROBE = """
import json, os, sys
import psycopg, redis
with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
    owner.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    owner.execute("INSERT INTO kept VALUES (1)")
    count = owner.execute("SELECT count(*) FROM kept").fetchone()[0]
with psycopg.connect(os.environ["DATABASE_URL"]) as web:
    facts = web.execute('''
        SELECT current_user, rolsuper, rolbypassrls, rolinherit, current_setting('server_version_num')::int >= 180000,
               (SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'),
               (SELECT array_agg(r.rolname::text ORDER BY r.rolname) FROM pg_auth_members m
                  JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles w ON w.oid = m.member
                 WHERE w.rolname = 'ep_web' AND m.set_option AND NOT m.inherit_option AND NOT m.admin_option),
               has_schema_privilege('public', 'CREATE')
          FROM pg_roles WHERE rolname = current_user''').fetchone()
with redis.Redis.from_url(os.environ["REDIS_URL"]) as store:
    store.ping()
print("PROBE", json.dumps([count, *facts]))
sys.exit(int(os.environ.get("EXIT_CODE", "0")))
"""
EXTENSIONS = ["btree_gist", "pg_trgm", "unaccent"]
REALMS = ["ep_caisse", "ep_national", "ep_partenaire", "ep_systeme"]


def probed(output: str) -> list[object]:
    """What the probe found."""
    line = next(line for line in output.splitlines() if line.startswith("PROBE "))
    return list(json.loads(line.removeprefix("PROBE ")))


def test_servers_in_a_long_path_keep_their_data_and_pass_the_exit_code(
    copy_project: Callable[[str], Launcher],
) -> None:
    launcher = copy_project(LONG_NAME)
    first = launcher.call("exec", "--", sys.executable, "-c", PROBE, EXIT_CODE="7")
    assert first.returncode == 7, first.stdout + first.stderr
    assert probed(first.stdout) == [1, "ep_web", False, False, False, True, EXTENSIONS, REALMS, False]
    second = launcher.call("exec", "--", sys.executable, "-c", PROBE)
    assert second.returncode == 0
    assert probed(second.stdout)[0] == 2
    assert processes_in(launcher.folder) == []


def test_two_runs_of_one_clone_at_once_have_servers_of_their_own(
    copy_project: Callable[[str], Launcher],
) -> None:
    launcher = copy_project("clone")
    wait = "import sys, time; print('STARTED', flush=True); time.sleep(300)"
    launcher.start("exec", "--", sys.executable, "-c", wait)
    launcher.wait_for("STARTED")
    beside = launcher.call("exec", "--", sys.executable, "-c", PROBE)
    assert beside.returncode == 0, beside.stdout + beside.stderr
    launcher.signal(signal.SIGTERM)
    assert launcher.wait() == 130
    assert wait_gone(launcher.folder) == []


def test_killing_the_launcher_leaves_no_process(copy_project: Callable[[str], Launcher]) -> None:
    launcher = copy_project("clone")
    wait = "import sys, time; print('STARTED', flush=True); time.sleep(300)"
    launcher.start("exec", "--", sys.executable, "-c", wait)
    launcher.wait_for("STARTED")
    assert len(processes_in(launcher.folder)) >= 4
    launcher.kill()
    assert wait_gone(launcher.folder) == []


def test_servers_of_the_caller_are_used_instead(copy_project: Callable[[str], Launcher]) -> None:
    launcher = copy_project("clone")
    show = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    given = {
        "DATABASE_URL": "postgresql://web@db.example/ep",
        "DATABASE_OWNER_URL": "postgresql://owner@db.example/ep",
        "REDIS_URL": "redis://cache.example/0",
    }
    answer = launcher.call("exec", "--", sys.executable, "-c", show, **given)
    assert answer.stdout.strip() == f"{given['DATABASE_URL']} {given['REDIS_URL']}"


def test_a_web_login_without_an_owner_login_is_refused(copy_project: Callable[[str], Launcher]) -> None:
    launcher = copy_project("clone")
    answer = launcher.call("exec", "--", "true", DATABASE_URL="postgresql://web@db.example/ep")
    assert answer.returncode == 1
    assert "DATABASE_URL est donné sans DATABASE_OWNER_URL" in answer.stdout


def test_reset_drops_the_data_and_refuses_while_it_is_in_use(copy_project: Callable[[str], Launcher]) -> None:
    launcher = copy_project("clone")
    inner = f"{sys.executable} -m portal.embedded reset"
    in_use = launcher.call("exec", "--", "sh", "-c", f"{inner}; echo CODE $?")
    assert "est en cours d’utilisation" in in_use.stdout
    assert "CODE 1" in in_use.stdout
    assert launcher.call("reset").returncode == 0
    assert not (launcher.folder / ".local" / "test").exists()
    assert launcher.call("reset").stdout == "Aucune donnée locale.\n"


def test_a_named_program_that_does_not_exist_is_said_in_one_sentence(
    copy_project: Callable[[str], Launcher],
) -> None:
    launcher = copy_project("clone")
    answer = launcher.call("exec", "--", "true", PORTAL_PG_BIN="/nowhere")
    assert (answer.returncode, answer.stderr) == (1, "")
    assert answer.stdout == "Erreur : Le programme initdb de PostgreSQL manque dans /nowhere.\n"


def test_data_that_no_longer_serves_are_made_again(copy_project: Callable[[str], Launcher]) -> None:
    launcher = copy_project("clone")
    assert launcher.call("exec", "--", "true").returncode == 0
    (launcher.folder / ".local" / "test" / "postgres" / "global" / "pg_control").unlink()
    answer = launcher.call("exec", "--", sys.executable, "-c", PROBE)
    assert answer.returncode == 0, answer.stdout
    assert "Données de test inutilisables : nouvelle base." in answer.stdout
