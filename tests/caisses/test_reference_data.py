"""The reference data: whole, dated, stable, and never taking back what somebody changed."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from accounts.models import VersionCgu
from accounts.reference_data import ENGAGEMENTS
from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif, Ressource, TypePiece
from caisses.reference_data import caisse_rows, lists
from portal.departements import DEPARTEMENTS
from portal.reference_data import load_all

KNOWN_CODES = Path(__file__).parent / "codes.txt"
"""Every code ever shipped: one may be added, none may disappear, since demandes name them."""


@pytest.mark.django_db
def test_everything_is_loaded_once() -> None:
    added = load_all()
    assert added["caisses"] == 107
    assert (added["cgu"], VersionCgu.objects.count()) == (1, 1)
    assert set(Motif.objects.values_list("liste", flat=True)) == set(ListeMotifs.values)
    # The kinds of demande may bring their own beside these.
    common = {entry["code"] for entry in lists()["types_pieces"]}
    assert TypePiece.objects.filter(code__in=common).count() == added["types_pieces"] == len(common)
    assert Ressource.objects.count() == added["ressources"]
    assert set(load_all().values()) == {0}
    call_command("load_reference", verbosity=0)
    assert Caisse.objects.count() == 107


@pytest.mark.django_db
def test_what_somebody_changed_stays() -> None:
    load_all()
    Caisse.objects.filter(code="251").update(nom="Ma caisse", active=True, delai_saisine=3)
    Motif.objects.filter(liste="CAUSE", code="LANGUE").update(libelle="Autre mot", valide_au=date(2026, 6, 1))
    load_all()
    caisse = Caisse.objects.get(code="251")
    assert (caisse.nom, caisse.active, caisse.delai_saisine) == ("Ma caisse", True, 3)
    motif = Motif.objects.get(liste="CAUSE", code="LANGUE")
    assert (motif.libelle, motif.valide_au) == ("Autre mot", date(2026, 6, 1))


@pytest.mark.django_db
def test_the_entry_of_a_caisse_hides_no_national_one() -> None:
    load_all()
    own = Caisse.objects.get(code="251")
    Motif.objects.filter(liste="CAUSE", code="LANGUE").delete()
    Motif.objects.create(liste="CAUSE", code="LANGUE", libelle="Chez nous", caisse=own)
    assert load_all()["motifs"] == 1


@pytest.mark.parametrize("row", list(caisse_rows()), ids=lambda row: row["code"])
def test_a_caisse_keeps_the_holidays_and_the_time_of_its_place(row: dict[str, object]) -> None:
    places = {
        "571": ("ALSACE_MOSELLE", "Europe/Paris"),
        "673": ("ALSACE_MOSELLE", "Europe/Paris"),
        "682": ("ALSACE_MOSELLE", "Europe/Paris"),
        "971": ("GUADELOUPE", "America/Guadeloupe"),
        "972": ("MARTINIQUE", "America/Martinique"),
        "973": ("GUYANE", "America/Cayenne"),
        "974": ("LA_REUNION", "Indian/Reunion"),
        "976": ("MAYOTTE", "Indian/Mayotte"),
    }
    expected = places.get(str(row["code"]), ("METROPOLE", "Europe/Paris"))
    assert (row["zone_feries"], row["fuseau"]) == expected
    ZoneInfo(str(row["fuseau"]))


def test_every_departement_has_a_caisse() -> None:
    served = {code for row in caisse_rows() for code in row["departements"]}
    assert len(served) == 101
    assert served <= set(dict(DEPARTEMENTS))


def test_every_code_ever_shipped_is_still_there_and_dated() -> None:
    data = lists()
    date.fromisoformat(data["valide_du"])
    shipped = {f"{liste}.{entry['code']}" for liste, entries in data["motifs"].items() for entry in entries}
    shipped |= {f"PIECE.{entry['code']}" for entry in data["types_pieces"]}
    shipped |= {f"RESSOURCE.{entry['code']}" for entry in data["ressources"]}
    known = set(KNOWN_CODES.read_text(encoding="utf-8").split())
    assert known == shipped, "add the new codes to codes.txt; never take one away"


def test_labels_fit_and_ask_nothing_forbidden() -> None:
    entries = [e for entries in lists()["motifs"].values() for e in entries]
    entries += lists()["types_pieces"] + lists()["ressources"]
    for entry in entries:
        assert len(entry["code"]) <= 40
        assert len(entry["libelle"]) <= 160
        assert len(entry.get("aide", "")) <= 300
        assert "'" not in entry["libelle"], "typographic apostrophes"
    assert len(ENGAGEMENTS) == 6


def test_every_resource_is_of_an_object_of_the_list() -> None:
    objects = {entry["code"] for entry in lists()["motifs"]["OBJET_CONTACT"]}
    for entry in lists()["ressources"]:
        assert entry["objets"], entry["code"]
        assert set(entry["objets"]) <= objects
