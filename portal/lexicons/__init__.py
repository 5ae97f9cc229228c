"""The word lists of the free-text guard, and the search for their phrases in a text.

The lists are data: one phrase a line, `[family]` headings, `#` comments, « mot* » for every word that begins
so. They are compared without accents or capitals, with or without a plural mark. `autorises.txt` names the
business phrases that hold a word of another list.

The browser uses the same lists. `python -m portal.lexicons` writes them, as JSON, into the marked block of
static/js/free-text-guard.js; a test compares both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from portal.folding import fold

HERE: Final = Path(__file__).parent
LISTS: Final = ("autorises", "sante_a", "sante_b", "propos")
"""In the order in which they win a tie: the allowed phrases first."""

_WORD = re.compile(r"[a-z0-9]+")
_PREFIX_KEY: Final = 3


class Phrase(NamedTuple):
    """A phrase of a list: its words, folded; the last one ends with « * » when any ending will do."""

    words: tuple[str, ...]
    list_name: str
    family: str


class Match(NamedTuple):
    """A phrase found: half-open interval of the text searched."""

    list_name: str
    family: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """All phrases, reached by the first word of each (whole, or its first letters when it is a prefix)."""

    by_word: dict[str, tuple[Phrase, ...]]
    by_prefix: dict[str, tuple[Phrase, ...]]

    def search(self, folded: str) -> Iterator[Match]:
        """The longest phrase at each place, from left to right, allowed ones left out.

        `folded` comes from portal.folding; one pass, no backtracking.
        """
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded)]
        position = 0
        while position < len(words):
            phrase = self._longest(words, position)
            if phrase is None:
                position += 1
                continue
            last = position + len(phrase.words) - 1
            if phrase.list_name != "autorises":
                yield Match(phrase.list_name, phrase.family, words[position][1], words[last][2])
            position = last + 1

    def _longest(self, words: list[tuple[str, int, int]], position: int) -> Phrase | None:
        first = words[position][0]
        candidates = (
            *self.by_word.get(first, ()),
            *self.by_word.get(first[:-1], ()),
            *self.by_prefix.get(first[:_PREFIX_KEY], ()),
        )
        best: Phrase | None = None
        for phrase in candidates:
            if best is not None and not _wins(phrase, best):
                continue
            following = words[position : position + len(phrase.words)]
            if len(following) == len(phrase.words) and all(
                _same_word(word, expected)
                for (word, _, _), expected in zip(following, phrase.words, strict=True)
            ):
                best = phrase
        return best


def _wins(phrase: Phrase, best: Phrase) -> bool:
    """The longer phrase wins; on a tie, the earlier list."""
    length, best_length = len(phrase.words), len(best.words)
    if length != best_length:
        return length > best_length
    return LISTS.index(phrase.list_name) < LISTS.index(best.list_name)


def _same_word(word: str, expected: str) -> bool:
    if expected.endswith("*"):
        return word.startswith(expected[:-1])
    return word == expected or (word[:-1] == expected and word[-1] in "sx")


def read_list(name: str) -> dict[str, list[str]]:
    """A list as written: its families, in order, and the phrases of each."""
    families: dict[str, list[str]] = {}
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if entry.startswith("["):
            families[entry.strip("[]")] = current = []
        else:
            current.append(entry)
    return families


def folded_phrases() -> list[Phrase]:
    """Every phrase of every list, folded and cut into words."""
    phrases = []
    for name in LISTS:
        for family, entries in read_list(name).items():
            for entry in entries:
                words = _WORD.findall(fold(entry).text)
                if entry.endswith("*"):
                    words[-1] += "*"
                phrases.append(Phrase(tuple(words), name, family))
    return phrases


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists, read once a process."""
    by_word: dict[str, list[Phrase]] = {}
    by_prefix: dict[str, list[Phrase]] = {}
    for phrase in folded_phrases():
        first = phrase.words[0]
        if first.endswith("*"):
            by_prefix.setdefault(first[:_PREFIX_KEY], []).append(phrase)
        else:
            by_word.setdefault(first, []).append(phrase)
    return Lexicon(
        {key: tuple(value) for key, value in by_word.items()},
        {key: tuple(value) for key, value in by_prefix.items()},
    )
