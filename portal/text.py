"""Normalised text for search and comparison."""

import re
import unicodedata

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def search_key(text: str) -> str:
    """A name as it is searched: no accent, no case, no hyphen, apostrophe or space (« D'Été » → « dete »)."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return _NOT_LETTERS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))
