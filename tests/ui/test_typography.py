"""French typography: the curly apostrophe in every sentence shown, and « 1er » where a day is in words."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from portal.ui.text import day_in_words, moment
from tests.ui.rendering import draw

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "caisses", "partners", "accounts", "documents", "signalements")
STRAIGHT = re.compile(
    r"(?<![A-Za-zÀ-ÿ])(?:[LDJNSCMT]|Qu|Jusqu|Lorsqu|Puisqu|Aujourd)'[A-Za-zÀ-ÿ{«]", re.IGNORECASE
)
# An apostrophe as it is typed in a name.
TYPED = {"portal/validators.py"}


def sources() -> Iterator[Path]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if name not in TYPED and "/migrations/" not in name:
                yield path


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node


def test_sentences_of_the_code_have_curly_apostrophes():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in sources()
        for node in literals(ast.parse(path.read_text(encoding="utf-8")))
        if STRAIGHT.search(str(node.value))
    ]

    assert found == []


def test_templates_have_curly_apostrophes_and_write_days_and_hours_with_the_filters():
    kinds = (ROOT / "signalements" / "kinds").glob("*/templates")
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for folder in (ROOT / "templates", *kinds)
        for path in folder.rglob("*.*")
        for pattern in (STRAIGHT, re.compile(r'\|date:"[^"]*j F|H:i'))
        if (match := pattern.search(path.read_text(encoding="utf-8")))
    ]

    assert found == []


def test_an_hour_is_written_in_words_but_in_a_field_a_key_or_a_spreadsheet():
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        for node in literals(ast.parse(path.read_text(encoding="utf-8")))
        if re.search(r"%H:%M|H:i", str(node.value))
    }

    assert found <= {
        "portal/exports.py",
        "portal/admin_models.py",
        "signalements/kinds/rendez_vous/plage_forms.py",
    }
    assert draw("{{ day }}", day=datetime(2026, 4, 2, 7, 5, tzinfo=UTC)) == "2 avril 2026 à 9\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("day", "words", "written"),
    [
        (date(2026, 4, 1), "j F Y", "1er avril 2026"),
        (date(2026, 4, 1), "l j F", "mercredi 1er avril"),
        (date(2026, 4, 11), "j F Y", "11 avril 2026"),
        (date(2026, 4, 21), "l j F Y", "mardi 21 avril 2026"),
    ],
)
def test_the_first_of_the_month_is_written_1er(day, words, written):
    assert day_in_words(day, words) == written
    assert draw("{{ day|ui_jour:words }}", day=day, words=words) == written


def test_a_moment_is_written_in_the_time_of_the_reader_and_nothing_without_a_day():
    assert draw("{{ day|ui_jour }}", day=datetime(2026, 3, 31, 22, 30, tzinfo=UTC)) == "1er avril 2026"
    assert draw("{{ day|ui_jour }}", day=None) == ""
    assert moment(datetime(2026, 4, 1, 9, 5, tzinfo=UTC)) == "1er avril 2026 à 9\u00a0h\u00a005"
