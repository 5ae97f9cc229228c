"""The statistics as they are shown: for each table a sentence that says the finding, a chart, rows, masks.

Counts from 1 to 4 are masked wherever they are counts of demandes, with whatever would give them away
(`portal.small_numbers`); so are delays and shares reckoned on fewer than five.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from caisses.enums import Fonction
from portal.small_numbers import SMALLEST, is_small, shown, shown_total
from portal.ui.charts import Barres, Graphique, Serie
from portal.ui.text import MOIS, NBSP, thousands
from signalements.labels import SERVICES
from signalements.queries.statistiques import Lecture, Mesures

MASQUE = "masqué"
ENSEMBLE = "Ensemble"
PAS_ASSEZ = "Pas assez de données (moins de 5 demandes)"
COURTS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
MOST_BARS = 8

Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """A table of the statistics.

    Attributes:
        slug: its name in addresses and files.
        titre: the sentence that says the finding.
        legende: what the table holds.
        colonnes: the words of its header.
        lignes: its rows, the first cell being their heading.
        graphique: its chart; None when there is too little to draw.
        cles: what each row is about, in the order of the rows, for links; empty without.
    """

    slug: str
    titre: str
    legende: str
    colonnes: tuple[str, ...]
    lignes: list[list[Cell]]
    graphique: Graphique | Barres | None = None
    cles: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mots:
    """The names the tables need: structures and reasons by id."""

    structures: dict[int, str]
    raisons: dict[int, str]


def tables_of(lecture: Lecture, mots: Mots, *, services: bool, structures: bool) -> list[Table]:
    """Every table, in order; those by kind and by structure only when all of them are asked."""
    found = [volumes(lecture), delais(lecture), promesse(lecture), urgences(lecture), retours(lecture, mots)]
    if services and len(lecture.par_service) > 1:
        found.append(par_service(lecture))
    if structures:
        found.append(par_structure(lecture, mots))
    return found


def month_name(month: date) -> str:
    """« mars 2026 »."""
    return f"{MOIS[month.month - 1]} {month.year}"


def _short(month: date) -> str:
    return COURTS[month.month - 1]


def _cells(counts: Sequence[int], *, total: bool = True) -> list[Cell]:
    """Counts beside their total, masked; the total at the end."""
    cells: list[Cell] = [MASQUE if count is None else count for count in shown(counts)]
    if total:
        whole = shown_total(counts)
        cells.append(MASQUE if whole is None else whole)
    return cells


def _measured(value: float | None, base: int) -> Cell:
    """A delay or a mean reckoned on `base` cases."""
    if value is None:
        return "–"
    return MASQUE if base < SMALLEST else round(value, 1)


def _share(part: int, base: int) -> int | None:
    """A share in percent, None when it rests on fewer than five."""
    return round(100 * part / base) if base >= SMALLEST else None


def _percent(part: int, base: int) -> Cell:
    share = _share(part, base)
    if share is None:
        return MASQUE if base else "–"
    return f"{share}{NBSP}%"


def _columns(*columns: Sequence[Cell]) -> list[list[Cell]]:
    return [list(row) for row in zip(*columns, strict=True)]


def _by_month(lecture: Lecture, cell: Callable[[Mesures], Cell]) -> list[Cell]:
    """A cell a month, and one for the period."""
    return [cell(row) for row in [*lecture.par_mois.values(), lecture.ensemble]]


def _months(lecture: Lecture) -> list[Cell]:
    return [*(month_name(month) for month in lecture.par_mois), ENSEMBLE]


def _chart(
    lecture: Lecture, slug: str, titre: str, unite: str, *series: tuple[str, Sequence[Cell]]
) -> Graphique:
    """Columns by month; what is masked or unknown is not drawn. Cells beyond the months are left out."""
    count = len(lecture.par_mois)
    drawn = [
        Serie(name, [value if isinstance(value, int | float) else None for value in values[:count]])
        for name, values in series
    ]
    return Graphique(f"g-{slug}", titre, [_short(month) for month in lecture.par_mois], drawn, unite)


def volumes(lecture: Lecture) -> Table:
    """Received, decided, open at the end of each month."""
    whole = lecture.ensemble
    months = list(lecture.par_mois.values())
    received, decided = _cells([row.recues for row in months]), _cells([row.decidees for row in months])
    stock: list[Cell] = [
        MASQUE if is_small(count) or MASQUE in (got, done) else count
        for count, got, done in zip(lecture.stock.values(), received[:-1], decided[:-1], strict=True)
    ]
    now = lecture.maintenant.ouvertes
    stock.append(MASQUE if is_small(now) else now)
    if whole.recues < SMALLEST or whole.decidees < SMALLEST:
        titre = PAS_ASSEZ
    else:
        change = whole.entrees - whole.sorties
        trend = "augmente" if change > 0 else "baisse" if change < 0 else "reste stable"
        titre = (
            f"{thousands(whole.recues)} demandes reçues, {thousands(whole.decidees)} décisions{NBSP}: "
            f"le nombre de demandes ouvertes {trend}"
        )
    return Table(
        "volumes",
        titre,
        "Demandes reçues, décisions et demandes ouvertes, par mois",
        ("Mois", "Reçues", "Décisions", "Ouvertes en fin de mois"),
        _columns(_months(lecture), received, decided, stock),
        _chart(lecture, "volumes", titre, "", ("Reçues", received), ("Décisions", decided)),
    )


def delais(lecture: Lecture) -> Table:
    """Delays, gross and net: median, mean, 90th percentile."""
    whole = lecture.ensemble

    def column(measure: Callable[[Mesures], float | None]) -> list[Cell]:
        return _by_month(lecture, lambda row: _measured(measure(row), row.mesurees))

    gross, net = column(lambda row: row.brut(50)), column(lambda row: row.net(50))
    titre = PAS_ASSEZ
    if whole.mesurees >= SMALLEST:
        titre = (
            f"La moitié des décisions est rendue en {_days(whole.brut(50))} au plus "
            f"({_days(whole.net(50))} hors attente), neuf sur dix en {_days(whole.brut(90))} au plus"
        )
    return Table(
        "delais",
        titre,
        "Délais de l’envoi à la décision, en jours calendaires, avec et sans l’attente de la structure, par mois",
        (
            "Mois",
            "Décisions",
            "Médiane",
            "Médiane hors attente",
            "Moyenne",
            "Moyenne hors attente",
            "Neuf sur dix en",
            "Neuf sur dix hors attente",
        ),
        _columns(
            _months(lecture),
            _cells([row.decidees for row in lecture.par_mois.values()]),
            gross,
            net,
            column(lambda row: row.moyenne_brute),
            column(lambda row: row.moyenne_nette),
            column(lambda row: row.brut(90)),
            column(lambda row: row.net(90)),
        ),
        _chart(lecture, "delais", titre, "jours", ("Médiane", gross), ("Médiane hors attente", net)),
    )


def _days(count: int | None) -> str:
    return f"{count or 0}{NBSP}jour{'s' if (count or 0) > 1 else ''}"


def promesse(lecture: Lecture) -> Table:
    """Answers within the promised delay."""
    whole = lecture.ensemble
    share = _share(whole.tenues, whole.jugees)
    titre = PAS_ASSEZ if share is None else f"{share}{NBSP}% des réponses arrivent dans le délai promis"
    shares: list[Cell] = [
        MASQUE if value is None else value
        for value in (_share(row.tenues, row.jugees) for row in lecture.par_mois.values())
    ]
    return Table(
        "promesse",
        titre,
        "Réponses dans le délai promis, par mois",
        ("Mois", "Réponses", "Dans le délai promis"),
        _columns(
            _months(lecture),
            _cells([row.jugees for row in lecture.par_mois.values()]),
            _by_month(lecture, lambda row: _percent(row.tenues, row.jugees)),
        ),
        _chart(lecture, "promesse", titre, "%", ("Dans le délai promis", shares)),
    )


def urgences(lecture: Lecture) -> Table:
    """The share of what was sent as urgent, month by month: both sides read it."""
    months = list(lecture.par_mois.values())
    whole = lecture.ensemble
    urgent = _cells([row.urgentes for row in months])
    shares = [
        MASQUE if cell == MASQUE else _percent(row.urgentes, row.recues)
        for cell, row in zip(urgent, [*months, whole], strict=True)
    ]
    drawn: list[Cell] = [
        MASQUE if cell == MASQUE else _share(row.urgentes, row.recues) or 0
        for cell, row in zip(urgent[:-1], months, strict=True)
    ]
    titre = PAS_ASSEZ
    if whole.recues >= SMALLEST and urgent[-1] != MASQUE:
        share = _share(whole.urgentes, whole.recues)
        titre = f"{share}{NBSP}% des demandes reçues sont signalées urgentes"
    return Table(
        "urgences",
        titre,
        "Demandes signalées urgentes, par mois",
        ("Mois", "Reçues", "Urgentes", "Part"),
        _columns(_months(lecture), _cells([row.recues for row in months]), urgent, shares),
        _chart(lecture, "urgences", titre, "%", ("Part des demandes urgentes", drawn)),
    )


def retours(lecture: Lecture, mots: Mots) -> Table:
    """What was asked for again, and the reasons most given."""
    whole = lecture.ensemble
    reasons = sorted(whole.raisons.items(), key=lambda pair: (-pair[1], pair[0]))
    counts = _cells([count for _, count in reasons])
    total = sum(whole.raisons.values())
    names: list[Cell] = [mots.raisons.get(pk, "Raison supprimée") for pk, _ in reasons]
    shares: list[Cell] = [
        MASQUE if cell == MASQUE else _percent(count, total)
        for cell, (_, count) in zip(counts[:-1], reasons, strict=True)
    ]
    titre = PAS_ASSEZ
    if whole.retours >= SMALLEST:
        titre = f"{thousands(whole.retours)} compléments demandés"
        if reasons and not is_small(reasons[0][1]) and counts[0] != MASQUE:
            titre += f", {thousands(total)} éléments" if counts[-1] != MASQUE else ""
            titre += (
                f"{NBSP}: la première raison est «{NBSP}{names[0]}{NBSP}» ({_percent(reasons[0][1], total)})"
            )
    bars = [
        (str(name), count) for name, count in zip(names, counts[:-1], strict=True) if isinstance(count, int)
    ]
    return Table(
        "retours",
        titre,
        "Éléments demandés à la structure, par raison",
        ("Raison", "Éléments demandés", "Part"),
        _columns([*names, ENSEMBLE], counts, [*shares, _percent(total, total)]),
        Barres("g-retours", titre, bars[:MOST_BARS]) if bars else None,
    )


def _summary(rows: Sequence[Mesures], whole: Mesures) -> list[list[Cell]]:
    """The columns that kinds and structures share, without a chart."""
    everything = [*rows, whole]
    return [
        _cells([row.recues for row in rows]),
        _cells([row.urgentes for row in rows]),
        _cells([row.decidees for row in rows]),
        [_measured(row.moyenne_brute, row.mesurees) for row in everything],
        [_measured(row.moyenne_nette, row.mesurees) for row in everything],
        [_percent(row.tenues, row.jugees) for row in everything],
        _cells([row.retours for row in rows]),
    ]


SUMMARY = (
    "Reçues",
    "Urgentes",
    "Décisions",
    "Délai moyen (jours)",
    "Délai moyen hors attente",
    "Dans le délai promis",
    "Compléments demandés",
)


def par_service(lecture: Lecture) -> Table:
    """The same counts by kind."""
    kinds = sorted(lecture.par_service, key=lambda kind: -lecture.par_service[kind].recues)
    rows = [lecture.par_service[kind] for kind in kinds]
    names: list[Cell] = [SERVICES[Fonction(kind)] for kind in kinds]
    columns = _summary(rows, lecture.ensemble)
    titre = f"Le service le plus demandé{NBSP}: «{NBSP}{names[0]}{NBSP}»"
    if columns[0][0] == MASQUE:
        titre = PAS_ASSEZ
    bars = [(str(name), count if isinstance(count, int) else None) for name, count in zip(names, columns[0])]  # noqa: B905 the total stays out
    return Table(
        "services",
        titre,
        "Par service",
        ("Service", *SUMMARY),
        _columns([*names, ENSEMBLE], *columns),
        Barres("g-services", titre, bars),
    )


def par_structure(lecture: Lecture, mots: Mots) -> Table:
    """The same counts by structure, those that send most first."""
    found = lecture.par_structure
    ids = sorted(found, key=lambda pk: (-found[pk].recues, mots.structures.get(pk, "")))
    rows = [found[pk] for pk in ids]
    names: list[Cell] = [mots.structures.get(pk, "Structure sans convention en cours") for pk in ids]
    return Table(
        "structures",
        _half(rows),
        "Par structure, de celle qui envoie le plus de demandes à celle qui en envoie le moins",
        ("Structure", *SUMMARY),
        _columns([*names, ENSEMBLE], *_summary(rows, lecture.ensemble)),
        cles=tuple(ids),
    )


def _half(rows: Sequence[Mesures]) -> str:
    """How few structures send half of the demandes."""
    total = sum(row.recues for row in rows)
    if total < SMALLEST or len(rows) < 2:
        return PAS_ASSEZ if total < SMALLEST else "Une seule structure a envoyé des demandes"
    sent = 0
    for count, row in enumerate(rows, start=1):
        sent += row.recues
        if 2 * sent >= total:
            who = "Une structure envoie" if count == 1 else f"{count} structures envoient"
            return f"{who} la moitié des demandes"
    return PAS_ASSEZ
