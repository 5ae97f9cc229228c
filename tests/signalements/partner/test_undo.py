"""Undoing a sending: two minutes during which the caisse has received nothing."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from documents.models import Piece
from portal import clock
from portal.courriels.models import Courriel
from portal.courriels.sending import send_due
from portal.errors import DomainError
from portal.sweeps import run
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.kinds.registry import read_draft
from signalements.kinds.saisine.models import Saisine
from signalements.models import Brouillon, Demande, Passage, Personne, PieceJointe
from signalements.operations.completion import cancel_demande
from signalements.operations.pieces import attach_piece
from signalements.operations.sending import TooLate, submit_demande, undo_sending
from signalements.queries.file_caisse import (
    VUES,
    Filtres,
    day_counts,
    queue_page,
    search_page,
    tab_counts,
)
from signalements.queries.recherche import read_search
from tests import factories as f
from tests.conftest import StrangerClient
from tests.documents.conftest import pdf
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_minutes(settings):
    settings.ANNULATION_ENVOI_SECONDES = 120


def submit(monde, demande, version=None):
    with scope("partenaire", monde.valbrume.pk), transaction.atomic():
        return submit_demande(
            membership=monde.membership, reference=demande.reference, read=read_draft, version=version
        )


def undo(monde, demande):
    with scope("partenaire", monde.valbrume.pk), transaction.atomic():
        return undo_sending(membership=monde.membership, reference=demande.reference)


def later(**delta):
    return clock.at(clock.now() + timedelta(**(delta or {"seconds": 121})))


@pytest.fixture
def agent(monde) -> Membership:
    return f.membership(Profil.AGENT, monde.doubs)


def seen_by(agent, demande) -> list[bool]:
    """What each way to a demande gives somebody of the caisse: by the policies alone, then by every query."""
    with scope("caisse", agent.caisse_id), transaction.atomic():
        search = read_search(demande.reference, clock.today())
        return [
            Demande.objects.filter(pk=demande.pk).exists(),
            Personne.objects.filter(pk=demande.pk).exists(),
            Piece.objects.filter(jointe__demande=demande.pk).exists(),
            Demande.objects.visible_to(agent).filter(pk=demande.pk).exists(),
            bool(queue_page(agent, VUES["a-prendre"], Filtres()).rows),
            bool(tab_counts(agent, Filtres())["a-traiter"]),
            bool(day_counts(agent)["a-prendre"]),
            bool(search_page(agent, search).rows),
        ]


def deposit(monde, demande):
    with scope("partenaire", monde.valbrume.pk), transaction.atomic():
        jointe = attach_piece(
            membership=monde.membership,
            reference=demande.reference,
            fichier=pdf("identite.pdf"),
            cle=uuid.uuid4(),
        )
    return jointe.piece


def test_the_caisse_sees_nothing_of_a_sending_that_can_be_undone_then_everything(monde, brouillon, agent):
    deposit(monde, brouillon)
    submit(monde, brouillon)
    assert not any(seen_by(agent, brouillon))
    with later():
        assert all(seen_by(agent, brouillon))


def test_an_undone_sending_gives_the_very_same_draft_back(monde, brouillon):
    typed = Brouillon.objects.get(pk=brouillon.pk).donnees
    piece = deposit(monde, brouillon)
    submit(monde, brouillon)
    undo(monde, brouillon)
    assert undo(monde, brouillon).statut == Statut.BROUILLON
    row = Demande.objects.get(pk=brouillon.pk)
    assert (row.envoyee_le, row.echeance, row.information_donnee) == (None, None, False)
    kept = Brouillon.objects.get(pk=brouillon.pk)
    assert (kept.donnees, kept.a_effacer_le) == (typed, None)
    assert not Personne.objects.filter(pk=row.pk).exists()
    assert not Saisine.objects.filter(pk=row.pk).exists()
    piece.refresh_from_db()
    assert piece.transmise_le is None
    assert not Courriel.objects.exists()
    assert PieceJointe.objects.filter(demande=row).count() == 1


def test_what_was_undone_can_be_sent_again_and_the_log_tells_one_sending(monde, brouillon):
    submit(monde, brouillon)
    undo(monde, brouillon)
    sent = submit(monde, brouillon)
    assert Courriel.objects.count() == 2
    assert [(row.vers, row.le) for row in Passage.objects.all()] == [(Statut.ENVOYEE, sent.envoyee_le)]


def test_the_page_from_before_an_undo_sends_nothing(monde, brouillon):
    version = Demande.objects.get(pk=brouillon.pk).version
    submit(monde, brouillon, version)
    undo(monde, brouillon)
    with pytest.raises(DomainError) as refused:
        submit(monde, brouillon, version)
    assert refused.value.code == "envoi_annule"
    assert Demande.objects.get(pk=brouillon.pk).statut == Statut.BROUILLON


def test_once_received_a_sending_is_no_longer_undone(monde, brouillon):
    submit(monde, brouillon)
    with later(), pytest.raises(TooLate):
        undo(monde, brouillon)


def test_nothing_is_added_to_what_has_not_left(monde, brouillon):
    motif = f.motif("ANNULATION", "ERREUR_2")
    submit(monde, brouillon)
    with scope("partenaire", monde.valbrume.pk), pytest.raises(DomainError) as refused, transaction.atomic():
        cancel_demande(membership=monde.membership, reference=brouillon.reference, motif=motif)
    assert refused.value.code == "envoi_en_attente"


def test_the_delay_counts_from_the_real_sending(monde, brouillon):
    with clock.at(datetime(2027, 3, 2, 22, 59, tzinfo=UTC)):
        sent = submit(monde, brouillon)
    assert sent.echeance.isoformat() == "2027-03-10"


def test_the_mails_leave_with_the_demande(monde, brouillon, mailoutbox):
    submit(monde, brouillon)
    assert send_due(10) == 0
    with later():
        assert send_due(10) == 2


def test_what_was_typed_is_erased_once_it_has_left(monde, brouillon):
    submit(monde, brouillon)
    assert run("brouillons_envoyes") == 0
    with later():
        assert run("brouillons_envoyes") == 1
    assert not Brouillon.objects.filter(pk=brouillon.pk).exists()


def test_a_draft_that_was_undone_can_be_abandoned(monde, brouillon):
    submit(monde, brouillon)
    undo(monde, brouillon)
    with later(days=25):
        run("brouillons_abandonnes")
    with later(days=60):
        run("brouillons_abandonnes")
    assert not Demande.objects.filter(pk=brouillon.pk).exists()


def test_the_confirmation_offers_the_undo_and_the_draft_opens_at_its_check_page(
    monde, tech, brouillon, agent
):
    tech.post(url("etape", brouillon, "verification"), {"version": 1})
    page = tech.get(url("confirmation", brouillon)).content.decode()
    assert "possible jusqu’à" in page
    assert "Écrire à la caisse" not in tech.get(url("demande", brouillon)).content.decode()
    assert (
        sign_in(StrangerClient(), agent.user)
        .get(f"/espace-caisse/demandes/{brouillon.reference}/")
        .status_code
        == 404
    )
    answer = tech.post(url("annuler_envoi", brouillon))
    assert answer["Location"] == url("etape", brouillon, "verification")
    assert "Envoyer la demande" in tech.get(answer["Location"]).content.decode()
    assert tech.post(url("etape", brouillon, "verification"), {"version": 1}).status_code == 422
    with later():
        assert tech.post(url("etape", brouillon, "verification"), {"version": 3}).status_code == 302
    with later(seconds=300):
        assert tech.post(url("annuler_envoi", brouillon))["Location"] == url("demande", brouillon)
