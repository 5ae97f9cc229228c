"""Putting a demande right: urgency, team, service, and another caisse; nothing lost, nothing forged."""

from datetime import date

import pytest
from django.db import transaction

from accounts.enums import Profil
from caisses.enums import Fonction, ListeMotifs
from documents import vault
from documents.models import Piece
from documents.operations.analysis import context_of, key_of
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from portal.workflow import StaleObject
from signalements.enums import Issue, Statut
from signalements.kinds.contact.models import Question
from signalements.kinds.saisine.models import Saisine
from signalements.models import Demande, Message, NoteInterne, Passage, Personne, Transfert
from signalements.operations.reorientation import Urgence, change_kind, change_urgency, move_to_team
from signalements.operations.transfert import transfer
from signalements.queries.reorientation import caisses_offered, kinds_offered
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db


def act(world, operation, demande, *, actor=None, version=None, **kwargs):
    with scope("caisse", world.caisse.pk), transaction.atomic():
        return operation(
            actor=actor or world.agent,
            demande_id=demande.pk,
            version=version or Demande.objects.get(pk=demande.pk).version,
            **kwargs,
        )


def test_an_urgency_brings_the_deadline_near_and_its_end_gives_the_delay_back(world):
    demande = world.demande(Statut.EN_COURS)
    motif = f.motif(ListeMotifs.URGENCE, "MINEUR")
    urgent = act(world, change_urgency, demande, urgence=Urgence(motif), raison="Soins prévus demain.")
    assert (urgent.urgente, urgent.delai_jours) == (True, 1)
    assert urgent.echeance < demande.echeance
    assert "Soins prévus demain." in Message.objects.get().texte
    calm = act(world, change_urgency, demande, urgence=Urgence(), raison="Rendez-vous reporté.")
    assert (calm.urgente, calm.motif_urgence, calm.delai_jours) == (False, None, 5)
    assert calm.echeance >= urgent.echeance
    with pytest.raises(DomainError):
        act(world, change_urgency, demande, urgence=Urgence(), raison="Encore.")
    with pytest.raises(StaleObject):
        act(world, change_urgency, demande, urgence=Urgence(motif), raison="Trop tard.", version=1)


def test_another_team_takes_over_and_no_other_can_be_named(world):
    here, there = f.equipe(world.caisse, Fonction.SAISINE), f.equipe(world.autre_caisse, Fonction.SAISINE)
    wrong = f.equipe(world.caisse, Fonction.DOCUMENT)
    demande = world.demande(Statut.EN_COURS, assignee_a=world.agent.user)
    for forged in (there, wrong):
        with pytest.raises(DomainError):
            act(world, move_to_team, demande, equipe_id=forged.pk)
    moved = act(world, move_to_team, demande, equipe_id=here.pk)
    assert (moved.equipe, moved.assignee_a) == (here, None)


def test_a_saisine_becomes_a_question_and_back_and_nothing_is_lost(world):
    demande = world.demande(Statut.EN_COURS, assignee_a=world.conseiller.user)
    Saisine.objects.filter(pk=demande.pk).update(description="Une question sur ses droits.")
    piece = world.piece(demande)
    assert Fonction.CONTACT in {one.kind.fonction for one in kinds_offered(demande)}
    changed = act(world, change_kind, demande, fonction=Fonction.CONTACT, raison="C’est une question.")
    assert (changed.fonction, changed.assignee_a, changed.statut) == ("CONTACT", None, Statut.EN_COURS)
    assert Question.objects.get(pk=demande.pk).message == "Une question sur ses droits."
    assert Piece.objects.get(pk=piece.pk).fonction == "CONTACT"
    page = signed_in(world.agent).get(f"/espace-caisse/demandes/{demande.reference}/").content.decode()
    assert "Traitée auparavant comme" in page
    address = f"/espace-partenaire/demandes/{demande.reference}/"
    page = signed_in(world.technicien).get(address).content.decode()
    assert "C’est une question." in page
    assert "Traitée auparavant comme" in page
    back = act(world, change_kind, changed, fonction=Fonction.SAISINE, raison="Finalement non.")
    assert back.fonction == "SAISINE"
    assert Saisine.objects.get(pk=demande.pk).difficultes == ["DROITS_BASE"]


def test_a_service_the_convention_does_not_open_or_that_says_too_little_is_refused(world):
    demande = world.demande(Statut.EN_COURS)
    for forged in (Fonction.DOSSIER, Fonction.HISTORIQUE, "AUTRE", Fonction.SAISINE):
        with pytest.raises(DomainError):
            act(world, change_kind, demande, fonction=forged, raison="Essai.")
    type(world.convention).objects.filter(pk=world.convention.pk).update(fonctions=[Fonction.SAISINE])
    demande = Demande.objects.get(pk=demande.pk)
    assert kinds_offered(demande) == []
    with pytest.raises(DomainError):
        act(world, change_kind, demande, fonction=Fonction.CONTACT, raison="Essai.")


