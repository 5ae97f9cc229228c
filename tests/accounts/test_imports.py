"""The import of techniciens: any common CSV is read, each row says what is wrong, the good ones are created once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import NatureAttestation
from accounts.models import Attestation, ImportTechniciens, Utilisateur
from accounts.operations.imports import read_file
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from tests.accounts.conftest import url

pytestmark = pytest.mark.django_db

TITRES = "Civilité;Nom;Prénom;Fonction;Téléphone;Adresse électronique"
ZOE = "Mme;Fictive;Zoé;Travailleuse sociale;03 81 00 00 00;zoe.fictive@ccas.example"
YVES = "M.;N'Diayefictif;Yves;Accueil;06 39 98 12 34;yves@ccas.example"
ATTESTED = {f"attestation_{name}": "on" for name in ("lien", "poste", "adresse")}


def table(*rows: str, titles: str = TITRES) -> str:
    return "\r\n".join([titles, *rows])


@pytest.mark.parametrize(
    "content",
    [
        table(ZOE).encode("utf-8"),
        table(ZOE).encode("utf-8-sig"),
        table(ZOE).encode("cp1252"),
        table(ZOE).replace(";", ",").encode(),
        table(ZOE).replace(";", "\t").encode(),
        table(
            'Madame;"Fictive";Zoé;Travailleuse sociale;03 81 00 00 00;zoe.fictive@ccas.example;jamais lu'
        ).encode(),
        table(";;;;;", ZOE).encode(),
        "E-mail;NOM;prenom;fonction;telephone;civilite;Matricule\n"
        "zoe.fictive@ccas.example;Fictive;Zoé;Travailleuse sociale;03 81 00 00 00;mme;999".encode(),
    ],
)
def test_the_usual_encodings_separators_and_orders_are_read(content: bytes) -> None:
    (row,) = read_file(content)
    row.pop("numero")
    assert row == {
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Travailleuse sociale",
        "telephone": "03 81 00 00 00",
        "courriel": "zoe.fictive@ccas.example",
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Colonnes absentes"),
        ("Nom;Prénom\nFictive;Zoé".encode(), "Civilité, Fonction, Téléphone"),
        (TITRES.encode(), "aucune ligne"),
        (table(*[ZOE] * 201).encode(), "201 lignes"),
        (table('Mme;"Fictive;Zoé').encode(), "guillemet"),
        (b"PK\x03\x04\x00\x00\x00", "lisible"),
        (b"x" * 200_001, "200 Ko"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        read_file(content)


def give(gest: Any, *rows: str) -> ImportTechniciens:
    fichier = SimpleUploadedFile("techniciens.csv", table(*rows).encode("cp1252"), "text/csv")
    response = gest.post(url("techniciens_importer"), {"fichier": fichier})
    assert response.status_code == 302, response.text
    found: ImportTechniciens = ImportTechniciens.objects.get()
    return found


def confirm(gest: Any, importe: ImportTechniciens, **more: Any) -> Any:
    shown = gest.get(url("techniciens_import", importe.pk)).context["form"].initial
    return gest.post(url("techniciens_import", importe.pk), {**shown, **ATTESTED, "action": "creer", **more})


def test_the_template_is_read_as_it_is_once_filled_in(gest: Any) -> None:
    content = gest.get(url("techniciens_modele")).content
    assert read_file(content + ZOE.encode())[0]["nom"] == "Fictive"


def test_each_row_says_what_is_wrong_with_it(gest: Any, place: dict[str, Any]) -> None:
    taken = place["tech"].courriel
    importe = give(
        gest,
        ZOE,
        ZOE.replace("Zoé", "Zoélie"),
        YVES.replace("yves@ccas.example", "yves@gmail.com"),
        YVES.replace("yves@ccas.example", taken),
        YVES.replace("06 39 98 12 34", "12").replace("M.", "Docteur"),
    )
    page = gest.get(url("techniciens_import", importe.pk))
    said = {row.numero: dict(row.form.errors.items()) for row in page.context["a_corriger"]}
    assert said[3]["courriel"] == ["Cette adresse est déjà à la ligne 2."]
    assert "semble personnelle" in said[4]["courriel"][0]
    assert "utilise déjà cette adresse" in said[5]["courriel"][0]
    assert set(said[6]) == {"telephone", "civilite"}
    assert "Créer le compte correct" in page.text
    assert 'value="yves@gmail.com"' in page.text


def test_only_the_good_rows_are_created_and_the_others_wait(gest: Any, place: dict[str, Any]) -> None:
    importe = give(gest, ZOE, YVES, YVES.replace("yves@ccas.example", "yves@gmail.com"))
    response = confirm(gest, importe)
    assert response.status_code == 302
    created = Utilisateur.objects.filter(identifiant__in=["zoe.fictive", "yves.n-diayefictif"])
    assert {(user.fonction, user.telephone) for user in created} == {
        ("Travailleuse sociale", "+33381000000"),
        ("Accueil", "+33639981234"),
    }
    assert Attestation.objects.filter(utilisateur__in=created, par=place["gest"]).count() == 2 * len(
        NatureAttestation
    )
    assert Courriel.objects.filter(evenement="compte_activation", destinataire__in=created).count() == 2
    assert Courriel.objects.filter(evenement="compte_cree").count() == 1  # one word to the other gestionnaire
    assert Evenement.objects.get(objet="importtechniciens").details["comptes"] == 2
    importe.refresh_from_db()
    assert [sorted(row) for row in importe.lignes[:2]] == [["compte", "numero"]] * 2
    assert "yves@gmail.com" in gest.get(url("techniciens_import", importe.pk)).text


def test_a_row_is_corrected_in_the_page_and_what_is_still_wrong_is_kept(gest: Any) -> None:
    importe = give(gest, ZOE.replace("03 81 00 00 00", "12"), YVES.replace("yves@", "yves"))
    typed = {"l2-telephone": "03 81 00 00 01", "l3-fonction": "Accueil du public", "action": "corriger"}
    gest.post(url("techniciens_import", importe.pk), typed)
    page = gest.get(url("techniciens_import", importe.pk))
    assert [row.numero for row in page.context["prets"]] == [2]
    assert 'value="Accueil du public"' in page.text
    gest.post(url("techniciens_import", importe.pk), {"retirer_3": "1", "action": "corriger"})
    importe.refresh_from_db()
    assert [row["numero"] for row in importe.lignes] == [2]


def test_a_good_row_may_be_opened_again(gest: Any) -> None:
    importe = give(gest, ZOE)
    page = gest.post(url("techniciens_import", importe.pk), {"modifier": "2"}, follow=True)
    assert [row.numero for row in page.context["a_corriger"]] == [2]


def test_creating_keeps_the_corrections_typed_beside_it(gest: Any) -> None:
    importe = give(gest, ZOE, YVES.replace("06 39 98 12 34", "12"))
    page = confirm(gest, importe, **{"l3-fonction": "Chef de service"})
    assert page.status_code == 302
    importe.refresh_from_db()
    assert importe.lignes[1]["fonction"] == "Chef de service"
    assert not Utilisateur.objects.filter(prenom="Yves").exists()


def test_the_attestations_are_needed_and_nothing_is_created_without(gest: Any) -> None:
    importe = give(gest, ZOE)
    page = confirm(gest, importe, attestation_poste="")
    assert page.status_code == 422
    assert "Cochez l’attestation" in page.text
    assert not Utilisateur.objects.filter(prenom="Zoé").exists()


def test_a_double_click_creates_once(gest: Any) -> None:
    importe = give(gest, ZOE, YVES)
    shown = {
        **gest.get(url("techniciens_import", importe.pk)).context["form"].initial,
        **ATTESTED,
        "action": "creer",
    }
    for _ in range(2):
        assert gest.post(url("techniciens_import", importe.pk), shown).status_code == 302
    assert Utilisateur.objects.filter(prenom__in=["Zoé", "Yves"]).count() == 2


def test_a_row_that_became_wrong_meanwhile_stops_all(gest: Any, place: dict[str, Any]) -> None:
    importe = give(gest, ZOE, YVES)
    shown = {
        **gest.get(url("techniciens_import", importe.pk)).context["form"].initial,
        **ATTESTED,
        "action": "creer",
    }
    Utilisateur.objects.filter(pk=place["tech"].pk).update(courriel="yves@ccas.example")
    page = gest.post(url("techniciens_import", importe.pk), shown)
    assert page.status_code == 422
    assert "ligne 3. Aucun compte n’est créé" in page.text
    assert not Utilisateur.objects.filter(prenom__in=["Zoé", "Yves"]).exists()


def test_rows_that_somebody_changed_meanwhile_are_read_again(gest: Any) -> None:
    importe = give(gest, ZOE)
    shown = {
        **gest.get(url("techniciens_import", importe.pk)).context["form"].initial,
        **ATTESTED,
        "action": "creer",
    }
    gest.post(url("techniciens_import", importe.pk), {"l2-fonction": "Autre", "action": "corriger"})
    page = gest.post(url("techniciens_import", importe.pk), shown)
    assert (page.status_code, "relisez-les" in page.text) == (422, True)


def test_what_nobody_goes_on_with_is_deleted_after_seven_days(gest: Any) -> None:
    give(gest, ZOE)
    with clock.at(clock.now() + timedelta(days=8)):
        sweeps.run("imports_techniciens")
    assert not ImportTechniciens.objects.exists()
