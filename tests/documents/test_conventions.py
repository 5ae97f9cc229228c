"""The documents of a convention: put there once signed, laid out by the portal, read by both sides and nobody else."""

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Profil
from documents.models import DocumentConvention, Piece
from documents.operations import analyse_piece
from partners.enums import EtatConvention, Partie
from partners.models import Convention, ModeleConvention, Referent, Signataire
from partners.operations.avenants import draft_avenant
from partners.operations.modeles import take_text
from partners.operations.referents import confirm_change
from partners.reference_data import load_models
from portal.audit.models import Evenement
from tests import factories as f
from tests.documents.corpus import pdf
from tests.fixtures.administration import Place, admin_url, build
from tests.fixtures.shelf import Shelf

pytestmark = pytest.mark.django_db
MODEL = "partners_convention"


@pytest.fixture
def place(made_place: Callable[[], Place], _scope: None) -> Place:
    return made_place()


@pytest.fixture
def made_place(shelf: Shelf) -> Callable[[], Place]:
    return shelf.made(with_signatories)


def with_signatories() -> Place:
    made = build()
    for partie, organisme in ((Partie.CAISSE, ""), (Partie.PARTENAIRE, "")):
        who = {"convention": made.convention, "partie": partie}
        Signataire.objects.create(**who, organisme=organisme, nom="Signefictif", qualite="Directrice")
        Referent.objects.create(**who, nom="Référefictif", courriel="r@ccas.example")
    return made


def put(place: Place, content: bytes = b"", **said: Any) -> Any:
    client = place.client(place.admin)
    path = admin_url(MODEL, "deposer-document", place.convention.pk)
    page = client.get(path)
    file = SimpleUploadedFile("convention.pdf", content or pdf(), "application/pdf")
    version = page.context["form"]["version"].value()
    return client.post(path, {"version": version, "nature": "CONVENTION", "fichier": file, **said})


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")


def test_a_signed_convention_is_read_by_both_sides_once_it_is_sound(place):
    assert put(place).status_code == 302
    document = DocumentConvention.objects.get(convention=place.convention)
    address = reverse("documents:fichier_convention", args=[document.piece_id])
    assert place.client(place.gest).get(address).status_code == 404
    analyse_piece(document.piece_id)
    for reader in (place.gest, place.admin, place.national):
        response = place.client(reader).get(address)
        assert b"".join(response.streaming_content).startswith(b"%PDF-")
    for stranger in (place.other_gest, place.other_admin):
        assert place.client(stranger).get(address).status_code == 404
    for other in (place.tech, place.agent):
        assert place.client(other).get(address).status_code == 403
        assert (
            place.client(other).get(reverse("documents:piece", args=[document.piece_id])).status_code == 404
        )
    assert Evenement.objects.filter(objet="piece", verbe="telechargement").count() == 3
    page = place.client(place.gest).get(reverse("conventions:fiche", args=[place.convention.pk]))
    assert address in page.content.decode()
    assert (
        address
        in place.client(place.admin).get(admin_url(MODEL, "change", place.convention.pk)).content.decode()
    )


def test_a_file_that_is_refused_says_why_and_leaves_nothing(place):
    response = put(place, b"MZ" + b"\0" * 200)
    assert response.status_code == 422
    assert response.context["form"].errors["fichier"]
    assert not Piece.objects.exists()
    assert put(place, nature="AVENANT").status_code == 422


def test_a_document_put_by_mistake_is_taken_back(place):
    put(place)
    client, path = place.client(place.admin), admin_url(MODEL, "retirer-document", place.convention.pk)
    version = client.get(path).context["form"]["version"].value()
    said = {"version": version, "document": DocumentConvention.objects.get().pk}
    assert client.post(path, said).status_code == 302
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    "code",
    [
        "metier-ccas",
        "metier-ccas-dossiers",
        "metier-ccas-carsat",
        "metier-union",
        "tripartite-siao",
        "utilisation",
    ],
)
def test_each_model_is_laid_out_with_its_parties_and_its_rules(place, code):
    load_models()
    modele = ModeleConvention.objects.get(code=code)
    convention = Convention.objects.create(
        reference="X-1",
        nature=modele.nature,
        caisse=place.doubs,
        partenaire=place.valbrume,
        adossee_a=place.convention.adossee_a if code == "utilisation" else None,
    )
    take_text(convention=convention, modele=modele)
    address = reverse("documents:papier_convention", args=[convention.pk, "convention"])
    response = place.client(place.admin).get(address)
    assert response.status_code == 200
    said = text_of(response.content)
    for words in ("Projet", "CCAS de Valbrume", "CPAM du Doubs", "Article", "Annexe", "jours calendaires"):
        assert words in said
    assert "{" not in said
    assert place.client(place.gest).get(address).status_code == 404


