"""What an entry of the catalogue of documents asks for: fields and warnings, declared in a closed set of words.

An entry holds them as JSON (`EntreeCatalogue.champs`, `.alertes`); here is what the JSON may say, and how it is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from documents.enums import TypeChamp

_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)
LONGEST_LINE = 120
MOST_MONTHS = 24
MOST_FIELDS = 12


class WrongCatalogue(ValueError):
    """A field or a warning is not written as it should; the message can be shown to whoever edits it."""


@dataclass(frozen=True)
class Champ:
    """A field of the form.

    Attributes:
        code: its name, in lower case.
        libelle, aide: its label and hint.
        type: one of `TypeChamp`.
        requis: an answer is needed.
        choix: (code, label) pairs of a CHOIX.
        si: « code=VALEUR »: asked only when the field `code` has that answer.
        futur: a DATE that may not be past.
        apres: the code of a DATE that comes before this one.
        mois_max: the longest PERIODE, in months.
        longueur: the longest LIGNE, in characters.
    """

    code: str
    libelle: str
    type: str
    requis: bool = True
    aide: str = ""
    choix: tuple[tuple[str, str], ...] = ()
    si: str = ""
    futur: bool = False
    apres: str = ""
    mois_max: int = MOST_MONTHS
    longueur: int = LONGEST_LINE


@dataclass(frozen=True)
class Alerte:
    """A warning shown to whoever asks, and to the agent; it never refuses.

    Attributes:
        texte: what it says.
        si: « code=VALEUR »: only for that answer.
        age_min, age_max: said when the person is younger, or older, in years.
        civilite: said when the person's civilité is known and is another one.
        champ, jours: said when the DATE `champ` comes in less than `jours` days.
    """

    texte: str
    si: str = ""
    age_min: int | None = None
    age_max: int | None = None
    civilite: str = ""
    champ: str = ""
    jours: int = 0


def read_fields(raw: Any) -> tuple[Champ, ...]:
    """The fields of an entry.

    Raises:
        WrongCatalogue: one is not written as it should.
    """
    if not isinstance(raw, list) or len(raw) > MOST_FIELDS:
        raise WrongCatalogue(f"Donnez une liste d’au plus {MOST_FIELDS} champs.")
    found: dict[str, Champ] = {}
    for entry in raw:
        given = _known(entry, Champ, ("code", "libelle", "type"))
        champ = Champ(**{**given, "choix": _choices(given)})
        if not _CODE.fullmatch(champ.code) or champ.code in found:
            raise WrongCatalogue(
                f"Le code «\u00a0{champ.code}\u00a0» est déjà pris, ou n’est pas en minuscules sans accent."
            )
        if champ.type not in TypeChamp.values:
            raise WrongCatalogue(
                f"Le type «\u00a0{champ.type}\u00a0» n’existe pas. Types\u00a0: {', '.join(TypeChamp.values)}."
            )
        if (champ.type == TypeChamp.CHOIX) != bool(champ.choix):
            raise WrongCatalogue(
                f"Le champ «\u00a0{champ.code}\u00a0»\u00a0: un CHOIX a des réponses, et lui seul."
            )
        if not 0 < champ.mois_max <= MOST_MONTHS or not 0 < champ.longueur <= LONGEST_LINE:
            raise WrongCatalogue(
                f"Le champ «\u00a0{champ.code}\u00a0» dépasse {MOST_MONTHS} mois ou {LONGEST_LINE} signes."
            )
        _check_condition(champ.si, found)
        if champ.apres and found.get(champ.apres, champ).type != TypeChamp.DATE:
            raise WrongCatalogue(f"Le champ «\u00a0{champ.code}\u00a0» suit une date qui n’existe pas.")
        found[champ.code] = champ
    return tuple(found.values())


def read_warnings(raw: Any, champs: tuple[Champ, ...]) -> tuple[Alerte, ...]:
    """The warnings of an entry.

    Raises:
        WrongCatalogue: one is not written as it should.
    """
    if not isinstance(raw, list) or len(raw) > MOST_FIELDS:
        raise WrongCatalogue(f"Donnez une liste d’au plus {MOST_FIELDS} alertes.")
    known = {champ.code: champ for champ in champs}
    found = []
    for entry in raw:
        alerte = Alerte(**_known(entry, Alerte, ("texte",)))
        _check_condition(alerte.si, known)
        if alerte.champ and (alerte.champ not in known or known[alerte.champ].type != TypeChamp.DATE):
            raise WrongCatalogue(f"L’alerte porte sur «\u00a0{alerte.champ}\u00a0», qui n’est pas une date.")
        found.append(alerte)
    return tuple(found)


def _known(entry: Any, kind: type, required: tuple[str, ...]) -> dict[str, Any]:
    """An entry whose words are those of `kind`, with values of their types."""
    if not isinstance(entry, dict):
        raise WrongCatalogue("Chaque élément est un objet JSON.")
    types = {field.name: field.type for field in fields(kind)}
    for name, value in entry.items():
        if name not in types:
            raise WrongCatalogue(
                f"Le mot «\u00a0{name}\u00a0» n’est pas connu. Mots\u00a0: {', '.join(types)}."
            )
        if not _fits(types[name], value):
            raise WrongCatalogue(f"La valeur de «\u00a0{name}\u00a0» n’est pas du bon type.")
    missing = [name for name in required if not entry.get(name)]
    if missing:
        raise WrongCatalogue(f"Il manque\u00a0: {', '.join(missing)}.")
    return entry


def _fits(declared: Any, value: Any) -> bool:
    if declared is bool:
        return isinstance(value, bool)
    if declared is str:
        return isinstance(value, str) and len(value) <= 300
    if declared in (int, int | None):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 400
    return isinstance(value, list)


def _choices(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = entry.get("choix", [])
    if not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(w, str) for w in pair) for pair in pairs
    ):
        raise WrongCatalogue(
            "Les réponses d’un CHOIX s’écrivent [[«\u00a0CODE\u00a0», «\u00a0libellé\u00a0»], …]."
        )
    return tuple((code, label) for code, label in pairs)


def _check_condition(condition: str, champs: Mapping[str, Champ]) -> None:
    if not condition:
        return
    code, _, answer = condition.partition("=")
    if code not in champs or answer not in dict(champs[code].choix):
        raise WrongCatalogue(
            f"La condition «\u00a0{condition}\u00a0» ne désigne pas une réponse d’un champ placé avant."
        )


def holds(condition: str, answers: Mapping[str, Any]) -> bool:
    """Whether « code=VALEUR » is among the answers; an empty condition holds."""
    code, _, answer = condition.partition("=")
    return not condition or answers.get(code) == answer


def age_on(day: date, birth: date) -> int:
    """Full years between a birth and a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def warnings_for(
    alertes: tuple[Alerte, ...],
    *,
    answers: Mapping[str, Any],
    today: date,
    naissance: date | None = None,
    civilite: str = "",
) -> list[str]:
    """What to warn of, given the answers (dates as dates) and the person, as far as they are known."""
    age = age_on(today, naissance) if naissance else None
    return [
        alerte.texte
        for alerte in alertes
        if holds(alerte.si, answers) and _applies(alerte, answers, today, age, civilite)
    ]


def _applies(alerte: Alerte, answers: Mapping[str, Any], today: date, age: int | None, civilite: str) -> bool:
    if age is not None and alerte.age_min is not None and age < alerte.age_min:
        return True
    if age is not None and alerte.age_max is not None and age > alerte.age_max:
        return True
    if alerte.civilite and civilite in {"MME", "M"} and civilite != alerte.civilite:
        return True
    when = answers.get(alerte.champ) if alerte.champ else None
    return isinstance(when, date) and (when - today).days < alerte.jours
