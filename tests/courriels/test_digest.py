"""The daily digest: on jours ouvrés only, since the last one, once, and never empty."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.enums import FrequenceCourriels, Profil
from caisses.models import FermetureLocale
from portal import clock, sweeps
from portal.courriels.models import Courriel
from portal.courriels.outbox import queue
from portal.courriels.types import type_of
from tests import factories
from tests.fixtures.smtp import MailServer

pytestmark = pytest.mark.django_db


def at(year: int, month: int, day: int, hour: int = 8) -> Any:
    """That hour, UTC."""
    return clock.at(datetime(year, month, day, hour, tzinfo=UTC))


def gather(caisse: Any, agent: Any, cle: str = "1") -> None:
    """Queue an ordinary mail for somebody who wants a digest."""
    queue(
        type_of("message_structure"),
        cle=cle,
        destinataires=[agent],
        reference="EP-251-7K3M2-42",
        lien="/x/",
        caisse_id=caisse.pk,
    )


def setup(**fields: Any) -> tuple[Any, Any]:
    """A caisse and an agent who wants a digest."""
    caisse = factories.caisse("251", **fields)
    return caisse, factories.utilisateur(
        Profil.AGENT, caisse, frequence_courriels=FrequenceCourriels.QUOTIDIEN
    )


def body(mail_server: MailServer) -> str:
    """The text of the only mail."""
    (mail,) = mail_server.messages
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_a_friday_evening_is_told_on_monday(mail_server: MailServer) -> None:
    caisse, agent = setup()
    with at(2026, 11, 27, 16):
        gather(caisse, agent, "1")
        gather(caisse, agent, "2")
        assert sweeps.run("recapitulatifs") == 0
        assert sweeps.run("courriels") == 0
    for day in (28, 29):
        with at(2026, 11, day):
            assert sweeps.run("recapitulatifs") == 0
    with at(2026, 11, 30, 6):
        assert sweeps.run("recapitulatifs") == 0, "not before half past seven in Paris"
    with at(2026, 11, 30):
        assert sweeps.run("recapitulatifs") == 1
        assert sweeps.run("recapitulatifs") == 0
    text = body(mail_server)
    assert "depuis vendredi" in text
    assert text.count("Message de la structure (EP-251-7K3M2-42)") == 2
    assert (
        mail_server.messages[0]["Subject"].strip()
        == "[Espace Partenaires] Votre récapitulatif (2 événements)"
    )


def test_what_comes_after_the_digest_waits_for_the_next_one(mail_server: MailServer) -> None:
    caisse, agent = setup()
    with at(2026, 12, 1, 9):
        gather(caisse, agent)
        assert sweeps.run("recapitulatifs") == 0
    with at(2026, 12, 2):
        assert sweeps.run("recapitulatifs") == 1
    assert "depuis hier" in body(mail_server)


@pytest.mark.parametrize(
    ("zone", "day", "sent"),
    [
        ("METROPOLE", date(2026, 12, 25), 0),
        ("METROPOLE", date(2026, 12, 28), 1),
        ("METROPOLE", date(2025, 12, 26), 1),
        ("ALSACE_MOSELLE", date(2025, 12, 26), 0),
        ("METROPOLE", date(2026, 12, 20), 0),
        ("METROPOLE", date(2027, 12, 20), 1),
        ("LA_REUNION", date(2027, 12, 20), 0),
    ],
)
def test_holidays_are_those_of_the_caisse(mail_server: MailServer, zone: str, day: date, sent: int) -> None:
    fuseau = "Indian/Reunion" if zone == "LA_REUNION" else "Europe/Paris"
    caisse, agent = setup(zone_feries=zone, fuseau=fuseau)
    with clock.at(datetime(day.year, day.month, day.day - 2, 8, tzinfo=UTC)):
        gather(caisse, agent)
    with at(day.year, day.month, day.day):
        assert sweeps.run("recapitulatifs") == sent


def test_a_local_closure_is_no_day_for_a_digest(mail_server: MailServer) -> None:
    caisse, agent = setup()
    FermetureLocale.objects.create(caisse=caisse, jour=date(2026, 12, 2), libelle="Pont")
    with at(2026, 12, 1, 12):
        gather(caisse, agent)
    with at(2026, 12, 2):
        assert sweeps.run("recapitulatifs") == 0
    with at(2026, 12, 3):
        assert sweeps.run("recapitulatifs") == 1
    assert "depuis mardi" in body(mail_server)


def test_a_digest_days_late_says_everything_once(mail_server: MailServer) -> None:
    caisse, agent = setup()
    with at(2026, 12, 1, 12):
        gather(caisse, agent, "1")
    with at(2026, 12, 2, 12):
        gather(caisse, agent, "2")
    with at(2026, 12, 4, 15):
        assert sweeps.run("recapitulatifs") == 1
    assert len(mail_server.messages) == 1
    assert not Courriel.objects.filter(envoye_le__isnull=True).exists()


def test_a_mail_server_away_delays_the_digest(mail_server: MailServer) -> None:
    caisse, agent = setup()
    with at(2026, 12, 1, 12):
        gather(caisse, agent)
    mail_server.refuse = "450 later"
    with at(2026, 12, 2, 8):
        sweeps.run("recapitulatifs")
    mail_server.refuse = ""
    with at(2026, 12, 2, 9):
        assert sweeps.run("recapitulatifs") == 1
    assert len(mail_server.messages) == 1
