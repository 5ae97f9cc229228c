"""The page of the statistics and its exports: masked below five, of one's own caisse, journaled."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal import clock, sweeps
from portal.audit.models import Evenement
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in

END = datetime(2026, 9, 10, 12, tzinfo=UTC)
AUGUST = date(2026, 8, 3)
TABLES = ("volumes", "delais", "promesse", "urgences", "retours", "structures")


@pytest.fixture
def superviseur(lieu: Any) -> Client:
    return sign_in(StrangerClient(), lieu.superviseur.user)


def read(client: Client, query: str = "") -> str:
    with clock.at(END):
        answer = client.get(f"{reverse('signalements:statistiques')}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def exported(client: Client, slug: str, query: str = "") -> list[list[str]]:
    with clock.at(END):
        answer = client.get(f"{reverse('signalements:statistiques_csv', args=[slug])}{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def some(lieu: Any, count: int, **fields: Any) -> None:
    for place in range(count):
        lieu.vecue(AUGUST, AUGUST + timedelta(days=2 * place + 2), **fields)


def test_titles_say_the_finding(lieu: Any, superviseur: Client) -> None:
    some(lieu, 9)
    some(lieu, 3, dans_delai=False, waited=1)
    with clock.at(END):
        sweeps.run("statistiques")
    page = read(superviseur)
    assert "12 demandes reçues, 12 décisions" in page
    assert "La moitié des décisions est rendue en 6\u00a0jours au plus (6\u00a0jours hors attente)" in page
    assert "75\u00a0% des réponses arrivent dans le délai promis" in page
    assert page.count('role="img"') == 4
    assert "style=" not in page


def test_small_numbers_are_masked_on_the_page_and_in_the_exports(lieu: Any, superviseur: Client) -> None:
    some(lieu, 6, structure=lieu.voisine)
    some(lieu, 3)
    some(lieu, 1, urgente=True)
    rows = exported(superviseur, "structures")
    assert [row[1] for row in rows[1:]] == ["masqué", "masqué", "10"]  # 4 alone would be read from 10 and 6
    urgent = exported(superviseur, "urgences")
    assert urgent[-1][1:] == ["10", "masqué", "masqué"]
    assert "masqué" in read(superviseur)
    delays = exported(superviseur, "delais", f"?structure={lieu.structure.pk}")
    assert delays[-1][1:] == ["masqué"] * 7
    assert "Pas assez de données (moins de 5 demandes)." in read(
        superviseur, f"?structure={lieu.structure.pk}"
    )


def test_another_caisse_sees_nothing_of_it(lieu: Any, superviseur: Client) -> None:
    some(lieu, 12)
    with clock.at(END):
        sweeps.run("statistiques")
    elsewhere = sign_in(StrangerClient(), lieu.superviseur_ailleurs.user)
    assert "Pas assez de données" in read(elsewhere)
    for slug in TABLES:
        numbers = [cell for row in exported(elsewhere, slug)[1:] for cell in row[1:]]
        assert set(numbers) <= {"0", "", "masqué"}, slug
    # A structure of another caisse narrows nothing, rather than show it.
    assert exported(elsewhere, "volumes", f"?structure={lieu.voisine.pk}") == exported(elsewhere, "volumes")
    assert "Erreur" not in read(elsewhere, f"?structure={lieu.voisine.pk}&periode=toujours")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_each_table_is_exported_and_journaled(lieu: Any, superviseur: Client, format: str) -> None:
    some(lieu, 6)
    for slug in TABLES:
        with clock.at(END):
            answer = superviseur.get(reverse(f"signalements:statistiques_{format}", args=[slug]))
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(f'statistiques-{slug}-2026-09-10.{format}"')
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    said = Evenement.objects.filter(verbe="export").values_list("details__tableau", "details__format")
    assert sorted(said) == sorted((slug, format) for slug in TABLES)
    with clock.at(END):
        address = reverse(f"signalements:statistiques_{format}", args=["autre"])
        assert superviseur.get(address).status_code == 404
