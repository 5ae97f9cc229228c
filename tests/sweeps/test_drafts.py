"""A forgotten draft: announced a week before, deleted with its pièces, kept as soon as somebody touches it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import storages

from documents import vault
from documents.models import Piece
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.identifiers import uuid7
from signalements.enums import Statut
from signalements.models import Brouillon, Demande, PieceJointe

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(setting: Any) -> Demande:
    """A draft touched just now."""
    found: Demande = setting().demande(Statut.BROUILLON)
    return found


def after(days: float) -> Any:
    """That many days from now."""
    return clock.at(clock.now() + timedelta(days=days))


def test_it_is_announced_at_23_days_then_deleted_at_30(draft: Demande) -> None:
    with after(22):
        assert sweeps.run("brouillons_abandonnes") == 0
    with after(23.1):
        assert sweeps.run("brouillons_abandonnes") == 1
        assert sweeps.run("brouillons_abandonnes") == 0
    mail = Courriel.objects.get()
    assert (mail.evenement, mail.destinataire_id) == ("brouillon_bientot_supprime", draft.auteur_id)
    with after(29.9):
        assert sweeps.run("brouillons_abandonnes") == 0
    with after(30.2):
        assert sweeps.run("brouillons_abandonnes") == 1
        assert sweeps.run("brouillons_abandonnes") == 0
    assert not Demande.objects.exists()
    assert not Brouillon.objects.exists()
    event = Evenement.objects.get(details__acte="suppression_brouillon")
    assert event.objet_id == draft.reference


def test_a_sweep_days_late_still_warns_a_week_before(draft: Demande) -> None:
    with after(60):
        assert sweeps.run("brouillons_abandonnes") == 1
    with after(66.9):
        assert sweeps.run("brouillons_abandonnes") == 0
    with after(67.1):
        assert sweeps.run("brouillons_abandonnes") == 1
    assert not Demande.objects.exists()


def test_touched_again_it_starts_a_new_period(draft: Demande) -> None:
    with after(24):
        sweeps.run("brouillons_abandonnes")
    touched = clock.now() + timedelta(days=25)
    Demande.objects.update(modifiee_le=touched)
    with after(40):
        assert sweeps.run("brouillons_abandonnes") == 0
    with after(48.2):
        assert sweeps.run("brouillons_abandonnes") == 1
    assert Courriel.objects.count() == 2
    assert Demande.objects.exists()


def test_its_pieces_leave_the_vault(draft: Demande, django_capture_on_commit_callbacks: Any) -> None:
    pk = uuid7()
    stored = vault.store(BytesIO(b"%PDF-1.4"), vault.Context(pk, draft.partenaire_id, draft.caisse_id))
    piece = Piece.objects.create(
        pk=pk,
        caisse=draft.caisse,
        partenaire=draft.partenaire,
        fonction=draft.fonction,
        nom="a.pdf",
        type_mime="application/pdf",
        taille=8,
        empreinte=stored.sealed.sha256,
        chemin=stored.path,
        cle_fichier=stored.sealed.key.data,
        cle_id=stored.sealed.key.key_id,
        prochain_essai_le=clock.now(),
        deposee_le=clock.now(),
    )
    PieceJointe.objects.create(demande=draft, caisse=draft.caisse, partenaire=draft.partenaire, piece=piece)
    with after(24):
        sweeps.run("brouillons_abandonnes")
    with after(32), django_capture_on_commit_callbacks(execute=True):
        assert sweeps.run("brouillons_abandonnes") == 1
        assert storages["pieces"].exists(stored.path)
    assert not storages["pieces"].exists(stored.path)
    assert not Piece.objects.exists()


def test_what_was_sent_is_never_deleted(setting: Any) -> None:
    place = setting()
    place.demande(Statut.ENVOYEE)
    with after(90):
        sweeps.run("brouillons_abandonnes")
    assert Demande.objects.count() == 1
