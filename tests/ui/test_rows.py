"""The rows of long lists say what their template says."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

from portal.ui.rows import draw_rows

ENVOYEE = mark_safe("<span>Envoyée</span>")
LINE = "signalements/partner/_ligne.html"


@dataclass(frozen=True)
class Row:
    reference: str = "EP-251-7K3MX-42"
    url: str = "/espace-partenaire/demandes/EP-251-7K3MX-42/"
    personne: str = "Jeanne MARTIN"
    service: str = "Dossier"
    caisse: str = "CPAM du Doubs"
    statut: Any = ENVOYEE
    echeance: SafeString | str = ""
    derniere_action: str = "12/03/2026 10\u00a0h\u00a004"
    technicien: str = "Camille"
    urgente: bool = False
    non_lu: bool = False


ROWS = [
    Row(),
    Row(personne='<script>alert("&")</script>', urgente=True),
    Row(non_lu=True, echeance=mark_safe("<b>dans 2 jours</b>"), technicien=""),
    Row(urgente=True, non_lu=True, reference="EP-251-00000-00"),
    Row(),
]


@pytest.mark.parametrize("several", [True, False])
def test_rows_drawn_from_their_shape_are_those_of_the_template(several):
    template = engines["django"].get_template(LINE)
    plain = "".join(template.render({"ligne": row, "several": several}) for row in ROWS)
    assert draw_rows(LINE, ROWS, several=several) == plain


def test_a_field_that_is_neither_text_number_nor_boolean_is_refused():
    with pytest.raises(TypeError, match="list"):
        draw_rows(LINE, [Row(statut=["a"])], several=False)


def test_no_row_draws_nothing():
    assert draw_rows(LINE, [], several=False) == ""
