"""The pages of a dossier on both sides, without a browser: what they show, what they keep, what they refuse."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caisses.enums import ListeMotifs
from caisses.models import Motif
from signalements.enums import Issue, Statut
from signalements.models import Brouillon, Demande, PieceJointe
from tests.fixtures.signing_in import sign_in
from tests.signalements.dossier.conftest import day, membre, situation
from tests.signalements.partner.conftest import personne

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def tech(monde):
    """A client signed in as the technicien."""
    return sign_in(Client(), monde.technicien.user)


@pytest.fixture
def agent(monde):
    """A client signed in as the agent."""
    return sign_in(Client(), monde.agent.user)


def step(demande, etape):
    """The address of a step."""
    return reverse("signalements:etape", args=[demande.reference, etape])


def page(name, demande):
    """An address of a demande."""
    return reverse(name, args=[demande.reference])


def test_members_are_added_and_taken_away_by_a_button_and_nothing_is_lost(monde, tech):
    demande = monde.draft()
    typed = {**membre(nom="", naissance=None), "m1_naissance_annee": "20"}
    answer = tech.post(step(demande, "foyer"), {**typed, "action": "ajouter_membre"})
    assert answer["Location"].endswith("#membre-2")
    shown = tech.get(step(demande, "foyer")).content.decode()
    assert 'value="Camille"' in shown
    assert 'value="20"' in shown
    assert 'name="m2_prenom"' in shown
    kept = Brouillon.objects.get(demande=demande).donnees["foyer"]
    two = {**typed, "membres": ["1", "2"], "m2_prenom": "Louise"}
    tech.post(step(demande, "foyer"), {**two, "action": "retirer_membre-1"})
    kept = Brouillon.objects.get(demande=demande).donnees["foyer"]
    assert kept["membres"] == ["2"]
    assert kept["m2_prenom"] == ["Louise"]
    assert "m1_prenom" not in kept


def test_a_member_that_is_not_complete_is_said_beside_its_fields(monde, tech):
    answer = tech.post(step(monde.draft(), "foyer"), {**membre(naissance=None), "action": "continuer"})
    assert answer.status_code == 422
    assert "Saisissez la date de naissance" in answer.content.decode()


def test_the_household_step_is_there_for_css_only_where_it_means_something(monde, tech):
    css, puma = monde.draft(), monde.draft("PUMA")
    assert tech.get(step(css, "foyer")).status_code == 200
    assert tech.get(step(puma, "foyer")).status_code == 404


def test_the_checklist_is_kept_and_refused_together(monde, tech):
    demande = monde.draft(pieces=("FORMULAIRE_CSS",), liste={})
    answer = tech.post(step(demande, "pieces"), {"action": "continuer", "etat_AVIS_FISCAL": ""})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "ou indiquez pourquoi cette pièce manque" in text
    assert 'name="formulaire_complet"' in text
    said = {"action": "continuer", "etat_AVIS_FISCAL": "M:PERDUE", "formulaire_complet": "on"}
    assert tech.post(step(demande, "pieces"), said).status_code == 302
    check = tech.get(step(demande, "verification")).content.decode()
    assert "Pièces jointes\u00a0: 1 sur 2" in check
    assert "Des pièces manquent" in check


def test_the_form_to_sign_that_is_not_joined_is_said_at_its_own_line(monde, tech):
    demande = monde.draft(pieces=("AVIS_FISCAL",), liste={})
    text = tech.post(step(demande, "pieces"), {"action": "continuer"}).content.decode()
    assert 'href="#id_formulaire_complet">Joignez' in text


def test_the_errors_of_a_situation_follow_the_page(monde, tech):
    answer = tech.post(step(monde.draft(), "situation"), {"action": "continuer"}).content.decode()
    summary = answer[answer.index('id="erreurs"') : answer.index("ep-stepper")]
    assert (
        summary.index("Droit demandé") < summary.index("Adresse ou domiciliation") < summary.index("informée")
    )


def test_a_first_ame_request_is_prepared_without_joining_anything(monde, tech):
    demande = monde.draft("AME", liste={})
    PieceJointe.objects.filter(demande=demande).delete()
    answer = tech.post(step(demande, "pieces"), {"action": "continuer"})
    assert answer["Location"] == step(demande, "verification")
    text = tech.get(answer["Location"]).content.decode()
    assert "À apporter" in text
    assert "Il manque des réponses" not in text


def test_the_check_page_advises_and_never_says_that_a_dossier_is_complete(monde, tech):
    soon = day("fin_droits", monde.caisse.today())
    demande = monde.draft(
        "CSS", "RENOUVELLEMENT", situation=situation(droit="CSS", nature="RENOUVELLEMENT", **soon)
    )
    text = tech.get(step(demande, "verification")).content.decode()
    assert "Rupture de droits imminente" in text
    assert "dossier est complet" not in text.replace("dit si le dossier est complet", "")
    assert "Envoyer la demande à la caisse" in text


def test_a_first_ame_request_shows_its_preparation_and_no_button(monde, tech):
    demande = monde.draft("AME")
    text = tech.get(step(demande, "verification")).content.decode()
    assert "Envoyer la demande à la caisse" not in text
    assert page("dossier:preparation", demande) in text
    forged = tech.post(step(demande, "verification"))
    assert forged.status_code == 422
    assert Demande.objects.get(pk=demande.pk).statut == Statut.BROUILLON
    pdf = tech.get(page("dossier:preparation", demande))
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")


def test_the_exception_is_asked_and_kept_for_a_first_ame_request_only(monde, tech):
    said = situation(droit="AME", nature="RENOUVELLEMENT", exception="MINEUR_ISOLE")
    demande = monde.draft("AME", "RENOUVELLEMENT", situation=said)
    text = tech.get(step(demande, "situation")).content.decode()
    assert 'data-ep-reveal="droit=AME&amp;nature=PREMIERE"' in text
    assert "Exception au dépôt" not in tech.get(step(demande, "verification")).content.decode()


def test_both_sides_read_the_count_the_legal_limit_and_the_periods(monde, tech, agent):
    demande = monde.sent(liste={"formulaire_complet": "on"})
    for client, name in ((tech, "signalements:demande"), (agent, "signalements:traitement")):
        text = client.get(page(name, demande)).content.decode()
        assert "Pièces\u00a0: 2 sur 2" in text
        assert "Délai légal" in text
        assert "Période 1" in text
    assert "Pièces 2/2" in agent.get(reverse("signalements:file")).content.decode()


def test_the_pages_of_a_dossier_make_few_queries(monde, tech, agent):
    demande = monde.sent(
        foyer=membre(), liste={"formulaire_complet": "on", "etat_COMPOSITION_FOYER": "M:PERDUE"}
    )
    monde.complete(demande, monde.give_back(demande))
    for client, name in ((tech, "signalements:demande"), (agent, "signalements:traitement")):
        client.get(page(name, demande))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page(name, demande)).status_code == 200
        reads = [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "WITH"))]
        assert len(reads) <= MOST, "\n".join(reads)


def test_the_agent_checks_pieces_then_returns_what_was_found_wrong(monde, tech, agent):
    demande = monde.sent()
    piece = monde.pieces(demande)["AVIS_FISCAL"]
    data = {f"controle_{piece.pk}": "MANQUANTE", f"observation_{piece.pk}": "année 2025"}
    assert agent.post(page("dossier:controler", demande), data).status_code == 302
    form = agent.get(page("signalements:complement", demande)).content.decode()
    assert "Retourner pour incomplétude" in form
    assert "année 2025" in form
    assert "délai sera suspendu" not in form
    assert "année 2025" not in tech.get(page("signalements:demande", demande)).content.decode()


def test_a_finding_other_is_said_and_what_was_typed_is_kept(monde, agent):
    demande = monde.sent()
    pieces = monde.pieces(demande)
    other, fine = pieces["AVIS_FISCAL"].pk, pieces["FORMULAIRE_CSS"].pk
    data = {f"controle_{other}": "AUTRE", f"controle_{fine}": "CONFORME"}
    answer = agent.post(page("dossier:controler", demande), data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Dites ce qui ne va pas" in text
    assert '<option value="CONFORME" selected>' in text


def test_a_decision_is_read_on_both_sides_with_its_remedy(monde, tech, agent):
    demande = monde.sent()
    today = monde.caisse.today()
    data = {
        "issue": "ACCORD",
        "version": demande.version,
        **day("decidee_le", today),
        **day("effet_le", today),
        **day("fin_le", today.replace(year=today.year + 1)),
        "participation": "sans",
        "recours": "Par courrier, dans les deux mois.",
        "commentaire": "",
    }
    wrong = agent.post(
        page("signalements:decision", demande), {**data, **day("fin_le", today.replace(year=2025))}
    )
    assert wrong.status_code == 422
    assert "prend fin avant" in wrong.content.decode()
    assert agent.post(page("signalements:decision", demande), data).status_code == 302
    assert monde.read(demande).issue == Issue.ACCORD
    text = tech.get(page("signalements:demande", demande)).content.decode()
    assert "Sans participation" in text
    assert "dans les deux mois" not in text


def test_another_kind_and_another_draft_are_not_found(monde, tech, agent):
    other = monde.sent()
    assert tech.get(page("dossier:preparation", other)).status_code == 404
    assert agent.post(page("dossier:controler", monde.draft("PUMA"))).status_code == 404


def test_no_double_is_hinted_at_before_the_right_is_known(monde, tech):
    monde.sent("PUMA")
    unknown = monde.draft(situation={})
    shown = tech.post(page("signalements:doublons", unknown), personne()).content.decode()
    assert "PUMa" not in shown


def test_the_remedy_is_said_of_a_refusal_only(agent, monde):
    demande = monde.sent()
    address = f"/espace-caisse/demandes/{demande.reference}/decision/"
    refusal = Motif.objects.get(liste=ListeMotifs.REFUS, code="PLAFOND")
    today = day("decidee_le", monde.caisse.today())
    said = {"version": demande.version, "recours": "Par courrier.", "action": "apercu", **today}
    refused = agent.post(address, {**said, "issue": "REFUS", "motif_refus": refusal.pk})
    assert ("Voies de recours", "Par courrier.") in refused.context["apercu"]
    closed = agent.post(address, {**said, "issue": "SANS_SUITE"})
    assert "Voies de recours" not in dict(closed.context["apercu"])
