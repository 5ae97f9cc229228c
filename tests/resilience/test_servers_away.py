"""Redis and PostgreSQL go away while somebody sends a saisine; a step fails after others were done."""

import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.fixtures.smtp import MailServer
from tests.resilience.site import Site, signal_to

pytestmark = pytest.mark.stack

SENT, DRAFT = ("ENVOYEE", 1, 2), ("BROUILLON", 0, 0)


@pytest.fixture
def draft(site: Site) -> str:
    """A draft that no test has used."""
    return str(site.seeded["references"].pop())


def stop_redis(site: Site) -> Callable[[], None]:
    """Redis refuses connections; gives what brings it back."""
    site.redis.stop()
    return site.start_redis


def silence_redis(site: Site) -> Callable[[], None]:
    """Redis takes connections and never answers; gives what brings it back."""
    signal_to(site.redis, signal.SIGSTOP)
    return lambda: signal_to(site.redis, signal.SIGCONT)


@pytest.mark.parametrize("misfortune", [stop_redis, silence_redis])
def test_a_saisine_sent_without_redis_is_kept_and_its_mails_leave_later_once(
    site: Site, mails: MailServer, draft: str, misfortune: Callable[[Site], Callable[[], None]]
) -> None:
    bring_back = misfortune(site)
    try:
        status, location, _ = site.send(draft)
        again = site.send(draft)
        page, _, _ = site.ask("GET", location)
    finally:
        bring_back()
    assert (status, location) == (302, f"/espace-partenaire/demandes/{draft}/confirmation/")
    assert again[:2] == (status, location)
    assert page == 200
    assert site.state(draft) == SENT
    site.sweep("courriels", times=2)
    about = [mail for mail in mails.messages if draft in mail["Subject"]]
    assert len(about) == 2
    assert len({mail["Message-ID"] for mail in about}) == 2


def test_postgresql_stopped_is_said_in_french_and_the_next_request_works(site: Site, draft: str) -> None:
    pages = Path(site.environment["PAGES_ROOT"])
    pages.mkdir(exist_ok=True)
    caisse = {
        "code": "251",
        "nom": "CPAM du Doubs",
        "telephone": "",
        "canal": "Par la poste.",
        "fonctions": [],
    }
    (pages / "secours.json").write_text(
        json.dumps({"interventions": [], "caisses": [caisse]}), encoding="utf-8"
    )
    site.postgres.stop()
    try:
        status, _, body = site.send(draft)
    finally:
        site.start_postgres()
    assert status == 503
    assert '<html lang="fr"' in body
    assert "Par la poste." in body
    assert "Traceback" not in body
    assert "psycopg" not in body
    assert site.state(draft) == DRAFT
    assert site.send(draft)[0] == 302
    assert site.state(draft) == SENT


def test_postgresql_restarted_in_the_middle_leaves_nothing_half_done(site: Site, draft: str) -> None:
    """The sending waits for a row somebody holds, after it has begun; the server restarts under it."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(site.send(draft, patience=30)))
    other = psycopg.connect(site.cluster.owner_url)
    try:
        other.execute("SELECT 1 FROM signalements_demande WHERE reference = %s FOR UPDATE", [draft])
        thread.start()
        while not site.rows("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0]:
            assert thread.is_alive(), answers
        site.postgres.stop()
        try:
            thread.join()
        finally:
            site.start_postgres()
    finally:
        other.close()
    assert answers[0][0] == 503
    assert site.state(draft) == DRAFT
    assert site.send(draft)[0] == 302
    assert site.send(draft)[0] == 302
    assert site.state(draft) == SENT


def test_a_failure_after_partial_work_undoes_everything(site: Site, draft: str) -> None:
    """The last step of the sending fails in the database: status, log, person and journal go back with it."""
    journal = "SELECT count(*) FROM audit_evenement WHERE objet_id = %s AND verbe = 'transition'"
    site.execute(
        "CREATE FUNCTION zorglub() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'panne zorglub'; END $$"
    )
    site.execute(
        "CREATE TRIGGER zorglub BEFORE INSERT ON courriels_courriel FOR EACH ROW EXECUTE FUNCTION zorglub()"
    )
    try:
        status, _, body = site.send(draft)
    finally:
        site.execute("DROP FUNCTION zorglub CASCADE")
    assert status == 500
    assert '<html lang="fr"' in body
    assert not [
        word for word in ("Traceback", "zorglub", "Fictive", "Exception", "signalements/") if word in body
    ]
    assert site.state(draft) == DRAFT
    assert site.rows(journal, draft) == [(0,)]
    assert site.rows("SELECT count(*) FROM signalements_personne p JOIN signalements_demande d ON d.id = p.demande_id "
                     "WHERE d.reference = %s", draft) == [(0,)]  # fmt: skip
    assert site.send(draft)[0] == 302
    assert site.state(draft) == SENT
    assert "Fictive" not in site.log("web")
