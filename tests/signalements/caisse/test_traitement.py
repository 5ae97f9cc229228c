"""The processing page and the acts it carries."""

import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.audit.models import Evenement
from portal.tenancy import scope
from portal.text import search_key
from signalements.enums import Statut
from signalements.models import Contact, Demande, Message, NoteInterne, Personne
from signalements.operations.suivi import add_note
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
NIR = "1 84 12 75 123 456 40"


def url(demande, page=""):
    return f"/espace-caisse/demandes/{demande.reference}/{page}"


def text_of(response):
    return response.content.decode()


def again(demande):
    return Demande.objects.get(pk=demande.pk)


def post_text(client, demande, page, texte, cle=None, **fields):
    prefix = {"note/": "note", "message/": "message"}[page]
    data = {f"{prefix}-texte": texte, f"{prefix}-cle": str(cle or uuid.uuid4()), **fields}
    return client.post(url(demande, page), data)


def test_each_view_is_in_the_journal(world):
    demande = world.demande()
    client = signed_in(world.agent)
    for page in ("", "complement/", "decision/", "rouvrir/"):
        client.get(url(demande, page))
    rows = Evenement.objects.filter(verbe="consultation", objet_id=demande.reference).order_by("le", "id")
    assert [(row.acteur_id, row.details["page"]) for row in rows] == [
        (world.agent.user.pk, page) for page in ("traitement", "complement", "decision", "rouvrir")
    ]


def test_every_page_about_a_demande_says_that_it_is_journaled():
    said = '{% include "signalements/caisse/_tracees.html" %}'
    folders = [
        Path(folder) for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "signalements")
    ]
    pages = {
        page.name: page.read_text(encoding="utf-8") for folder in folders for page in folder.rglob("*.html")
    }
    about = {
        name for name, text in pages.items() if '{% include "signalements/caisse/_entete.html" %}' in text
    }
    assert {"traitement.html", "complement.html", "decision.html"} <= about
    assert {name for name in about | {"pilotage.html"} if said not in pages[name]} == set()


def test_the_page_says_everything_and_its_title_names_nobody(world):
    demande = world.demande(Statut.EN_COURS)
    Personne.objects.filter(demande=demande).update(nom_naissance="Nomsecret")
    world.piece(demande)
    page = text_of(signed_in(world.agent).get(url(demande)))
    for words in (
        "Nomsecret",
        "12/03/1984",
        "Sans droits de base",
        "identite.pdf",
        "Jamais visible par le partenaire",
    ):
        assert words in page
    title = page[page.index("<title>") : page.index("</title>")]
    assert demande.reference in title
    assert "Nomsecret" not in title


def test_the_first_healthy_piece_is_shown_and_another_may_be_chosen(world):
    demande = world.demande()
    first, second = world.piece(demande), world.piece(demande, "domicile.pdf")
    world.piece(demande, "pas-envoyee.pdf", sent=False)
    client = signed_in(world.agent)
    assert client.get(url(demande)).context["piece"] == first
    chosen = client.get(f"{url(demande)}?piece={second.pk}")
    assert chosen.context["piece"] == second
    assert "pas-envoyee.pdf" not in text_of(chosen)
    assert client.get(f"{url(demande)}?piece={uuid.uuid4()}").context["piece"] == first


