"""« Tout télécharger »: the healthy pièces of a demande as one ZIP, by the rules of the one door."""

import io
from zipfile import ZipFile

import pytest

from documents.enums import EtatPiece, MotifRefus
from documents.models import Piece
from portal.audit.models import Evenement, Verbe
from signalements.enums import Statut
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db


def zip_url(demande) -> str:
    return f"/espace-caisse/demandes/{demande.reference}/pieces.zip"


def test_the_healthy_pieces_in_one_file_named_without_the_person_and_journaled_one_by_one(world):
    demande = world.demande(Statut.EN_COURS)
    kept = [world.piece(demande, name) for name in ("avis-de-jeanne-fictive.pdf", "carte.pdf")]
    refused, unsent = world.piece(demande, "abime.pdf"), world.piece(demande, "brouillon.pdf", sent=False)
    Piece.objects.filter(pk=refused.pk).update(etat=EtatPiece.REFUSEE, motif_refus=MotifRefus.values[0])
    client = signed_in(world.agent)
    page = client.get(f"/espace-caisse/demandes/{demande.reference}/").content.decode()
    assert "Tout télécharger (ZIP, " in page
    answer = client.get(zip_url(demande))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{demande.reference}-pieces.zip"'
    with ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{demande.reference}-0{n}-identite.pdf" for n in (1, 2)]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    journaled = Evenement.objects.filter(verbe=Verbe.TELECHARGEMENT).values_list("objet_id", flat=True)
    assert set(journaled) == {str(piece.pk) for piece in kept}
    assert str(unsent.pk) not in journaled


def test_nothing_to_download_and_another_caisse_are_404(world):
    demande = world.demande(Statut.EN_COURS)
    assert signed_in(world.agent).get(zip_url(demande)).status_code == 404
    world.piece(demande)
    assert signed_in(world.etranger).get(zip_url(demande)).status_code == 404


def test_an_archive_holds_one_chunk_at_a_time():
    from documents.bundle import Archive, Entry

    class Content:
        """Ten megabytes that were never whole in memory."""

        def __init__(self) -> None:
            self.left, self.closed = 160, False

        def __iter__(self):
            return self

        def __next__(self) -> bytes:
            if not self.left:
                raise StopIteration
            self.left -= 1
            return bytes(65_536)

        def close(self) -> None:
            self.closed = True

    files = [Content(), Content()]
    sizes = [len(chunk) for chunk in Archive([Entry(f"{n}.pdf", file) for n, file in enumerate(files)])]
    assert max(sizes) < 70_000
    assert sum(sizes) > 20_000_000
    assert all(file.closed for file in files)


def test_the_keyboard_meets_the_pieces_before_the_buttons_that_copy(world):
    demande = world.demande(Statut.EN_COURS)
    world.piece(demande)
    page = signed_in(world.agent).get(f"/espace-caisse/demandes/{demande.reference}/").content.decode()
    order = [page.index(f'id="{part}"') for part in ("pieces", "personne", "echanges", "notes")]
    assert order == sorted(order)
