"""The public reference of a demande: « EP-251-7K3M2-42 ».

It is the only identifier that leaves the portal (mails, addresses, file names, logs), so it says nothing
about the person and it is built to survive being read over the telephone.

The check is a weighted sum modulo 97. Each of the eight characters of the caisse code and of the number has
weight 32^1 … 32^8 and the check closes the sum to zero. 97 is prime, every character is worth less than 97,
the eight weights differ from each other and from 10 and 1 (the weights of the two check digits): any wrong
character and any two characters swapped, wherever they are, change the sum.
"""

import re
import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""

REFERENCE_PATTERN: Final = r"EP-[0-9]{3}-[0-9A-HJKMNP-TV-Z]{5}-[0-9]{2}"
"""The canonical form, for addresses and searches. Says nothing on the check."""

SAMPLE: Final = "EP-000-00000-00"
"""Nobody's reference, of the right form: for an address that is resolved once, then filled in row by row."""

_NUMBER_LENGTH: Final = 5
_MODULUS: Final = 97
_CODE = re.compile(r"[0-9]{3}", re.ASCII)
_TYPED = re.compile(r"(?:EP)?([0-9]{3})([0-9A-HJKMNP-TV-Z]{5})([0-9]{2})", re.ASCII)
_MISREAD = str.maketrans("OIL", "011")
_LONGEST_TYPED: Final = 60


def _check(code: str, number: str) -> int:
    """The check of a code and a number, from 0 to 96."""
    total = 0
    weight = 1
    for character in code + number:
        weight = weight * 32 % _MODULUS
        total += ALPHABET.index(character) * weight
    return -total % _MODULUS


def new_reference(caisse_code: str) -> str:
    """Draw a reference for a demande sent to the caisse with this three-digit code.

    One draw out of 33 million per caisse: whoever stores it keeps a unique constraint and draws again.
    Raises ValueError when the code is not three digits.
    """
    if not _CODE.fullmatch(caisse_code):
        raise ValueError("a caisse code is three digits")
    number = "".join(secrets.choice(ALPHABET) for _ in range(_NUMBER_LENGTH))
    return f"EP-{caisse_code}-{number}-{_check(caisse_code, number):02d}"


def normalise_reference(text: str) -> str | None:
    """Read a reference as a person typed or dictated it; None when it cannot be one.

    Accepts lower case, full-width characters, spaces and any dashes (also none), O for 0 and I or L for 1,
    and a missing « EP ». The check is verified: a slip of one character or a swap gives None, never another
    demande.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    compact = "".join(
        character
        for character in unicodedata.normalize("NFKC", text).upper()
        if not character.isspace()
        and unicodedata.category(character) not in {"Pd", "Cf"}
        and character not in "_−."
    )
    match = _TYPED.fullmatch(compact.translate(_MISREAD))
    if match is None:
        return None
    code, number, check = match.groups()
    if int(check) != _check(code, number):
        return None
    return f"EP-{code}-{number}-{check}"
