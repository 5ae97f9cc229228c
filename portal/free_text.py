"""The guard of every free text: what must not be written in one, and what deserves a second look.

Convention d'utilisation, art. 5: no numéro de sécurité sociale (NIR), no health data, nothing irrelevant or
excessive, on either side. A NIR whose key is right is refused; a doubtful number, an IBAN, health words and
insults ask for a confirmation; a telephone number is only pointed out. Word lists miss things and see
others where there are none, hence a confirmation and never a refusal on a word.

A finding says where, what kind and what to do; it never holds the text, so it can be counted and logged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.folding import Folded, fold
from portal.lexicons import lexicon
from portal.nir import find_nir

Span = tuple[int, int]


class Kind(StrEnum):
    """What was found."""

    NIR = "NIR"
    NIR_DOUTEUX = "NIR_DOUTEUX"
    IBAN = "IBAN"
    TELEPHONE = "TELEPHONE"
    SANTE = "SANTE"
    INSULTE = "INSULTE"


class Severity(StrEnum):
    """What follows: refused, accepted once confirmed, or said and accepted."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    INFO = "INFO"


SEVERITIES: Final = {
    Kind.NIR: Severity.BLOCK,
    Kind.NIR_DOUTEUX: Severity.WARN,
    Kind.IBAN: Severity.WARN,
    Kind.TELEPHONE: Severity.INFO,
    Kind.SANTE: Severity.WARN,
    Kind.INSULTE: Severity.WARN,
}

MESSAGES: Final = {
    Kind.NIR: "Ce texte semble contenir un numéro de sécurité sociale. Retirez-le.",
    Kind.NIR_DOUTEUX: (
        "Ce texte contient une suite de chiffres qui ressemble à un numéro de sécurité sociale. "
        "Si c’en est un, retirez-le ; sinon, confirmez."
    ),
    Kind.IBAN: (
        "Ce texte semble contenir des coordonnées bancaires (IBAN). "
        "Joignez plutôt le RIB comme pièce, ou confirmez qu’elles sont nécessaires ici."
    ),
    Kind.TELEPHONE: "Ce texte contient un numéro de téléphone : vérifiez qu’il est utile ici.",
    Kind.SANTE: (
        "Ce texte semble contenir une donnée de santé ({family}). "
        "Retirez-la, ou confirmez que ce n’en est pas une."
    ),
    Kind.INSULTE: (
        "Ce texte contient peut-être un propos blessant ou un jugement. "
        "La personne peut demander à le lire : reformulez-le, ou confirmez."
    ),
}
"""One sentence each, saying what to do. `{family}` is a family of the word lists, never a word typed."""

CONFIRMED: Final = {
    Kind.NIR_DOUTEUX: "numéro de sécurité sociale",
    Kind.IBAN: "coordonnées bancaires inutiles",
    Kind.SANTE: "donnée de santé",
    Kind.INSULTE: "propos blessant",
}
"""What the writer confirms is absent from the text, by kind."""

_IBANS: Final = (
    "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 "
    "LI21 LT20 LU20 LV21 MA28 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 TN24 TR26"
)
IBAN_LENGTHS: Final = {code[:2]: int(code[2:]) for code in _IBANS.split()}
"""Characters of an IBAN by country: SEPA, and the neighbours seen at a counter."""

_LIST_KINDS: Final = {"sante_a": Kind.SANTE, "sante_b": Kind.SANTE, "propos": Kind.INSULTE}
_LONGEST_IBAN_GAP: Final = 3

PHONE: Final = (
    r"(?<![0-9+])"
    r"(?:(?:\+|00)(?:33|262|590|594|596|508|687|689)[ .\-]?(?:\(0\)[ .\-]?)?[1-9]|0[1-9])"
    r"(?:[ .\-]?[0-9]){8}(?![0-9])"
)
_PHONE = re.compile(PHONE)
_IBAN_HEAD = re.compile(r"(?<![a-z0-9])[a-z]{2}[0-9]{2}")
_SIRET = re.compile(r"(?<![0-9])[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{5}(?![0-9])")


@dataclass(frozen=True)
class Finding:
    """Something found in a text: half-open interval of its characters, and a sentence in French."""

    kind: Kind
    severity: Severity
    message: str
    start: int
    end: int


def check_text(text: str) -> list[Finding]:
    """Everything the guard sees in a text, in the order of the text. Time is linear in its length."""
    folded = fold(text)
    findings = [
        _finding(folded, kind, start, end, family) for kind, start, end, family in _search(folded.text)
    ]
    return sorted(findings, key=lambda finding: (finding.start, finding.end))


def check_filename(name: str) -> list[Finding]:
    """The NIR of a file name, if any: files are renamed, but the name travels first.

    Only a number whose key is right: cameras and scanners write long numbers of their own.
    """
    folded = fold(name)
    return [
        _finding(folded, Kind.NIR, suspect.start, suspect.end)
        for suspect in find_nir(folded.text)
        if suspect.certain
    ]


def _finding(folded: Folded, kind: Kind, start: int, end: int, family: str = "") -> Finding:
    return Finding(
        kind=kind,
        severity=SEVERITIES[kind],
        message=MESSAGES[kind].format(family=family),
        start=folded.origin[start],
        end=folded.origin[end - 1] + 1,
    )


def _search(text: str) -> Iterator[tuple[Kind, int, int, str]]:
    """Kind, interval and family of each finding of a folded text."""
    ibans = list(_ibans(text))
    sirets = [match.span() for match in _SIRET.finditer(text) if _luhn(match.group())]
    suspects = find_nir(text, cleared=sirets, masked=ibans)
    taken = [*ibans, *sirets, *((suspect.start, suspect.end) for suspect in suspects)]
    for suspect in suspects:
        yield (Kind.NIR if suspect.certain else Kind.NIR_DOUTEUX), suspect.start, suspect.end, ""
    for start, end in ibans:
        yield Kind.IBAN, start, end, ""
    for match in _PHONE.finditer(text):
        if not any(match.start() < end and start < match.end() for start, end in taken):
            yield Kind.TELEPHONE, match.start(), match.end(), ""
    for found in lexicon().search(text):
        yield _LIST_KINDS[found.list_name], found.start, found.end, found.family


def _ibans(text: str) -> Iterator[Span]:
    """The spans of the IBAN whose check is right."""
    for match in _IBAN_HEAD.finditer(text):
        length = IBAN_LENGTHS.get(match.group()[:2].upper())
        if length is None:
            continue
        end = _end_of_iban(text, match.start(), length)
        if end is not None:
            yield match.start(), end


def _end_of_iban(text: str, start: int, length: int) -> int | None:
    """Where an IBAN of this length ends, its signs skipped; None when its check is wrong."""
    characters: list[str] = []
    gap = 0
    for place in range(start, len(text)):
        character = text[place]
        if not (character.isascii() and character.isalnum()):
            gap += 1
            if gap > _LONGEST_IBAN_GAP:
                return None
            continue
        gap = 0
        characters.append(character)
        if len(characters) == length:
            following = text[place + 1 : place + 2]
            whole = not (following.isascii() and following.isalnum())
            moved = "".join(characters[4:] + characters[:4])
            right = int("".join(str(int(digit, 36)) for digit in moved)) % 97 == 1
            return place + 1 if whole and right else None
    return None


def _luhn(text: str) -> bool:
    """Whether the digits of a text close Luhn's sum, as those of a SIRET do."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
