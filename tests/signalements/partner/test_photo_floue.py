"""A blurred photo brings advice before it is sent; the person may keep it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Piece
from documents.operations.analysis import analyse_piece
from signalements.enums import Statut
from signalements.models import Demande
from tests.documents import corpus
from tests.documents.conftest import pdf
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db
ADVICE = "Photo floue, à refaire\u00a0?"


def add(client, demande, file):
    accept = {"Accept": "application/json"}
    client.post(url("piece_ajouter", demande, "type-identite"), {"fichier": file}, headers=accept)
    piece = Piece.objects.latest("pk")
    analyse_piece(piece.pk)
    return client.get(reverse("documents:etat", args=[piece.pk]), headers=accept).json()


def photo(blur):
    image = corpus.page_of_text(900, 1200, blur=blur)
    return SimpleUploadedFile("photo.jpg", corpus.encoded(image, quality=88), "image/jpeg")


def test_the_advice_stands_beside_the_file_and_stops_nothing(tech, brouillon):
    told = add(tech, brouillon, photo(blur=8))
    assert told["etat"] == "SAINE"
    assert told["message"].startswith(ADVICE)
    for step in ("pieces", "verification"):
        assert ADVICE in tech.get(url("etape", brouillon, step)).text
    tech.post(url("etape", brouillon, "verification"), {"version": brouillon.version})
    assert Demande.objects.get(pk=brouillon.pk).statut == Statut.ENVOYEE
    assert ADVICE not in tech.get(url("demande", brouillon)).text


@pytest.mark.parametrize("make", [lambda: photo(blur=0), pdf], ids=["sharp", "PDF"])
def test_a_sharp_photo_and_a_pdf_bring_none(tech, brouillon, make):
    assert add(tech, brouillon, make())["message"] == ""
    assert ADVICE not in tech.get(url("etape", brouillon, "pieces")).text
