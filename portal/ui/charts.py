"""Charts as SVG of our own: no style, no script, colours by tokens, never by colour alone.

Places across are percentages and sizes of text are pixels, so that a chart fits 320 pixels as it fits a desk. Each
has a title and a description, and stands beside the table it is drawn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from portal.ui.text import thousands

Value = int | float | None
PLOT = 180
"""Height of the plot, in pixels."""
TOP, BOTTOM = 22, 26
FACTORS = (2, 2.5, 2)
"""From 1 to 2, 5, 10, 20, 50…"""
MOST_SERIES = 2


@dataclass(frozen=True)
class Serie:
    """Values in the order of the categories; None is a value that is unknown or masked."""

    nom: str
    valeurs: Sequence[Value]


@dataclass(frozen=True)
class Graphique:
    """Columns by category (months), in one or two series: the second one is hatched.

    Attributes:
        id: unique in the page.
        titre: the sentence that says what is to be seen.
        categories: the words under the columns.
        series: one or two.
        unite: what follows a value (« % », « jours »).
        repere: a line across, with its words.
    """

    id: str
    titre: str
    categories: Sequence[str]
    series: Sequence[Serie]
    unite: str = ""
    repere: tuple[float, str] | None = None


@dataclass(frozen=True)
class Barres:
    """Horizontal bars: (words, value) from the longest to the shortest."""

    id: str
    titre: str
    lignes: Sequence[tuple[str, Value]]
    unite: str = ""


def shown_value(value: Value, unite: str = "") -> str:
    """A value as it is written on a chart: « 1 204 », « 12,5 », « 87 % », « masqué »."""
    if value is None:
        return "masqué"
    text = thousands(value) if isinstance(value, int) else f"{value:.1f}".replace(".", ",").removesuffix(",0")
    return f"{text}\u00a0{unite}" if unite else text


def scale(highest: float) -> tuple[float, float]:
    """The top of the axis and the step between its lines: at most five lines, on round numbers."""
    step, factor = 1.0, 0
    while step * 5 < highest:
        step *= FACTORS[factor % 3]
        factor += 1
    top = step
    while top < highest:
        top += step
    return top, step


def columns(chart: Graphique) -> SafeString:
    """Draw columns."""
    series = chart.series[:MOST_SERIES]
    values = [value for serie in series for value in serie.valeurs if value is not None]
    mark = [chart.repere[0]] if chart.repere else []
    top, step = scale(max([*values, *mark, 1]))
    parts = [_grid(top, step), *_columns_of(chart, series, top), _labels(chart.categories)]
    if chart.repere:
        parts.append(_mark(chart.repere, top))
    height = TOP + PLOT + BOTTOM
    return SafeString(
        f'<svg class="ep-chart__plot" width="100%" height="{height}" role="img" '
        f'aria-labelledby="{chart.id}-titre {chart.id}-desc" focusable="false">'
        f'<title id="{chart.id}-titre">{escape(chart.titre)}</title>'
        f'<desc id="{chart.id}-desc">{escape(describe(chart))}</desc>{_hatches(chart.id)}{"".join(parts)}</svg>'
    )


def describe(chart: Graphique) -> str:
    """What the columns say, in one sentence a series; every value stands in the table beside them."""
    said = []
    for serie in chart.series:
        known = [
            (value, name)
            for value, name in zip(serie.valeurs, chart.categories, strict=True)
            if value is not None
        ]
        if known:
            (low, when_low), (high, when_high) = min(known, key=_value), max(known, key=_value)
            said.append(
                f"{serie.nom}\u00a0: de {shown_value(low, chart.unite)} ({when_low}) "
                f"à {shown_value(high, chart.unite)} ({when_high})."
            )
    return " ".join(said) or "Aucune valeur."


def _value(pair: tuple[float, str]) -> float:
    return pair[0]


def _y(value: float, top: float) -> float:
    return round(TOP + PLOT * (1 - value / top), 1)


def _grid(top: float, step: float) -> str:
    lines, value = [], 0.0
    while value <= top:
        y = _y(value, top)
        lines.append(
            f'<line x1="0" x2="100%" y1="{y}" y2="{y}" class="ep-chart__{"axis" if not value else "grid"}"/>'
        )
        if value:
            number = int(value) if value == int(value) else value
            lines.append(f'<text x="0" y="{y - 4}" class="ep-chart__scale">{shown_value(number)}</text>')
        value += step
    return "".join(lines)


def _columns_of(chart: Graphique, series: Sequence[Serie], top: float) -> list[str]:
    count = max(len(chart.categories), 1)
    # The first tenth is left to the scale.
    slot = 92 / count
    width = slot * (0.62 if len(series) == 1 else 0.36)
    parts = []
    for rank, serie in enumerate(series):
        fill = f' fill="url(#{chart.id}-hachures)"' if rank else ""
        css = "ep-chart__bar--hatched" if rank else "ep-chart__bar"
        for place, value in enumerate(serie.valeurs):
            left = 8 + slot * place + (slot - width * len(series)) / 2 + width * rank
            middle = f"{left + width / 2:.2f}%"
            if value is None:
                parts.append(f'<text x="{middle}" y="{TOP + PLOT - 4}" class="ep-chart__none">–</text>')
                continue
            y = _y(value, top)
            height = round(TOP + PLOT - y, 1)
            parts.append(
                f'<rect x="{left:.2f}%" y="{y}" width="{width:.2f}%" height="{height}" class="{css}"{fill}/>'
            )
            if len(series) == 1 or count <= 4:
                parts.append(
                    f'<text x="{middle}" y="{y - 4}" class="ep-chart__value">{shown_value(value)}</text>'
                )
    return parts


def _labels(categories: Sequence[str]) -> str:
    count = max(len(categories), 1)
    slot = 92 / count
    y = TOP + PLOT + 17
    # A narrow screen shows one label in two.
    return "".join(
        f'<text x="{8 + slot * (place + 0.5):.2f}%" y="{y}" '
        f'class="ep-chart__label{" ep-chart__label--odd" if place % 2 and count > 6 else ""}">{escape(name)}</text>'
        for place, name in enumerate(categories)
    )


def _mark(repere: tuple[float, str], top: float) -> str:
    y = _y(repere[0], top)
    return (
        f'<line x1="0" x2="100%" y1="{y}" y2="{y}" class="ep-chart__mark"/>'
        f'<text x="100%" y="{y - 4}" class="ep-chart__mark-label">{escape(repere[1])}</text>'
    )


def _hatches(chart_id: str) -> str:
    return (
        f'<defs><pattern id="{chart_id}-hachures" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" class="ep-chart__hatch-bg"/>'
        '<line x1="0" x2="0" y1="0" y2="6" class="ep-chart__hatch"/></pattern></defs>'
    )


def legend(chart: Graphique) -> SafeString:
    """The words of two series, with a piece of each look; nothing for one."""
    if len(chart.series) < 2:
        return SafeString("")
    items = []
    for rank, serie in enumerate(chart.series[:MOST_SERIES]):
        fill = f' fill="url(#{chart.id}-hachures)"' if rank else ""
        css = "ep-chart__bar--hatched" if rank else "ep-chart__bar"
        items.append(
            '<li><svg width="16" height="16" aria-hidden="true" focusable="false">'
            f'<rect x="1" y="1" width="14" height="14" class="{css}"{fill}/></svg> {escape(serie.nom)}</li>'
        )
    return SafeString(f'<ul class="ep-chart__legend">{"".join(items)}</ul>')


def bars(chart: Barres) -> SafeString:
    """Draw horizontal bars: words and values are text, the bars only show them."""
    highest = max([value for _, value in chart.lignes if value is not None] or [1]) or 1
    rows = []
    for words, value in chart.lignes:
        width = 0 if value is None else round(100 * value / highest, 1)
        rows.append(
            f'<li><span class="ep-bars__words">{escape(words)}</span>'
            f'<span class="ep-bars__value">{shown_value(value, chart.unite)}</span>'
            '<svg class="ep-bars__bar" width="100%" height="12" aria-hidden="true" focusable="false">'
            f'<rect width="100%" height="12" class="ep-bars__track"/>'
            f'<rect width="{width}%" height="12" class="ep-chart__bar"/></svg></li>'
        )
    return SafeString(f'<ul class="ep-bars" aria-label="{escape(chart.titre)}">{"".join(rows)}</ul>')


def chart(chart: Graphique | Barres) -> SafeString:
    """Draw a chart, with its legend."""
    if isinstance(chart, Barres):
        return bars(chart)
    return SafeString(f'<div class="ep-chart">{legend(chart)}{columns(chart)}</div>')
