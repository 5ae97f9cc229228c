"""A mail leaves once: whatever fails, whoever is killed, however many workers there are."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.enums import Profil
from portal import clock, sweeps
from portal.courriels.models import Courriel
from portal.courriels.outbox import queue
from portal.courriels.sending import BACK_OFF
from portal.courriels.types import type_of
from portal.embedded.layout import PROJECT
from portal.tenancy import scope
from tests import factories
from tests.fixtures.smtp import MailServer

REFERENCE = "EP-251-7K3M2-42"


def queue_one(cle: str = "1", **options: Any) -> None:
    """One mail to a team."""
    given = {"equipe": "mas@cpam.example", "reference": REFERENCE, "lien": "/espace-caisse/x/", **options}
    queue(type_of("demande_recue"), cle=cle, donnees={"echeance": "2026-12-01"}, **given)


@pytest.mark.django_db
def test_a_mail_is_plain_text_and_html_without_anything_on_anybody(
    mail_server: MailServer, settings: Any
) -> None:
    settings.SITE_URL = "https://portail.example"
    queue_one()
    assert sweeps.run("courriels") == 1
    (mail,) = mail_server.messages
    assert (
        mail["Subject"].strip()
        == f"[Espace Partenaires] {REFERENCE}\u00a0: une demande est à prendre en charge"
    )
    assert mail["To"] == "mas@cpam.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is None
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "au plus tard le mardi 1er décembre 2026" in text
    assert "https://portail.example/espace-caisse/x/" in text
    assert "Ne répondez pas à ce message" in text
    assert "&" not in text
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<a href="https://portail.example/espace-caisse/x/">' in html
    assert "<img" not in html
    assert not list(mail.iter_attachments())


@pytest.mark.django_db
def test_a_mail_that_left_never_leaves_again(mail_server: MailServer) -> None:
    queue_one()
    for _ in range(3):
        sweeps.run("courriels")
        queue_one()
    assert len(mail_server.messages) == 1


@pytest.mark.django_db
def test_an_account_inactivated_since_gets_nothing(mail_server: MailServer) -> None:
    agent = factories.utilisateur(Profil.AGENT, factories.caisse())
    queue(type_of("demande_attribuee"), cle="1", destinataires=[agent], reference=REFERENCE)
    agent.is_active, agent.inactive_le = False, clock.now()
    agent.save()
    sweeps.run("courriels")
    assert mail_server.messages == []
    assert Courriel.objects.get().abandonne_le is not None


@pytest.mark.django_db
def test_a_server_away_is_tried_again_later_and_finally_given_up(mail_server: MailServer) -> None:
    mail_server.stop()
    queue_one("1")
    queue_one("2")
    sweeps.run("courriels")
    # The second mail was not tried: it would have failed as well.
    assert sorted(Courriel.objects.values_list("essais", flat=True)) == [0, 1]
    Courriel.objects.filter(essais=0).delete()
    moment = clock.now()
    for wait in BACK_OFF:
        with clock.at(moment):
            assert sweeps.run("courriels") == 0
        moment += wait + timedelta(seconds=1)
        assert Courriel.objects.get().abandonne_le is None
        with clock.at(moment):
            sweeps.run("courriels")
    row = Courriel.objects.get()
    assert row.abandonne_le is not None
    assert row.erreur == "ConnectionRefusedError"


@pytest.mark.django_db
def test_a_refused_recipient_is_given_up_at_once_and_holds_nobody_back(mail_server: MailServer) -> None:
    queue_one("1")
    mail_server.refuse = "550 nobody here"
    sweeps.run("courriels")
    mail_server.refuse = ""
    queue_one("2")
    sweeps.run("courriels")
    assert len(mail_server.messages) == 1
    given_up = Courriel.objects.get(abandonne_le__isnull=False)
    assert given_up.erreur == "SMTPRecipientsRefused"


@pytest.mark.django_db
def test_a_recipient_refused_for_now_is_tried_again(mail_server: MailServer) -> None:
    queue_one()
    mail_server.refuse = "450 come back"
    sweeps.run("courriels")
    mail_server.refuse = ""
    with clock.at(clock.now() + BACK_OFF[0]):
        sweeps.run("courriels")
    assert len(mail_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(mail_server: MailServer, alone: None) -> None:
    with transaction.atomic():
        for number in range(40):
            queue_one(str(number))

    def work() -> None:
        with scope("systeme"):
            sweeps.run("courriels")
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [mail["Message-ID"] for mail in mail_server.messages]
    assert (len(ids), len(set(ids))) == (40, 40)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_loses_nothing(mail_server: MailServer, alone: None) -> None:
    """The mail the server had just taken may come twice, with the same Message-ID; no other does, none is lost."""
    with transaction.atomic():
        for number in range(3):
            queue_one(str(number))
    mail_server.hold.clear()
    process = start_sweep(mail_server)
    taken = mail_server.taken.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert taken
    mail_server.hold.set()
    sweeps.run("courriels")
    ids = [mail["Message-ID"] for mail in mail_server.messages]
    assert len(set(ids)) == 3
    assert len(ids) <= 4
    with transaction.atomic():
        assert not Courriel.objects.filter(envoye_le__isnull=True).exists()


def start_sweep(mail_server: MailServer) -> "subprocess.Popen[bytes]":
    """The sweep of the mails in a process of its own, on this test's database and mail server."""
    name = connection.settings_dict["NAME"]
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "sweep", "courriels"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database, "EMAIL_URL": mail_server.url},
    )