def test_the_cost_does_not_depend_on_what_the_demande_holds(world, django_assert_max_num_queries):
    client = signed_in(world.agent)
    bare, full = world.demande(Statut.EN_COURS), world.demande(Statut.EN_COURS)
    world.message(bare)
    for number in range(10):
        world.message(full, f"Message {number}")
    for number in range(3):
        world.piece(full, f"piece-{number}.pdf")
    client.get(url(bare))
    world.message(bare)
    costs = []
    for demande in (bare, full):
        with CaptureQueriesContext(connection) as captured:
            client.get(url(demande))
        # Savepoints stand for the transaction of a real request.
        reads = [q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        costs.append(len(reads))
    assert costs[0] == costs[1]
    assert costs[0] <= 12


def test_reading_the_thread_marks_the_structures_messages(world):
    demande = world.demande(Statut.EN_COURS)
    world.message(demande)
    client = signed_in(world.agent)
    assert client.get(url(demande)).context["unread"] == 1
    assert client.get(url(demande)).context["unread"] == 0


@pytest.mark.parametrize(
    ("statut", "fields", "expected"),
    [
        (Statut.ENVOYEE, {}, {"prendre", "complement", "decider", "reorienter", "message", "contact"}),
        (
            Statut.EN_COURS,
            {"mine": True},
            {"rendre", "complement", "decider", "reorienter", "message", "contact"},
        ),
        (Statut.EN_COURS, {}, {"complement", "decider", "reorienter", "message", "contact"}),
        (Statut.A_COMPLETER, {}, {"retirer", "message", "contact"}),
        (Statut.COMPLETEE, {}, {"reprendre", "complement", "decider", "reorienter", "message", "contact"}),
        (Statut.TRAITEE, {}, {"rouvrir", "message"}),
        (Statut.ANNULEE, {"envoyee_le": clock.now()}, set()),
    ],
)
def test_what_can_be_done_comes_from_the_table(world, statut, fields, expected):
    if fields.pop("mine", False):
        fields["assignee_a"] = world.agent.user
    response = signed_in(world.agent).get(url(world.demande(statut, **fields)))
    assert {name for name, possible in response.context["actions"].items() if possible} == expected


def test_taking_in_charge_from_the_page(world):
    demande = world.demande()
    response = signed_in(world.agent).post(url(demande, "prendre-en-charge/"), {"version": 1}, follow=True)
    assert "Vous avez pris cette demande en charge." in text_of(response)
    assert again(demande).assignee_a == world.agent.user


@pytest.mark.parametrize("version", ["0", "", "abc", "99999999999999999999", "-1", "2"])
def test_a_forged_or_old_version_is_refused(world, version):
    demande = world.demande()
    response = signed_in(world.agent).post(url(demande, "prendre-en-charge/"), {"version": version})
    assert response.status_code == 422
    assert "La demande a changé depuis que vous l’avez ouverte" in text_of(response)
    assert again(demande).statut == Statut.ENVOYEE


def test_a_forged_status_or_tenant_in_the_form_changes_nothing(world):
    demande = world.demande()
    forged = {"version": 1, "statut": "TRAITEE", "issue": "DROITS_OUVERTS", "caisse": world.autre_caisse.pk}
    signed_in(world.agent).post(url(demande, "prendre-en-charge/"), {**forged, "assignee_a": "1"})
    after = again(demande)
    assert (after.statut, after.issue, after.caisse) == (Statut.EN_COURS, "", world.caisse)


def test_a_note_is_written_and_the_structure_has_no_way_to_it(world):
    demande, cle = world.demande(Statut.EN_COURS), uuid.uuid4()
    client = signed_in(world.agent)
    for _ in range(2):
        response = post_text(client, demande, "note/", "Rappeler jeudi.", cle)
        assert response.url == f"{url(demande)}#notes"
    assert NoteInterne.objects.get().texte == "Rappeler jeudi."
    assert "Rappeler jeudi." in text_of(client.get(url(demande)))
    with scope("partenaire", world.structure.pk):
        assert not NoteInterne.objects.exists()


@pytest.mark.parametrize("chemin", ["note/", "message/"])
def test_a_nir_is_refused_and_counted_without_the_text(world, chemin):
    demande = world.demande(Statut.EN_COURS)
    response = post_text(signed_in(world.agent), demande, chemin, f"Son numéro est {NIR}")
    assert response.status_code == 422
    assert NIR in text_of(response)
    assert not NoteInterne.objects.exists()
    assert not Message.objects.exists()
    event = Evenement.objects.get(verbe="garde_fou")
    assert event.details == {"nature": "NIR", "suite": "refuse"}


def test_a_doubtful_text_asks_for_a_confirmation(world):
    demande, cle = world.demande(Statut.EN_COURS), uuid.uuid4()
    client = signed_in(world.agent)
    asked = post_text(client, demande, "message/", "Elle est enceinte.", cle)
    assert asked.status_code == 422
    assert "message-texte_confirme" in text_of(asked)
    confirmed = {"message-texte_confirme": "on"}
    assert post_text(client, demande, "message/", "Elle est enceinte.", cle, **confirmed).status_code == 302
    assert Message.objects.get().cote == "CAISSE"
    outcomes = list(Evenement.objects.filter(verbe="garde_fou").values_list("details__suite", flat=True))
    assert sorted(outcomes) == ["confirme", "signale"]


@pytest.mark.parametrize("texte", ["", "   ", "x" * 2001, "a\x00b"])
def test_a_text_that_cannot_be_kept_is_refused(world, texte):
    demande = world.demande(Statut.EN_COURS)
    assert post_text(signed_in(world.agent), demande, "note/", texte).status_code == 422
    assert not NoteInterne.objects.exists()


def test_each_page_draws_new_keys(world):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    found = re.compile(r'name="(note|message|contact)-cle" value="([0-9a-f-]{36})"')
    keys = [key for _ in range(2) for _, key in found.findall(text_of(client.get(url(demande))))]
    assert len(set(keys)) == 6


def test_a_form_without_its_key_is_refused(world):
    demande = world.demande(Statut.EN_COURS)
    response = signed_in(world.agent).post(url(demande, "note/"), {"note-texte": "Bonjour"})
    assert response.status_code == 422


def test_a_message_to_a_cancelled_demande_is_refused_and_kept(world):
    demande = world.demande(Statut.ANNULEE, envoyee_le=clock.now())
    response = post_text(signed_in(world.agent), demande, "message/", "Bonjour")
    assert response.status_code == 422
    assert "elle ne reçoit plus de message" in text_of(response)


def test_three_attempts_lead_to_injoignable(world):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.conseiller)
    for number in range(1, 4):
        data = {
            "contact-cle": str(uuid.uuid4()),
            "contact-canal": "TELEPHONE",
            "contact-resultat": "ABSENTE",
            "contact-note": "",
        }
        assert client.post(url(demande, "contact/"), data).status_code == 302
        page = text_of(client.get(url(demande)))
        assert (f"Tentative {number} sur 3" in page) == (number < 3)
    assert "vous pouvez rendre la décision «\u00a0Personne injoignable\u00a0»" in page
    assert Contact.objects.count() == 3


