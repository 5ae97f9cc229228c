"""Exports: typed cells, no formula, a length that is told."""

import csv
import io
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import exports
from portal.exports import FORMULA_SIGNS, Tableau, TooManyRows, export_response, harmless, write_export

MOMENT = datetime(2026, 7, 14, 12, 30, tzinfo=UTC)
ROW = ["EP-251-7K3M2-42", 12, 12.5, date(2026, 12, 24), MOMENT, None]
NAMES = ["Référence", "Jours", "Moyenne", "Envoyée le", "Action", "Vide"]


def exported(rows: Any, format: str, names: Any = NAMES) -> bytes:
    with write_export(Tableau("Demandes", names, rows), format).fichier as fichier:
        return fichier.read()


def sheet(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_csv_is_what_a_french_spreadsheet_opens() -> None:
    content = exported([ROW], "csv")
    assert content.startswith(b"\xef\xbb\xbfR\xc3\xa9f\xc3\xa9rence;")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [NAMES, ["EP-251-7K3M2-42", "12", "12,5", "24/12/2026", "14/07/2026 14:30", ""]]


def test_xlsx_holds_true_dates_and_numbers() -> None:
    xml = sheet(exported([ROW], "xlsx"))
    assert re.search(r'<c r="B2"><v>12</v>', xml)
    assert re.search(r'<c r="D2" s="\d+"><v>46380</v>', xml)  # 24 December 2026, as a day number
    assert re.search(r'<c r="E2" s="\d+"><v>46217\.604', xml)  # 14 July 2026, 14:30 in Paris
    assert '<autoFilter ref="A1:F2"/>' in xml


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_cell_begins_like_a_formula(sign: str, format: str) -> None:
    content = exported([[f"{sign}1+1"], [f"  {sign}cmd"]], format, [f"{sign}HYPERLINK()"])
    if format == "csv":
        cells = [
            row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        ]
    else:
        assert "<f>" not in sheet(content)
        cells = re.findall(r"<t[^>]*>(.*?)</t>", sheet(content), re.DOTALL)
    assert len(cells) == 3
    assert all(cell.startswith(("'", "&apos;")) for cell in cells)


@given(st.text())
def test_a_harmless_text_never_begins_with_a_sign(text: str) -> None:
    assert not harmless(text).lstrip(" ").startswith(FORMULA_SIGNS)
    assert harmless(text).endswith(text)


def test_too_many_rows_are_refused_rather_than_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    assert exported([["1"]] * 3, "csv", ["A"]).count(b"1\r\n") == 3
    with pytest.raises(TooManyRows, match="lignes"):
        write_export(Tableau("T", ["A"], (["1"] for _ in range(4))), "xlsx")


def test_four_times_the_rows_cost_no_more_memory() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        with write_export(Tableau("T", NAMES, (ROW for _ in range(count))), "xlsx").fichier:
            _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(1_200) < peak(300) + 300_000


def test_nothing_keeps_the_file() -> None:
    exporte = write_export(Tableau("T", ["A"], [["é"]]), "csv")
    response = export_response(exporte, "demandes-2026-11-22", "csv")
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == 'attachment; filename="demandes-2026-11-22.csv"'
    with exporte.fichier as fichier:
        assert fichier.read().decode("utf-8-sig") == "A\r\né\r\n"
