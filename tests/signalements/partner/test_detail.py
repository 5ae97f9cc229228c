"""One demande: what the structure reads, writes, completes and cancels."""

import re
import uuid
from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Profil
from caisses.models import Motif, TypePiece
from partners.models import Convention
from portal import clock
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.reference import new_reference
from signalements.enums import Statut
from signalements.models import (
    Complement,
    Contact,
    Demande,
    ElementComplement,
    Message,
    NoteInterne,
    Passage,
)
from signalements.operations.door import change_status
from tests import factories as f
from tests.documents.conftest import pdf
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, url
from tests.signalements.partner.test_accueil import message_of_caisse

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande(monde):
    """A demande in charge."""
    return f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)


@pytest.fixture
def agent(monde):
    """An agent of the caisse."""
    return f.membership(Profil.AGENT, monde.doubs)


@pytest.fixture
def complement(monde, demande, agent):
    """A complément of two items: a pièce and an information."""
    with transaction.atomic():
        change_status(demande, Statut.A_COMPLETER, actor=agent)
    tenant = {"demande": demande, "caisse": monde.doubs, "partenaire": monde.valbrume}
    row = Complement.objects.create(
        **tenant, message="Merci de compléter.", demande_le=clock.now(), demande_par=agent.user
    )
    identite = TypePiece.objects.get(code="identite")
    ElementComplement.objects.create(
        **tenant,
        complement=row,
        type_piece=identite,
        libelle="Pièce d'identité",
        raison=Motif.objects.get(code="ILLISIBLE"),
    )
    ElementComplement.objects.create(**tenant, complement=row, libelle="Adresse actuelle")
    return row


def elements(complement):
    piece, texte = complement.elements.order_by("pk")
    return piece, texte


def answer(complement, **changes):
    piece, texte = elements(complement)
    return {
        "complement": complement.pk,
        f"absence_{piece.pk}": "PERDUE",
        f"texte_{texte.pk}": "12 rue Fictive",
        "message": "",
        **changes,
    }


def test_the_page_shows_the_demande_and_is_journaled(tech, monde, demande):
    text = tech.get(url("demande", demande)).text
    assert demande.reference in text
    assert "En cours de traitement" in text
    assert "Jeanne FICTIVE" in text
    row = Evenement.objects.get(verbe="consultation")
    assert (row.objet_id, row.acteur_id) == (demande.reference, monde.technicien.pk)


def test_what_happened_is_narrowed_to_messages_steps_or_files_and_says_what_was_read(tech, monde, demande):
    for rank in range(4):
        message_of_caisse(demande, cle=uuid.uuid4(), lu_le=clock.now() if rank else None)
    Message.objects.filter(lu_le__isnull=False).update(cote="PARTENAIRE")

    def lines(**query):
        return tech.get(url("demande", demande), query)

    whole = lines()
    assert [tab[0] for tab in whole.context["onglets_chronologie"]] == ["Tout", "Messages"]
    assert whole.text.count("Lu par la caisse le") == 3
    assert {line.nature for line in lines(montrer="messages").context["lignes"]} == {"message"}
    for forged in ("fichiers", "x"):
        assert len(lines(montrer=forged).context["lignes"]) == len(whole.context["lignes"])


def test_the_other_demandes_of_the_person_are_one_click_away_and_never_in_an_address(tech, monde, demande):
    done = f.demande(monde.convention, monde.technicien, statut=Statut.TRAITEE)
    f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS, personne={"prenom": "Zoé"})
    text = tech.get(url("demande", demande)).text
    assert "Voir ses autres demandes" in text
    query = re.search(r'name="q" value="([^"]+)"', text)[1]
    found = tech.post(reverse("signalements:demandes"), {"q": query})
    assert "ictive" not in found["Location"]
    rows = tech.get(found["Location"]).context["lignes"]
    assert {row.reference for row in rows} == {demande.reference, done.reference}


def test_the_outcome_and_its_motif_are_shown(tech, monde):
    motif = f.motif("NON_RECEVABLE", "AUTRE_CAISSE", "Relève d’une autre caisse")
    demande = f.demande(
        monde.convention, monde.technicien, statut=Statut.TRAITEE, issue="NON_RECEVABLE", motif_issue=motif
    )
    text = tech.get(url("demande", demande)).text
    assert "Traitée – Non recevable" in text
    assert "Relève d’une autre caisse" in text


