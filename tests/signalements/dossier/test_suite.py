"""What comes after a dossier: the renewal of the right it opened, the bordereau navette."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from caisses.models import TypePiece
from portal import clock
from portal.courriels.models import Courriel
from signalements.enums import Statut
from signalements.kinds.dossier.models import Dossier
from signalements.kinds.dossier.operations.renouvellement import start_renewal
from signalements.kinds.dossier.queries import months_before
from signalements.models import Brouillon
from tests.fixtures.signing_in import sign_in
from tests.permissions.world import piece
from tests.signalements.dossier.conftest import day, membre
from tests.signalements.dossier.test_instruction import granted

pytestmark = pytest.mark.django_db
LISTE = {"formulaire_complet": "on", "etat_COMPOSITION_FOYER": "N:DEJA_CONNUE"}


@pytest.fixture
def tech(monde):
    """A client signed in as the technicien."""
    return sign_in(Client(), monde.technicien.user)


@pytest.fixture
def accorde(monde):
    """A CSS dossier granted for a year, for a household of two."""
    return monde.decide(monde.sent(foyer=membre(), liste=LISTE), granted(monde))


def sweep(at):
    """The sweep on that day and until three days later: it speaks on jours ouvrés."""
    for more in range(4):
        call_command("sweep", "droits_a_renouveler", at=f"{at + timedelta(days=more)}T10:00:00", verbosity=0)


def mails():
    return Courriel.objects.filter(evenement="droit_a_renouveler")


def test_a_right_that_ends_is_recalled_four_then_two_months_before_once_each(monde, accorde):
    fin = accorde.dossier.fin_le
    sweep(months_before(fin, 4) - timedelta(days=10))
    assert not mails().exists()
    sweep(months_before(fin, 4))
    sweep(months_before(fin, 4))
    assert mails().count() == 1
    sweep(months_before(fin, 2))
    assert mails().count() == 2
    assert Dossier.objects.get(pk=accorde.pk).prochain_rappel_le is None
    mail = mails().first()
    said = f"{mail.donnees} {mail.lien}".lower()
    assert "fictive" not in said


def test_reminders_that_passed_together_are_one(monde, accorde):
    sweep(months_before(accorde.dossier.fin_le, 1))
    assert mails().count() == 1


def test_the_home_lists_it_and_one_click_starts_the_renewal(monde, accorde, tech):
    assert "Droits à renouveler" not in tech.get("/").content.decode()
    Dossier.objects.filter(pk=accorde.pk).update(rappele_le=clock.now())
    assert "Droits à renouveler" in tech.get("/").content.decode()
    address = reverse("dossier:renouveler", args=[accorde.reference])
    first, second = tech.post(address), tech.post(address)
    assert first["Location"] == second["Location"]
    brouillon = Brouillon.objects.get(demande__reference=first["Location"].split("/")[-3])
    assert brouillon.donnees["personne"]["prenom"] == ["Jeanne"]
    assert brouillon.donnees["foyer"]["m1_prenom"] == ["Camille"]
    assert brouillon.donnees["situation"]["nature"] == ["RENOUVELLEMENT"]


def test_a_renewal_sent_closes_the_reminder(monde, accorde, tech):
    Dossier.objects.filter(pk=accorde.pk).update(rappele_le=clock.now())
    draft = start_renewal(membership=monde.technicien, reference=accorde.reference)
    agreed = {"aide_remplissage": "on", "information_donnee": "on", "accord_recueilli": "on"}
    agreed |= {"accord_mode": "PRESENCE", **day("accord_le", clock.today())}
    monde.save(draft, "situation", {**draft.brouillon.donnees["situation"], **agreed})
    monde.save(draft, "pieces", {**LISTE, "etat_AVIS_FISCAL": "M:PERDUE"})
    piece(draft, TypePiece.objects.get(code="FORMULAIRE_CSS"))
    sent = monde.send(draft)
    assert sent.statut == Statut.ENVOYEE
    assert sent.dossier.origine_id == accorde.pk
    assert Dossier.objects.get(pk=accorde.pk).renouvelee
    assert "Droits à renouveler" not in tech.get("/").content.decode()


def test_only_a_right_that_ends_is_renewed(monde, tech):
    demande = monde.sent()
    tech.post(reverse("dossier:renouveler", args=[demande.reference]))
    assert not Brouillon.objects.exists()


# --- Bordereau navette


def ask(tech, monde, start, end):
    data = {**day("du", start), **day("au", end), "caisse": monde.caisse.code, "type": ""}
    return tech.get(reverse("dossier:navette"), data)


def test_the_bordereau_lists_what_was_sent_without_names(monde, tech, monkeypatch):
    demande = monde.sent()
    drawn = {}
    monkeypatch.setattr(
        "signalements.kinds.dossier.views.navette.render_pdf",
        lambda template, context: drawn.update(context) or b"%PDF",
    )
    today = monde.caisse.today()
    assert ask(tech, monde, today, today)["Content-Type"] == "application/pdf"
    (line,) = drawn["lignes"]
    assert (line.reference, line.initiales, line.pieces) == (demande.reference, "J. F.", "2/2")
    assert len(drawn["codes"]) == 1


def test_a_period_without_dossiers_or_upside_down_is_said(monde, tech):
    today = monde.caisse.today()
    empty = ask(tech, monde, today, today)
    assert empty.status_code == 422
    assert "Aucun dossier" in empty.content.decode()
    wrong = ask(tech, monde, today, today - timedelta(days=1))
    assert wrong.status_code == 422
    assert "vient après son début" in wrong.content.decode()


def test_a_right_is_renewed_from_the_page_of_its_dossier_too(accorde, tech):
    text = tech.get(reverse("signalements:demande", args=[accorde.reference])).content.decode()
    assert reverse("dossier:renouveler", args=[accorde.reference]) in text


def test_a_bordereau_too_long_is_said(monde, accorde, tech, monkeypatch):
    for module in ("queries", "views.navette"):
        monkeypatch.setattr(f"signalements.kinds.dossier.{module}.MOST_NAVETTE", 0)
    today = monde.caisse.today()
    answer = ask(tech, monde, today, today)
    assert answer.status_code == 422
    assert "plus courte" in answer.content.decode()
