"""Fold a text so that patterns see what a reader sees, and remember where each character came from.

Compatibility forms (full width, circled, superscript), accents, capitals, ligatures and invisible characters
are folded away; decimal digits of every script become ASCII. static/js/free-text-guard.js does the same.
"""

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_SPELT: Final = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"}


class Folded(NamedTuple):
    """A folded text, and for each of its characters the index of the original it comes from."""

    text: str
    origin: list[int]


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    folded = []
    for part in unicodedata.normalize("NFKD", character):
        category = unicodedata.category(part)
        if category == "Cf" or category[0] == "M":
            continue
        if category == "Nd":
            folded.append(str(unicodedata.decimal(part)))
        else:
            lowered = part.lower()
            folded.append(_SPELT.get(lowered, lowered))
    return "".join(folded)


def fold(text: str) -> Folded:
    """Fold a text of any length, in one pass."""
    if text.isascii():
        return Folded(text.lower(), list(range(len(text))))
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        folded = _fold_character(character)
        characters.append(folded)
        origin.extend([index] * len(folded))
    return Folded("".join(characters), origin)