def test_the_answer_stands_on_top_until_the_demande_is_reopened(tech, demande, agent):
    answered = {"issue": "DROITS_OUVERTS", "traitee_le": clock.now()}
    with transaction.atomic():
        change_status(
            demande, Statut.TRAITEE, actor=agent, commentaire="Ouverts au 1er décembre.", changes=answered
        )
    page = tech.get(url("demande", demande)).text
    assert page.index("La réponse de la caisse") < page.index("Ce qui s’est passé")
    assert page.count("Ouverts au 1er décembre.") == 2
    with transaction.atomic():
        again = {"issue": "", "traitee_le": None}
        change_status(demande, Statut.EN_COURS, actor=agent, commentaire="Élément nouveau", changes=again)
    assert "La réponse de la caisse" not in tech.get(url("demande", demande)).text


def test_notes_and_contacts_of_the_caisse_are_never_shown(tech, monde, demande, agent):
    tenant = {"demande": demande, "caisse": monde.doubs, "partenaire": monde.valbrume, "le": clock.now()}
    NoteInterne.objects.create(**tenant, auteur=agent.user, texte="Note confidentielle")
    Contact.objects.create(
        **tenant, auteur=agent.user, canal="TELEPHONE", resultat="ABSENTE", note="Appel confidentiel"
    )
    text = tech.get(url("demande", demande)).text
    assert "confidentiel" not in text


def test_the_agents_name_shows_only_where_the_caisse_allows_it(tech, monde, demande, agent):
    message = message_of_caisse(demande)
    Message.objects.filter(pk=message.pk).update(auteur=agent.user)
    assert agent.user.nom not in tech.get(url("demande", demande)).text
    monde.doubs.nom_agent_visible = True
    monde.doubs.save(update_fields=["nom_agent_visible"])
    assert agent.user.nom in tech.get(url("demande", demande)).text


def test_opening_marks_the_messages_of_the_caisse_as_read(tech, demande):
    message = message_of_caisse(demande)
    tech.get(url("demande", demande))
    message.refresh_from_db()
    assert message.lu_le is not None


def test_an_unknown_a_foreign_and_a_late_demande_give_the_same_404(tech, monde, demande):
    foreign = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    unknown = tech.get(url("demande", new_reference("251")))
    answers = [tech.get(url("demande", foreign)), unknown]
    Convention.objects.filter(pk=monde.convention.pk).update(etat="RESILIEE")
    answers.append(tech.get(url("demande", demande)))
    assert {answer.status_code for answer in answers} == {404}
    bodies = {_without_menu(answer.text) for answer in answers}
    assert len(bodies) == 1


def _without_menu(text):
    """The page itself: the footer holds its own address, and a token."""
    return text.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("name", ["demande", "bordereau", "confirmation", "annuler"])
def test_a_gestionnaire_and_an_agent_are_refused(client, monde, demande, name):
    for user in (
        f.utilisateur(Profil.GESTIONNAIRE, monde.valbrume),
        f.utilisateur(Profil.AGENT, monde.doubs),
    ):
        sign_in(client, user)
        assert client.get(url(name, demande)).status_code == 403


def test_a_message_is_sent_once(tech, monde, demande):
    data = {"texte": "Bonjour, où en est la demande\u00a0?", "cle": str(uuid.uuid4())}
    for _ in range(2):
        assert tech.post(url("ecrire", demande), data).status_code == 302
    message = Message.objects.get(demande=demande)
    assert (message.cote, message.auteur) == ("PARTENAIRE", monde.technicien)
    row = Courriel.objects.get(evenement="message_structure")
    assert row.adresse == monde.doubs.equipe_mas_courriel


def test_a_message_goes_to_the_agent_who_follows(tech, monde, demande, agent):
    Demande.objects.filter(pk=demande.pk).update(assignee_a=agent.user)
    tech.post(url("ecrire", demande), {"texte": "Bonjour"})
    assert Courriel.objects.get(evenement="message_structure").destinataire_id == agent.user.pk


def test_a_nir_in_a_message_is_refused_and_what_was_typed_stays(tech, demande):
    response = tech.post(url("ecrire", demande), {"texte": "Voici\u00a0: 2 95 10 99 126 111 93"})
    assert response.status_code == 422
    assert "2 95 10 99 126 111 93" in response.text
    assert not Message.objects.exists()


