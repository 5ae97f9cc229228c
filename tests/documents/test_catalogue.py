"""The catalogue of documents: what it may declare, what it warns of, and the nine entries shipped."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from documents.catalogue import WrongCatalogue, read_fields, read_warnings, warnings_for
from documents.models import EntreeCatalogue
from documents.reference_data import load_catalogue, shipped

TODAY = date(2026, 11, 22)
CHOIX = {"code": "type", "libelle": "Type", "type": "CHOIX", "choix": [["A", "Un"], ["B", "Deux"]]}


def test_the_nine_documents_are_shipped_and_well_written():
    codes = [entry["code"] for entry in shipped()]
    assert codes == [
        "ATTESTATION_DROITS",
        "NOTIF_DROITS",
        "CEAM_CERTIF",
        "VITALE_PERTE_VOL",
        "BON_VACCINATION",
        "BON_DEPISTAGE",
        "MT_DENTS",
        "INVITATION_EPS",
        "AUTRE",
    ]
    for entry in shipped():
        EntreeCatalogue(**{**entry, "valide_du": None}).clean_fields(exclude=["caisse"])
        EntreeCatalogue(**entry).clean()
        assert "'" not in entry["libelle"] + entry["aide"]


@pytest.mark.django_db
def test_the_catalogue_is_loaded_once_and_what_somebody_changed_stays():
    assert load_catalogue() == 9
    EntreeCatalogue.objects.filter(code="AUTRE").update(libelle="Autre mot")
    assert load_catalogue() == 0
    assert EntreeCatalogue.objects.get(code="AUTRE").libelle == "Autre mot"


@pytest.mark.parametrize(
    "raw",
    [
        {"code": "a"},
        [{"code": "a", "libelle": "A", "type": "SCRIPT"}],
        [{"code": "a", "libelle": "A", "type": "DATE", "html": "<b>"}],
        [{"code": "A b", "libelle": "A", "type": "DATE"}],
        [{"code": "a", "libelle": "A", "type": "DATE"}] * 2,
        [{"code": "a", "libelle": "A", "type": "CHOIX"}],
        [{"code": "a", "libelle": "A", "type": "CHOIX", "choix": ["A"]}],
        [{"code": "a", "libelle": "A", "type": "DATE", "requis": "oui"}],
        [{"code": "a", "libelle": "A", "type": "DATE", "si": "type=A"}],
        [CHOIX, {"code": "a", "libelle": "A", "type": "DATE", "si": "type=Z"}],
        [{"code": "a", "libelle": "A", "type": "PERIODE", "mois_max": 60}],
        [{"code": f"a{rank}", "libelle": "A", "type": "DATE"} for rank in range(13)],
    ],
)
def test_a_field_outside_the_closed_set_is_refused(raw):
    with pytest.raises(WrongCatalogue):
        read_fields(raw)
    with pytest.raises(ValidationError):
        EntreeCatalogue(champs=raw).clean()


def test_a_warning_names_what_exists():
    champs = read_fields([CHOIX])
    for raw in (
        [{"si": "type=A"}],
        [{"texte": "A", "champ": "type", "jours": 3}],
        [{"texte": "A", "si": "type=Z"}],
    ):
        with pytest.raises(WrongCatalogue):
            read_warnings(raw, champs)


@pytest.mark.parametrize(
    ("code", "answers", "birth", "civilite", "count"),
    [
        ("MT_DENTS", {}, date(2020, 1, 1), "", 0),
        ("MT_DENTS", {}, date(2002, 11, 22), "", 0),
        ("MT_DENTS", {}, date(2001, 11, 22), "", 1),
        ("MT_DENTS", {}, date(2024, 1, 1), "", 1),
        ("MT_DENTS", {}, None, "", 0),
        ("BON_DEPISTAGE", {"type": "SEIN"}, date(1970, 1, 1), "MME", 0),
        ("BON_DEPISTAGE", {"type": "SEIN"}, date(1990, 1, 1), "M", 2),
        ("BON_DEPISTAGE", {"type": "COLORECTAL"}, date(1970, 1, 1), "M", 0),
        ("BON_DEPISTAGE", {"type": "SEIN"}, date(1970, 1, 1), "NP", 0),
        ("CEAM_CERTIF", {"depart": date(2026, 12, 6)}, None, "", 1),
        ("CEAM_CERTIF", {"depart": date(2026, 12, 7)}, None, "", 0),
        ("INVITATION_EPS", {}, date(2012, 1, 1), "", 1),
    ],
)
def test_limits_warn_and_never_refuse(code, answers, birth, civilite, count):
    entry = next(entry for entry in shipped() if entry["code"] == code)
    alertes = EntreeCatalogue(**entry).alertes_lues
    found = warnings_for(alertes, answers=answers, today=TODAY, naissance=birth, civilite=civilite)
    assert len(found) == count
