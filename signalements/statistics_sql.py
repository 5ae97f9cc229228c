"""The SQL that counts what happened: the same words for the roll-up of past months and for what is read live.

It reads two sets of rows that the caller gives: `faits`, one row per change of status (caisse_id, partenaire_id,
fonction, mois, urgente, de, vers, dans_delai, jours_bruts, jours_nets), and `elements`, one per item asked for
(caisse_id, partenaire_id, fonction, mois, raison_id).
"""

from signalements.enums import STATUTS_OUVERTS, Statut

COUNTS = (
    "recues", "urgentes", "entrees", "sorties", "decidees", "jugees", "tenues", "retours", "mesurees",
    "jours_bruts", "jours_nets",
)  # fmt: skip
HISTOGRAMS = ("bruts", "nets", "raisons")
COLUMNS = ("caisse_id", "partenaire_id", "fonction", "mois", *COUNTS, *HISTOGRAMS)

_OPEN = ", ".join(f"'{statut}'" for statut in sorted(STATUTS_OUVERTS))
_SENT = f"(vers IN ({_OPEN}) AND de NOT IN ({_OPEN}, '{Statut.TRAITEE}', '{Statut.ANNULEE}'))"
_CALLED_BACK = f"(vers = '{Statut.BROUILLON}')"
_DECIDED = f"vers = '{Statut.TRAITEE}'"


def _sum(condition: str, value: str = "n") -> str:
    return f"coalesce(sum({value}) FILTER (WHERE {condition}), 0)"


def _net(plus: str, minus: str, more: str = "true") -> str:
    """What came less what was called back."""
    return f"({_sum(f'{plus} AND {more}')} - {_sum(f'{minus} AND {more}')})"


_EXPRESSIONS = {
    "recues": _net(_SENT, _CALLED_BACK),
    "urgentes": _net(_SENT, _CALLED_BACK, "urgente"),
    "entrees": _sum(f"vers IN ({_OPEN}) AND de NOT IN ({_OPEN})"),
    "sorties": _sum(f"de IN ({_OPEN}) AND vers NOT IN ({_OPEN})"),
    "decidees": _sum(_DECIDED),
    "jugees": _sum("dans_delai IS NOT NULL"),
    "tenues": _sum("dans_delai"),
    "retours": _sum(f"vers = '{Statut.A_COMPLETER}'"),
    "mesurees": _sum(f"{_DECIDED} AND jours_nets IS NOT NULL"),
    "jours_bruts": _sum(f"{_DECIDED} AND jours_nets IS NOT NULL", "n * jours_bruts"),
    "jours_nets": _sum(f"{_DECIDED} AND jours_nets IS NOT NULL", "n * jours_nets"),
}
_KEY = "caisse_id, partenaire_id, fonction, mois"


def _histogram(name: str, source: str, value: str, condition: str) -> str:
    """How many rows have each value, as {"value": count}."""
    return f"""{name} AS (
    SELECT {_KEY}, jsonb_object_agg(valeur, n) AS {name}
    FROM (SELECT {_KEY}, {value} AS valeur, sum(n) AS n FROM {source} WHERE {condition} GROUP BY {_KEY}, {value}) v
    GROUP BY {_KEY}
)"""


def _grains(columns: str, *, totals: bool) -> str:
    """By structure, and for the roll-up also all structures together, as structure 0: NULL does not join."""
    whole = f", (caisse_id, fonction, mois, {columns})" if totals else ""
    return f"GROUP BY GROUPING SETS ((caisse_id, partenaire_id, fonction, mois, {columns}){whole})"


def counting(*, totals: bool) -> list[str]:
    """The CTEs from `faits` and `elements` to `comptes`, which has COLUMNS; partenaire_id 0 is all structures."""
    facts = "urgente, de, vers, dans_delai, jours_bruts, jours_nets"
    wide = ", ".join(f"({expression})::bigint AS {name}" for name, expression in _EXPRESSIONS.items())
    joined = " ".join(
        f"LEFT JOIN {name} ON ({name}.caisse_id, {name}.partenaire_id, {name}.fonction, {name}.mois) "
        "= (l.caisse_id, l.partenaire_id, l.fonction, l.mois)"
        for name in HISTOGRAMS
    )
    measured = f"{_DECIDED} AND jours_nets IS NOT NULL"
    return [
        f"""groupes AS MATERIALIZED (
    SELECT caisse_id, coalesce(partenaire_id, 0) AS partenaire_id, fonction, mois, {facts}, count(*) AS n
    FROM faits {_grains(facts, totals=totals)}
)""",
        f"""demandes AS (
    SELECT caisse_id, coalesce(partenaire_id, 0) AS partenaire_id, fonction, mois, raison_id, count(*) AS n
    FROM elements WHERE raison_id IS NOT NULL {_grains("raison_id", totals=totals)}
)""",
        f"larges AS (SELECT {_KEY}, {wide} FROM groupes GROUP BY {_KEY})",
        _histogram("bruts", "groupes", "jours_bruts", measured),
        _histogram("nets", "groupes", "jours_nets", measured),
        _histogram("raisons", "demandes", "raison_id", "true"),
        f"""comptes AS (
    SELECT l.*, {", ".join(f"coalesce({name}, '{{}}'::jsonb) AS {name}" for name in HISTOGRAMS)}
    FROM larges l {joined}
)""",
    ]


def month_of(moment: str, zone: str) -> str:
    """The first day of the month of a moment, in a time zone."""
    return f"date_trunc('month', {moment} AT TIME ZONE {zone})::date"