def test_a_file_goes_with_its_message_without_javascript(tech, demande):
    response = tech.post(url("ecrire", demande), {"texte": "Voici la pièce.", "fichiers_message": [pdf()]})
    assert response.status_code == 302
    piece = Message.objects.get().pieces_jointes.get().piece
    assert piece.transmise_le is not None
    assert "identite.pdf" in tech.get(url("demande", demande)).text


def test_a_cancelled_demande_takes_no_message(tech, demande):
    Demande.objects.filter(pk=demande.pk).update(statut=Statut.ANNULEE)
    assert tech.post(url("ecrire", demande), {"texte": "Bonjour"}).status_code == 422


def test_what_is_asked_stands_on_top_one_slot_each(tech, demande, complement):
    text = tech.get(url("demande", demande)).text
    assert "La caisse attend votre réponse" in text
    assert "Merci de compléter." in text
    assert text.count("data-ep-upload ") == 2  # the item's and the message's
    assert "Pièce illisible" in text
    assert "Délai suspendu" in text


def test_answering_gives_the_demande_back_to_the_caisse(tech, monde, demande, complement):
    piece, texte = elements(complement)
    response = tech.post(url("completer", demande), answer(complement))
    assert response.status_code == 302
    demande.refresh_from_db()
    complement.refresh_from_db()
    assert demande.statut == Statut.COMPLETEE
    assert demande.suspendue_le is None
    assert complement.repondu_par == monde.technicien
    piece.refresh_from_db()
    texte.refresh_from_db()
    assert piece.absence.code == "PERDUE"
    assert texte.reponse == "12 rue Fictive"
    assert Courriel.objects.filter(evenement="complement_recu").count() == 1
    assert Passage.objects.filter(demande=demande, vers=Statut.COMPLETEE).count() == 1


def test_answering_twice_answers_once(tech, demande, complement):
    for _ in range(2):
        assert tech.post(url("completer", demande), answer(complement)).status_code == 302
    assert Courriel.objects.filter(evenement="complement_recu").count() == 1


def test_an_item_without_answer_is_named_and_the_rest_stays(tech, demande, complement):
    piece, _ = elements(complement)
    response = tech.post(url("completer", demande), answer(complement, **{f"absence_{piece.pk}": ""}))
    assert response.status_code == 422
    assert "Ajoutez un fichier pour" in response.text
    assert "12 rue Fictive" in response.text
    demande.refresh_from_db()
    assert demande.statut == Statut.A_COMPLETER


def test_a_file_answers_its_item_without_javascript(tech, demande, complement):
    piece, _ = elements(complement)
    data = answer(complement, **{f"absence_{piece.pk}": "", f"fichiers_element-{piece.pk}": [pdf()]})
    assert tech.post(url("completer", demande), data).status_code == 302
    assert piece.pieces_jointes.get().piece.transmise_le is not None


def test_a_withdrawn_complement_is_said_to_be_closed(tech, demande, complement, agent):
    with transaction.atomic():
        Complement.objects.filter(pk=complement.pk).update(repondu_le=clock.now(), retire=True)
        demande.refresh_from_db()
        change_status(demande, Statut.EN_COURS, actor=agent)
    response = tech.post(url("completer", demande), answer(complement), follow=True)
    assert "n’est plus attendu" in response.text.replace("&#x27;", "’")
    demande.refresh_from_db()
    assert demande.statut == Statut.EN_COURS


def test_cancelling_asks_why_and_tells_the_caisse(tech, monde, demande):
    assert "Pourquoi annulez-vous" in tech.get(url("annuler", demande)).text
    data = {"motif": "ERREUR", "precision": "", "version": demande.version}
    assert tech.post(url("annuler", demande), data).status_code == 302
    demande.refresh_from_db()
    assert demande.statut == Statut.ANNULEE
    assert demande.motif_issue.code == "ERREUR"
    passage = Passage.objects.get(demande=demande)
    assert passage.commentaire == "Demande faite par erreur"
    assert Courriel.objects.filter(evenement="demande_annulee").count() == 1