@pytest.fixture
def elsewhere(world):
    """A convention of the structure with the other caisse."""
    return f.convention(world.structure, world.autre_caisse)


def test_a_transfer_opens_the_demande_at_the_other_caisse_and_closes_it_here(world, elsewhere):
    demande = world.demande(Statut.EN_COURS)
    piece, hidden = world.piece(demande), world.piece(demande, "suite.pdf", sent=False)
    NoteInterne.objects.create(
        demande=demande, caisse=world.caisse, partenaire=world.structure, texte="Secret", le=demande.cree_le
    )
    assert caisses_offered(demande) == [world.autre_caisse]
    done = act(world, transfer, demande, caisse_id=world.autre_caisse.pk, raison="La personne a déménagé.")
    assert (done.statut, done.issue) == (Statut.TRAITEE, Issue.REORIENTEE)
    cible = Demande.objects.get(caisse=world.autre_caisse)
    assert (cible.statut, cible.convention, cible.auteur) == (Statut.ENVOYEE, elsewhere, demande.auteur)
    assert cible.reference in Passage.objects.filter(demande=demande).last().commentaire
    assert Personne.objects.get(pk=cible.pk).nom_naissance == "Fictive"
    assert Saisine.objects.get(pk=cible.pk).difficultes == ["DROITS_BASE"]
    copy = Piece.objects.get(caisse=world.autre_caisse)
    assert (copy.nom, copy.jointe.demande, copy.empreinte) == (piece.nom, cible, piece.empreinte)
    assert copy.chemin != piece.chemin
    assert hidden.nom != copy.nom
    content = [b"".join(vault.open_stored(row.chemin, context_of(row), key_of(row))) for row in (piece, copy)]
    assert content[0] == content[1]
    with scope("caisse", world.autre_caisse.pk), transaction.atomic():
        assert not NoteInterne.objects.exists()
        assert not Demande.objects.filter(pk=demande.pk).exists()
    told = set(Courriel.objects.values_list("evenement", "reference"))
    assert {("demande_envoyee", cible.reference), ("demande_traitee", demande.reference)} <= told
    assert Evenement.objects.filter(objet_id=demande.reference, details__acte="transfert").exists()


def test_the_structure_sees_both_linked_and_a_replay_transfers_once(world, elsewhere):
    demande = world.demande(Statut.EN_COURS)
    client, address = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/reorienter/"
    posted = {
        "acte": "caisse",
        "caisse-caisse": world.autre_caisse.pk,
        "caisse-raison": "Déménagement.",
        "version": 1,
    }
    assert client.post(address, posted).status_code == 302
    act(world, transfer, demande, caisse_id=world.autre_caisse.pk, raison="Encore.", version=1)
    cible = Transfert.objects.get().cible
    tech = signed_in(world.technicien)
    for one, other in ((demande, cible), (cible, demande)):
        page = tech.get(f"/espace-partenaire/demandes/{one.reference}/").content.decode()
        assert f"/espace-partenaire/demandes/{other.reference}/" in page
    there = signed_in(f.membership(Profil.AGENT, world.autre_caisse))
    assert "Transférée par la" in there.get(f"/espace-caisse/demandes/{cible.reference}/").content.decode()


def test_a_caisse_without_a_convention_cannot_be_named(world):
    demande = world.demande(Statut.EN_COURS)
    with pytest.raises(DomainError) as refused:
        act(world, transfer, demande, caisse_id=world.autre_caisse.pk, raison="Essai.")
    assert refused.value.code == "caisse_fermee"
    closed = f.convention(world.structure, world.autre_caisse, fonctions=[Fonction.CONTACT])
    with pytest.raises(DomainError):
        act(world, transfer, demande, caisse_id=closed.caisse_id, raison="Essai.")
    client, address = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/reorienter/"
    forged = {
        "acte": "caisse",
        "caisse-caisse": world.autre_caisse.pk,
        "caisse-raison": "Essai.",
        "version": 1,
    }
    page = client.post(address, forged)
    assert page.status_code == 422
    assert "n’est plus proposé" in page.content.decode()
    assert Demande.objects.count() == 1


def test_the_page_keeps_what_was_typed_when_the_demande_changed(world):
    demande = world.demande(Statut.EN_COURS)
    client, address = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/reorienter/"
    assert "Changer l’urgence" in client.get(address).content.decode()
    stale = {"acte": "urgence", "urgence-motif": "RUPTURE", "urgence-raison": "Coupure demain.", "version": 9}
    page = client.post(address, stale)
    assert page.status_code == 422
    assert "Coupure demain." in page.content.decode()
    year = demande.caisse.today().year + 1
    limit = {"urgence-date_limite_jour": 14, "urgence-date_limite_mois": 3, "urgence-date_limite_annee": year}
    assert client.post(address, {**stale, **limit, "version": 1}).status_code == 302
    demande.refresh_from_db()
    assert demande.date_limite == date(year, 3, 14), "a limit is a day to come"
