"""The pages of both sides: what they show, what they refuse with what was typed kept, how many queries they make."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from portal import clock
from signalements.kinds.rendez_vous.models import Horaire
from signalements.kinds.rendez_vous.operations.fixing import fix_date, propose_dates
from signalements.models import Brouillon, Message
from signalements.operations.suivi import post_message_caisse
from signalements.queries.partner import Filtres, list_page
from signalements.queries.partner_counts import tab_counts, to_do_count
from tests.rendez_vous.conftest import (
    CAISSE,
    PARTENAIRE,
    again,
    agence,
    draft,
    fixe,
    jour_ouvre,
    quand,
    signed_in,
    situation,
    url,
)

pytestmark = pytest.mark.django_db
MOST = 14


def proposed(monde):
    demande = monde.rdv()
    dates = [quand(monde.caisse, 3), quand(monde.caisse, 4)]
    return demande, propose_dates(actor=monde.agent, demande_id=demande.pk, dates=dates, version=1)


def posted(monde, **changes):
    day = jour_ouvre(monde.caisse).isoformat()
    return {"type": "TELEPHONE", "duree": "30", "jour_1": day, "heure_1": "10:00", "version": "1", **changes}


def test_the_card_of_the_service_and_its_draft(monde):
    client = signed_in(monde.technicien)
    assert "Demander un rendez-vous pour un assuré" in client.get("/").content.decode()
    demande = draft(monde)
    page = client.get(f"{PARTENAIRE}{demande.reference}/etape/situation/").content.decode()
    assert "Quand la personne est-elle disponible" in page
    check = client.get(f"{PARTENAIRE}{demande.reference}/etape/verification/").content.decode()
    assert "le matin" in check
    assert "Première date proposée sous 3\u00a0jours ouvrés" in check
    assert client.post(f"{PARTENAIRE}{demande.reference}/etape/verification/").status_code in {302, 422}


def test_a_wrong_step_keeps_what_was_typed(monde):
    client, demande = signed_in(monde.technicien), draft(monde)
    step = f"{PARTENAIRE}{demande.reference}/etape/situation/"
    wrong = {**situation(monde, telephone="", precision="À garder"), "action": "continuer"}
    response = client.post(step, wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert "la caisse l’appelle" in page
    assert "À garder" in page


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"telephone": ""}, "telephone", "la caisse l’appelle"),
        ({"disponibilite_1_du": "2020-01-06"}, "disponibilite_1", "déjà passé"),
        ({"type": "PHYSIQUE", "agence": "FERMEE"}, "agence", "Choisissez"),
        ({"motif": "INCONNU"}, "motif", "Choisissez"),
    ],
)
def test_an_impossible_wish_is_refused_beside_its_field_and_the_rest_is_kept(monde, changes, field, said):
    closed = agence(monde.caisse, "Agence fermée", active=False)
    client, demande = signed_in(monde.technicien), draft(monde)
    step = f"{PARTENAIRE}{demande.reference}/etape/situation/"
    assert "Agence fermée" not in client.get(step).content.decode()
    given = {name: str(closed.pk) if value == "FERMEE" else value for name, value in changes.items()}
    wrong = client.post(step, {**situation(monde, precision="À garder"), **given, "action": "continuer"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, [field])
    page = wrong.content.decode()
    assert said in page
    assert "À garder" in page
    kept = Brouillon.objects.get(demande=demande).donnees["situation"]
    assert kept["precision"] == ["À garder"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"jour_1": "2020-01-06"}, "jour_1"),
        ({"type": "PHYSIQUE", "agence": "FERMEE"}, "agence"),
        ({"type": "PHYSIQUE", "agence": ""}, "agence"),
        ({"type": "TELEPHONE"}, "type"),
        ({"heure_1": "25:00"}, "heure_1"),
    ],
)
def test_an_impossible_date_of_the_caisse_is_refused_beside_its_field(monde, changes, field):
    closed = agence(monde.caisse, "Agence fermée", active=False)
    silent = {"personne": {"telephone": ""}} if changes.get("type") == "TELEPHONE" else {}
    demande, client = monde.rdv(**silent), signed_in(monde.agent)
    given = {name: str(closed.pk) if value == "FERMEE" else value for name, value in changes.items()}
    for act in ("proposer", "fixer"):
        wrong = client.post(url(act, demande), posted(monde, **{"commentaire": "À garder", **given}))
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, [field]), act
    assert "À garder" in wrong.content.decode()
    assert not Horaire.objects.filter(demande=demande).exists()


def test_the_structure_reads_the_dates_and_takes_one(monde):
    demande, (first, _) = proposed(monde)
    client = signed_in(monde.technicien)
    page = client.get(f"{PARTENAIRE}{demande.reference}/").content.decode()
    assert "Dates proposées par la caisse" in page
    assert "de 10\u00a0h à 10\u00a0h\u00a030" in page
    assert "Une pièce d’identité" in page
    assert client.post(url("accepter", demande), {"date": first.pk}).status_code == 302
    page = client.get(f"{PARTENAIRE}{demande.reference}/").content.decode()
    assert "01\u00a099\u00a000\u00a002\u00a051" in page
    assert "Reporter le rendez-vous" in page
    refused = client.post(url("accepter", demande), {"date": "x"})
    assert refused.status_code == 422


def test_other_dates_are_asked_and_a_stale_page_keeps_the_text(monde):
    demande, _ = proposed(monde)
    client = signed_in(monde.technicien)
    form = {
        "disponibilite_1_du": jour_ouvre(monde.caisse).isoformat(),
        "disponibilite_1_moment": "JOURNEE",
        "raison": "À garder",
    }
    stale = client.post(url("refuser", demande), {**form, "version": "1"})
    assert stale.status_code == 422
    assert "À garder" in stale.content.decode()
    done = client.post(url("refuser", demande), {**form, "version": again(demande).version})
    assert done.status_code == 302
    page = signed_in(monde.agent).get(f"{CAISSE}{demande.reference}/").content.decode()
    assert "À garder" in page


def test_the_caisse_proposes_and_sees_why_it_is_refused(monde):
    demande, client = monde.rdv(), signed_in(monde.agent)
    assert "Les disponibilités de la personne" in client.get(url("proposer", demande)).content.decode()
    past = client.post(url("proposer", demande), posted(monde, jour_1="2020-01-06"))
    assert past.status_code == 422
    assert "déjà passé" in past.content.decode()
    half = client.post(url("proposer", demande), posted(monde, jour_2="2027-01-05"))
    assert "heure_2" in half.context["form"].errors
    assert client.post(url("proposer", demande), posted(monde)).status_code == 302
    stale = client.post(url("proposer", demande), posted(monde))
    assert stale.status_code == 422


def test_the_caisse_fixes_moves_and_says_whether_the_person_came(monde):
    demande, client = monde.rdv(), signed_in(monde.agent)
    assert client.post(url("fixer", demande), posted(monde)).status_code == 302
    page = client.get(f"{CAISSE}{demande.reference}/").content.decode()
    assert "Déplacer le rendez-vous" in page
    version = again(demande).version
    early = client.post(url("presence", demande), {"presence": "HONORE", "version": version})
    assert early.status_code == 422
    Horaire.objects.filter(demande=demande).update(
        debut=clock.now() - timedelta(hours=2), fin=clock.now() - timedelta(hours=1)
    )
    assert "Rendez-vous non honoré" in client.get(f"{CAISSE}{demande.reference}/").content.decode()
    done = client.post(url("presence", demande), {"presence": "ABSENT", "version": version})
    assert done.status_code == 302
    assert again(demande).issue == "ABSENT"


def test_the_bar_leads_to_the_next_act_and_the_chronology_tells_the_steps(monde):
    client, demande = signed_in(monde.agent), monde.rdv()
    page = client.get(f"{CAISSE}{demande.reference}/")
    assert page.context["suivant"].acte.libelle == "Proposer des dates"
    dates = [quand(monde.caisse, 3)]
    horaire = propose_dates(actor=monde.agent, demande_id=demande.pk, dates=dates, version=1)[0]
    waiting = client.get(f"{CAISSE}{demande.reference}/")
    assert waiting.context["suivant"].acte.url == "#rendez-vous"
    signed_in(monde.technicien).post(url("accepter", demande), {"date": horaire.pk})
    told = signed_in(monde.technicien).get(f"{PARTENAIRE}{demande.reference}/").context["lignes"]
    own = [line.titre for line in told if line.nature == "genre"]
    assert own == ["Dates de rendez-vous proposées", "Date de rendez-vous fixée"]
    steps = client.get(f"{CAISSE}{demande.reference}/").context["etapes"]
    assert [step.titre for step in steps][-1] == "Date de rendez-vous fixée"


def test_a_demande_of_another_kind_has_no_appointment(monde):
    from tests import factories as f

    saisine = f.demande(monde.convention, monde.technicien.user, statut="EN_COURS")
    assert signed_in(monde.agent).get(url("proposer", saisine)).status_code == 404
    assert signed_in(monde.technicien).get(url("refuser", saisine)).status_code == 404


def test_the_file_for_a_calendar_names_nobody(monde):
    demande = monde.rdv()
    assert signed_in(monde.technicien).get(url("fichier_partenaire", demande)).status_code == 404
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse), version=1)
    for member, side in ((monde.technicien, "partenaire"), (monde.agent, "caisse")):
        response = signed_in(member).get(url(f"fichier_{side}", demande))
        assert response["Content-Type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert event["summary"] == f"Rendez-vous {demande.reference}"
        assert event["location"] == "Par téléphone"
        assert event.decoded("dtstart") == fixe(demande).debut
        assert b"fictive" not in response.content.lower()


@pytest.mark.parametrize("side", ["partenaire", "caisse"])
def test_the_page_makes_few_queries_whatever_happened(monde, side):
    demande, _ = proposed(monde)
    client = signed_in(monde.technicien if side == "partenaire" else monde.agent)
    page = f"{PARTENAIRE if side == 'partenaire' else CAISSE}{demande.reference}/"
    client.get(page)
    counts = []
    for days in (5, 6, 7):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page)
        counts.append(len([q for q in queries if q["sql"].startswith("SELECT")]))
        fix_date(
            actor=monde.agent,
            demande_id=demande.pk,
            quand=quand(monde.caisse, days),
            version=again(demande).version,
        )
    assert counts[1] <= counts[0] <= MOST
    assert counts[2] == counts[1]


def test_dates_that_wait_for_an_answer_stand_on_the_home_and_above_the_list(monde):
    client = signed_in(monde.technicien)
    assert "Rien n’attend votre réponse" in client.get("/").content.decode()
    demande, (first, _) = proposed(monde)
    link = f'href="{PARTENAIRE}{demande.reference}/">Choisir une date'
    home = client.get("/").content.decode()
    assert link in home
    assert "Rien n’attend votre réponse" not in home
    assert link in client.get("/espace-partenaire/rendez-vous/").content.decode()
    # The badge of the menu, the tab and its rows count it too; an unread message on it does not count it twice.
    assert (to_do_count(monde.technicien), tab_counts(monde.technicien)["a-faire"]) == (1, 1)
    post_message_caisse(actor=monde.agent, demande_id=demande.pk, texte="Bonjour", cle=uuid.uuid4())
    assert to_do_count(monde.technicien) == 1
    assert [row.pk for row in list_page(monde.technicien, "a-faire", Filtres()).rows] == [demande.pk]
    Message.objects.update(lu_le=clock.now())
    assert [row.pk for row in list_page(monde.technicien, "a-faire", Filtres()).rows] == [demande.pk]
    client.post(url("accepter", demande), {"date": first.pk})
    assert link not in client.get("/").content.decode()
    assert to_do_count(monde.technicien) == 0


def test_a_booked_slot_is_not_said_to_wait_for_dates(monde):
    client, demande = signed_in(monde.technicien), monde.rdv()
    type(demande).objects.filter(pk=demande.pk).update(promesse_tenue_le=clock.now())
    page = client.get(f"{PARTENAIRE}{demande.reference}/confirmation/").content.decode()
    assert "Le créneau est réservé" in page
    assert "Réponse attendue" not in page