def test_the_days_that_matter_are_said(tech, monde, demande, complement):
    Demande.objects.filter(pk=demande.pk).update(suspendue_le=date(2026, 3, 2), echeance=date(2026, 3, 16))
    waiting = tech.get(url("demande", demande)).text
    assert "Répondez avant le mercredi 1er avril 2026" in waiting
    assert "Réponse attendue au plus tard le" not in waiting
    tech.post(url("completer", demande), answer(complement))
    Demande.objects.filter(pk=demande.pk).update(echeance=date(2026, 3, 16))
    text = tech.get(url("demande", demande)).text
    assert "Réponse attendue au plus tard le" in text
    assert "lundi 16 mars 2026" in text


def test_every_item_without_an_answer_is_named_at_once(tech, demande, complement):
    piece, texte = elements(complement)
    blank = {f"absence_{piece.pk}": "", f"texte_{texte.pk}": " "}
    refused = tech.post(url("completer", demande), answer(complement, **blank))
    assert refused.status_code == 422
    assert "contient 2 erreurs" in refused.text
    assert "Ajoutez un fichier pour" in refused.text
    assert "Répondez à «\u00a0Adresse actuelle\u00a0»" in refused.text


def test_cancelling_closes_what_was_asked(tech, demande, complement):
    data = {"motif": "ERREUR", "precision": "", "version": Demande.objects.get(pk=demande.pk).version}
    assert tech.post(url("annuler", demande), data).status_code == 302
    complement.refresh_from_db()
    assert complement.repondu_le is not None
    assert (complement.retire, complement.repondu_par_id, complement.reponse) == (True, None, "")
    refused = tech.post(url("completer", demande), answer(complement), follow=True)
    assert "n’est plus attendu" in refused.text.replace("&#x27;", "’")
    demande.refresh_from_db()
    assert demande.statut == Statut.ANNULEE


@pytest.mark.parametrize("motif", ["", "INVENTE", "RUPTURE"])
def test_cancelling_needs_a_motif_of_its_list(tech, demande, motif):
    response = tech.post(url("annuler", demande), {"motif": motif, "version": demande.version})
    assert response.status_code == 422
    demande.refresh_from_db()
    assert demande.statut == Statut.EN_COURS


def test_cancelling_what_changed_meanwhile_is_refused_once_then_possible(tech, demande):
    data = {"motif": "ERREUR", "precision": "Doublon", "version": demande.version - 1}
    refused = tech.post(url("annuler", demande), data)
    assert refused.status_code == 422
    assert "Doublon" in refused.text
    assert f'name="version" value="{demande.version}"' in refused.text


def test_a_processed_demande_is_not_cancelled(tech, monde):
    demande = f.demande(monde.convention, monde.technicien, statut=Statut.TRAITEE)
    response = tech.post(url("annuler", demande), {"motif": "ERREUR", "version": 1}, follow=True)
    assert "ne peut plus être annulée" in response.text
    assert response.redirect_chain


def test_the_bordereau_is_an_accessible_pdf(tech, monde):
    demande = draft(monde)
    tech.post(url("etape", demande, "verification"))
    response = tech.get(url("bordereau", demande))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert f"bordereau-{demande.reference}.pdf" in response.headers["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")
    assert Evenement.objects.filter(verbe="telechargement", objet_id=demande.reference).exists()


def test_without_pango_the_portal_says_so(tech, monde, demande, monkeypatch):
    import builtins

    real = builtins.__import__

    def lacking(name, *args, **kwargs):
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", lacking)
    response = tech.get(url("bordereau", demande))
    assert response.status_code == 503
    assert "document n’est pas disponible" in response.text


@pytest.mark.parametrize("count", [3, 15])
def test_the_number_of_queries_does_not_grow(tech, monde, demande, count, django_assert_max_num_queries):
    for _ in range(count):
        message_of_caisse(demande)
    tech.get(url("demande", demande))
    # Two of them are the test's own savepoint.
    with django_assert_max_num_queries(13):
        tech.get(url("demande", demande))


def test_a_colleagues_answer_to_a_complement_loses_nothing_of_mine(tech, monde, demande, complement):
    autre = sign_in(Client(), monde.autre_technicien)
    _, texte = elements(complement)
    autre.post(url("completer", demande), answer(complement))
    mine = answer(complement, **{f"texte_{texte.pk}": "3 impasse Fictive", "message": "À vérifier."})
    page = tech.post(url("completer", demande), mine)
    assert page.status_code == 422
    for said in ("Un collègue a répondu à ce complément", "3 impasse Fictive", "À vérifier."):
        assert said in page.text
    assert autre.post(url("completer", demande), answer(complement)).status_code == 302
