"""The structure's list, taken away and walked through: no identity, the same filters, the same place."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.audit.models import Evenement
from signalements.enums import Statut
from signalements.models import Demande, StatistiqueMensuelle
from tests import factories as f

pytestmark = pytest.mark.django_db

LIST = "signalements:demandes"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def exported(client: Client, **params: str) -> list[dict[str, str]]:
    text = body(client.get(reverse("signalements:demandes_csv"), params)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def several(monde: Any, count: int, **fields: Any) -> list[Demande]:
    """Demandes whose last action goes back a day each, the latest first."""
    now = clock.now()
    return [
        f.demande(
            monde.convention,
            monde.technicien,
            **{"statut": Statut.EN_COURS, "modifiee_le": now - timedelta(days=place)} | fields,
        )
        for place in range(count)
    ]


def test_the_export_holds_dates_and_delays_and_nobody(tech: Client, monde: Any) -> None:
    sent = clock.now() - timedelta(days=9)
    done = f.demande(
        monde.convention,
        monde.technicien,
        statut=Statut.TRAITEE,
        envoyee_le=sent,
        cree_le=sent,
        jours_attente=4,
        personne={"nom_naissance": "Introuvable", "prenom": "Personne"},
    )
    (row,) = exported(tech)
    assert (row["Référence"], row["Statut"], row["Issue"]) == (done.reference, "Traitée", "Droits ouverts")
    assert (row["Délai (jours)"], row["Délai hors attente (jours)"]) == ("9", "5")
    assert row["Envoyée le"] == f"{clock.local_date(sent):%d/%m/%Y}"
    assert row["Technicien"] == monde.technicien.get_full_name()
    xlsx = body(tech.get(reverse("signalements:demandes_xlsx")))
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        content = "".join(book.read(name).decode() for name in book.namelist())
    for text in (content, str(row)):
        assert done.reference in text
        assert "ntrouvable" not in text
        assert "1984" not in text
    said = Evenement.objects.filter(verbe="export").values_list("details", flat=True)
    assert sorted((one["format"], one["lignes"]) for one in said) == [("csv", 1), ("xlsx", 1)]


def test_the_export_keeps_the_filters_and_the_search(tech: Client, monde: Any) -> None:
    late, urgent, other = several(monde, 3)
    Demande.objects.filter(pk=late.pk).update(echeance=clock.today() - timedelta(days=2))
    reason = f.Motif.objects.get(liste="URGENCE")
    Demande.objects.filter(pk=urgent.pk).update(urgente=True, motif_urgence=reason)
    closed = f.demande(monde.convention, monde.technicien, statut=Statut.TRAITEE, personne={"prenom": "Zoé"})

    def found(**params: str) -> set[str]:
        return {row["Référence"] for row in exported(tech, **params)}

    assert found(retard="oui") == {late.reference}
    assert found(urgence="oui") == {urgent.reference}
    assert found(issue="DROITS_OUVERTS") == {closed.reference}
    assert found(onglet="en-cours") == {late.reference, urgent.reference, other.reference}
    address = tech.post(reverse(LIST), {"q": "zoe", "onglet": "toutes"})["Location"]
    number = address.rpartition("recherche=")[2]
    assert found(recherche=number) == {closed.reference}
    page = tech.get(reverse(LIST), {"retard": "oui"}).content.decode()
    assert late.reference in page
    assert other.reference not in page


def test_what_a_spreadsheet_would_run_is_harmless_in_what_is_taken_away(tech: Client, monde: Any) -> None:
    several(monde, 2)
    type(monde.doubs).objects.filter(pk=monde.doubs.pk).update(nom="=HYPERLINK(1)")
    assert [row["Caisse"] for row in exported(tech)] == ["'=HYPERLINK(1)"] * 2
    with zipfile.ZipFile(io.BytesIO(body(tech.get(reverse("signalements:demandes_xlsx"))))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_another_structure_is_never_in_the_export(tech: Client, monde: Any) -> None:
    f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    assert exported(tech) == []


def links_of(page: str) -> dict[str, str]:
    nav = re.search(r'<nav[^>]*aria-label="Liste de demandes">(.*?)</nav>', page, re.DOTALL)
    assert nav
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', nav[1], re.DOTALL)
    return {re.sub("<[^>]*>", "", words).strip(): url.replace("&amp;", "&") for url, words in found}


def test_one_goes_through_the_list_and_comes_back_to_the_same_page(tech: Client, monde: Any) -> None:
    rows = several(monde, 27)
    several(monde, 2, statut=Statut.TRAITEE)
    page = tech.get(reverse(LIST), {"onglet": "en-cours"}).content.decode()
    url = re.search(rf'href="([^"]*{rows[24].reference}[^"]*)"', page)
    assert url
    links = links_of(tech.get(url[1].replace("&amp;", "&")).content.decode())
    assert f"{rows[23].reference}/?" in links["Précédente"]
    assert f"{rows[25].reference}/?" in links["Suivante"]
    # Past the last row of the page, the way back leads to the next page.
    ahead = links_of(tech.get(links["Suivante"]).content.decode())
    assert rows[25].reference in tech.get(ahead["Revenir à la liste"]).content.decode()
    assert rows[24].reference not in tech.get(ahead["Revenir à la liste"]).content.decode()
    assert f"{rows[24].reference}/?" in ahead["Précédente"]
    again = links_of(tech.get(ahead["Précédente"]).content.decode())
    assert rows[0].reference in tech.get(again["Revenir à la liste"]).content.decode()
    last = links_of(tech.get(ahead["Suivante"]).content.decode())
    assert "Suivante" not in last


def test_a_demande_that_changed_meanwhile_keeps_its_neighbours(tech: Client, monde: Any) -> None:
    rows = several(monde, 3)
    page = tech.get(reverse(LIST), {"onglet": "en-cours"}).content.decode()
    url = re.search(rf'href="([^"]*{rows[1].reference}[^"]*)"', page)
    assert url
    Demande.objects.filter(pk=rows[1].pk).update(
        statut=Statut.A_COMPLETER, modifiee_le=clock.now(), suspendue_le=clock.today(), reste_jours=2
    )
    links = links_of(tech.get(url[1].replace("&amp;", "&")).content.decode())
    assert f"{rows[0].reference}/?" in links["Précédente"]
    assert f"{rows[2].reference}/?" in links["Suivante"]


@pytest.mark.parametrize("query", ["place=x", "place=WyI-Il0", "place=x&rang=zz", "place=x&page=x&rang=-1"])
def test_a_forged_place_leads_nowhere(tech: Client, monde: Any, query: str) -> None:
    (row,) = several(monde, 1)
    assert tech.get(f"{reverse('signalements:demande', args=[row.reference])}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("sent", "urgent", "said"),
    [
        (4, 2, ""),
        (40, 0, "aucune des 40 demandes"),
        (40, 3, "moins de 5 des 40 demandes"),
        (40, 10, "25\u00a0% des demandes"),
    ],
)
def test_the_monthly_share_of_urgent_demandes_is_said(
    tech: Client, monde: Any, sent: int, urgent: int, said: str
) -> None:
    cache.clear()
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    for by in (monde.valbrume, monde.roche):
        StatistiqueMensuelle.objects.create(
            caisse=monde.doubs, partenaire=by, fonction="SAISINE", mois=month, recues=sent, urgentes=urgent
        )
    page = tech.get(reverse(LIST)).content.decode()
    assert (said in page) if said else ("signalées urgentes" not in page)