def test_the_end_is_attested_and_the_destruction_certified_once_it_has_come(place):
    attestation, certificate = (
        reverse("documents:papier_convention", args=[place.convention.pk, name])
        for name in ("attestation-de-fin", "certificat-de-destruction")
    )
    client = place.client(place.gest)
    assert client.get(attestation).status_code == 404
    Convention.objects.filter(pk=place.convention.pk).update(
        etat=EtatConvention.RESILIEE, date_fin="2026-03-31", motif_fin="ACCORD"
    )
    assert "31 mars 2026" in text_of(client.get(attestation).content)
    assert "sont détruites" in text_of(client.get(certificate).content)
    assert Evenement.objects.filter(objet="convention", verbe="telechargement").count() == 2
    page = place.client(place.admin).get(admin_url(MODEL, "change", place.convention.pk)).content.decode()
    assert attestation in page
    assert certificate in page


def test_an_avenant_is_laid_out_with_what_it_changes(place):
    actor = f.membership(Profil.ADMIN_CAISSE, place.doubs)
    draft_avenant(
        actor=actor, convention=place.convention, objet="Membres", changements={"nombre_membres": 31}
    )
    address = reverse("documents:papier_convention", args=[place.convention.pk, "avenant-1"])
    said = text_of(place.client(place.admin).get(address).content)
    assert "Nombre de membres" in said
    assert "31" in said


def test_a_structure_reads_its_conventions_but_no_draft(place, django_assert_max_num_queries):
    client = place.client(place.gest)
    draft = Convention.objects.create(
        reference="T-9", nature="TRIPARTITE", caisse=place.doubs, partenaire=place.valbrume
    )
    text = client.get(reverse("conventions:liste")).content.decode()
    assert place.convention.reference in text
    assert "T-9" not in text
    assert client.get(reverse("conventions:fiche", args=[draft.pk])).status_code == 404
    with django_assert_max_num_queries(14):
        assert client.get(reverse("conventions:fiche", args=[place.convention.pk])).status_code == 200


def test_a_structure_asks_for_a_change_and_keeps_what_it_typed_when_refused(place):
    client = place.client(place.gest)
    path = reverse("conventions:proposer", args=[place.convention.pk])
    key = str(client.get(path).context["form"]["cle"].value())
    referent = place.convention.referents.get(partie=Partie.PARTENAIRE)
    said = {"cle": key, "nature": "REMPLACEMENT", "referent": referent.pk, "nom": "Neuve Fictive"}
    refused = client.post(path, said)
    assert refused.status_code == 422
    assert "Neuve Fictive" in refused.content.decode()
    assert client.post(path, {**said, "courriel": "neuve@ccas.example"}).status_code == 302
    page = client.get(reverse("conventions:fiche", args=[place.convention.pk])).content.decode()
    assert "remplace Référefictif" in page
    assert "Répondre à un changement de référent" in place.client(place.admin).get("/admin/").content.decode()
    change = place.convention.changements_referents.get()
    letter = reverse(
        "documents:papier_convention", args=[place.convention.pk, f"changement-de-referent-{change.pk}"]
    )
    assert client.get(letter).status_code == 404  # nothing to tell before the caisse confirms
    confirm_change(
        actor=f.membership(Profil.ADMIN_CAISSE, place.doubs), convention=place.convention, changement=change
    )
    said = text_of(client.get(letter).content)
    assert "Neuve Fictive" in said
    assert "ne remet pas en cause la convention" in said
    assert letter in client.get(reverse("conventions:fiche", args=[place.convention.pk])).content.decode()