def test_a_contact_needs_a_channel_and_a_result(world):
    demande = world.demande(Statut.EN_COURS)
    data = {"contact-cle": str(uuid.uuid4()), "contact-canal": "PIGEON", "contact-resultat": ""}
    response = signed_in(world.conseiller).post(url(demande, "contact/"), data)
    assert response.status_code == 422
    assert set(response.context["contact_form"].errors) == {"canal", "resultat"}


def test_times_are_those_of_the_caisse(world):
    world.caisse.fuseau = "Indian/Reunion"
    world.caisse.save()
    demande = world.demande(Statut.EN_COURS)
    with clock.at(clock.now().replace(hour=22, minute=30)):
        add_note(actor=world.agent, demande_id=demande.pk, texte="Tard", cle=uuid.uuid4())
    assert "à 2\u00a0h\u00a030" in text_of(signed_in(world.agent).get(url(demande)))


@pytest.mark.parametrize(("resultat", "said"), [("ABSENTE", True), ("JOINTE", False)])
def test_attempts_are_counted_until_the_person_is_reached(world, resultat, said):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.conseiller)
    form = {"contact-canal": "TELEPHONE", "contact-resultat": resultat, "contact-cle": str(uuid.uuid4())}
    client.post(url(demande, "contact/"), form)
    assert ("avant «\u00a0Personne injoignable\u00a0»" in text_of(client.get(url(demande)))) is said


@pytest.mark.parametrize("page", ["", "complement/", "decision/"])
def test_every_page_of_a_demande_says_its_service_and_whom_it_is_about(world, page):
    demande = world.demande(Statut.EN_COURS)
    Personne.objects.filter(demande=demande).update(nom_naissance="Nomsecret", nom_usage="")
    head = (
        text_of(signed_in(world.agent).get(url(demande, page)))
        .partition("ep-page-head")[2]
        .partition("ep-meta")[0]
    )
    assert "Signalement · " in head
    assert "NOMSECRET, date de naissance\u00a0: 12/03/1984" in head


def test_reading_another_piece_changes_that_block_alone(world):
    demande = world.demande(Statut.EN_COURS)
    world.piece(demande)
    page = text_of(signed_in(world.agent).get(url(demande)))
    assert 'hx-target="#pieces" hx-select="#pieces"' in page


def test_the_other_demandes_of_the_person_are_one_click_away(world):
    first, second = world.demande(Statut.EN_COURS), world.demande(Statut.EN_COURS)
    names = {"nom_naissance": "Ben Orvane", "nom_usage": "", "prenom": "Noël"}
    for demande in (first, second):
        for personne in Personne.objects.filter(demande=demande):
            for name, value in names.items():
                setattr(personne, name, value)
            personne.nom_recherche, personne.prenom_recherche = search_key("Ben Orvane"), search_key("Noël")
            personne.save()
    client = signed_in(world.agent)
    words = re.search(r'name="q" value="([^"]+)"', text_of(client.get(url(first))))[1]
    assert words == "Ben Orvane Noël 12/03/1984"
    found = text_of(client.post("/espace-caisse/file/recherche/", {"q": words}, follow=True))
    assert first.reference in found
    assert second.reference in found
