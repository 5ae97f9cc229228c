"""Find numéros de sécurité sociale (NIR) in a text: to refuse them, never to keep them.

Thirteen characters « S AA MM DD CCC NNN » and a key « 97 − (number mod 97) », 2A and 2B counting as 19 and
18 in Corsica. A number is looked for in chains of digits parted by at most a few signs of any kind, and only
between two places where a group of digits begins and ends, so that part of a SIRET, of an IBAN or of a
longer number does not pass for a NIR.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from portal.folding import fold

_SYMBOL_OR_WORD = re.compile(r"cle[fs]?(?![a-z])|[0-9]|[a-z]+")
_DIGIT_AFTER_SIGNS = re.compile(r"[^a-z0-9]{0,5}[0-9]")
_KEY_WORDS: Final = frozenset({"cle", "clef", "cles"})
_NUMBER = re.compile(
    r"[123478][0-9]{2}(?:0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])(?:[0-9]{2}|2[ab])[0-9]{3}(?!000)[0-9]{3}"
)
_LONGEST_GAP: Final = 5
_TIGHT_GAP: Final = 2
_LOOSE_SIGNS: Final = frozenset("\n\r\t,;|")
_BARE: Final = 13
_WITH_KEY: Final = 15


@dataclass(frozen=True)
class Suspect:
    """A number found. `certain`: its key is right. Half-open interval of the folded text."""

    certain: bool
    start: int
    end: int


@dataclass
class _Chain:
    """Digits that may belong together, and what parts each from the one before."""

    symbols: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def opens(self, index: int) -> bool:
        """Whether a group of digits begins here (or the chain ends here)."""
        return index in {0, len(self.symbols)} or self.gaps[index] != ""

    def is_tight(self, first: int, length: int) -> bool:
        """Whether one same short sign parts all the groups of a window, as people part one number."""
        signs = {gap for gap in self.gaps[first + 1 : first + length] if gap}
        return len(signs) <= 1 and all(
            len(sign) <= _TIGHT_GAP and _LOOSE_SIGNS.isdisjoint(sign) for sign in signs
        )


def key_of(number: str) -> int:
    """The key, from 1 to 97, of the thirteen characters of a NIR (lower-case a or b in Corsica)."""
    return 97 - int(number.replace("2a", "19").replace("2b", "18")) % 97


def _has_right_key(window: str) -> bool:
    number, key = window[:_BARE], window[_BARE:]
    return bool(_NUMBER.fullmatch(number)) and key.isdigit() and key_of(number) == int(key)


def _chains(text: str) -> Iterator[_Chain]:
    """The chains of a folded text. « clé » between a number and its key counts as a sign."""
    chain = _Chain()
    end = 0
    skipped = 0
    for match in _SYMBOL_OR_WORD.finditer(text):
        symbol, place = match.group(), match.start()
        gap = text[end:place]
        if symbol in _KEY_WORDS:
            skipped += len(symbol)
            continue
        if not symbol.isdigit() and not _is_corsica(chain, symbol, gap, text, place):
            if chain.symbols:
                yield chain
            chain, end, skipped = _Chain(), match.end(), 0
            continue
        if chain.symbols and len(gap) - skipped > _LONGEST_GAP:
            yield chain
            chain = _Chain()
        chain.gaps.append(gap if chain.symbols else "")
        chain.symbols.append(symbol)
        chain.places.append(place)
        end, skipped = match.end(), 0
    if chain.symbols:
        yield chain


def _is_corsica(chain: _Chain, symbol: str, gap: str, text: str, place: int) -> bool:
    """Whether this « a » or « b » may be that of 2A or 2B: a 2 before, a digit after, only signs between."""
    if symbol not in {"a", "b"} or not chain.symbols or chain.symbols[-1] != "2" or len(gap) > _LONGEST_GAP:
        return False
    return bool(_DIGIT_AFTER_SIGNS.match(text, place + 1))


def _overlaps(suspect: Suspect, spans: Iterable[tuple[int, int]]) -> bool:
    return any(suspect.start < end and start < suspect.end for start, end in spans)


def _windows(chain: _Chain, length: int) -> Iterator[tuple[int, str]]:
    """The windows of a chain that begin and end where a group of digits does: index and characters."""
    size = len(chain.symbols)
    for first in range(size - length + 1):
        after = first + length
        if chain.opens(first) and chain.opens(after):
            yield first, "".join(chain.symbols[first:after])


def _certain(chain: _Chain) -> Iterator[Suspect]:
    """Fifteen characters whose key is right."""
    for first, window in _windows(chain, _WITH_KEY):
        if _has_right_key(window):
            yield Suspect(True, chain.places[first], chain.places[first + _WITH_KEY - 1] + 1)


def _doubtful(chain: _Chain) -> Iterator[Suspect]:
    """The shape of a number with a wrong key or without one, or a right one glued to other digits."""
    for length in (_WITH_KEY, _BARE):
        for first, window in _windows(chain, length):
            if chain.is_tight(first, length) and _NUMBER.fullmatch(window[:_BARE]):
                yield Suspect(False, chain.places[first], chain.places[first + length - 1] + 1)
    for first in range(len(chain.symbols) - _WITH_KEY + 1):
        glued = not any(chain.gaps[first + 1 : first + _WITH_KEY])
        if glued and _has_right_key("".join(chain.symbols[first : first + _WITH_KEY])):
            yield Suspect(False, chain.places[first], chain.places[first + _WITH_KEY - 1] + 1)


def find_nir(
    folded: str,
    cleared: Iterable[tuple[int, int]] = (),
    masked: Iterable[tuple[int, int]] = (),
) -> list[Suspect]:
    """NIR in a folded text, from left to right and apart from each other.

    `masked` spans (an IBAN whose check is right) are not read at all; a doubtful number that touches a
    `cleared` span (a valid SIRET) is let go, a certain one never is. Time is linear in the text.
    """
    if sum(character.isdigit() for character in folded) < _BARE - 1:
        return []
    for start, end in masked:
        folded = folded[:start] + "x" * (end - start) + folded[end:]
    found: list[Suspect] = []
    taken: list[tuple[int, int]] = []
    chains = list(_chains(folded))
    for read, spared in ((_certain, ()), (_doubtful, tuple(cleared))):
        for chain in chains:
            for suspect in read(chain):
                if not _overlaps(suspect, spared) and not _overlaps(suspect, taken):
                    found.append(suspect)
                    taken.append((suspect.start, suspect.end))
    return sorted(found, key=lambda suspect: suspect.start)


def contains_nir(text: str) -> bool:
    """Whether a text holds a NIR whose key is right."""
    return any(suspect.certain for suspect in find_nir(fold(text).text))
