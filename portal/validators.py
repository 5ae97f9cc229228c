"""Checks of what people type about themselves and their structure: SIRET, telephone, name, mail address.

Each function returns the value in the form that is stored, or raises ValidationError with a French sentence
that says what is wrong and gives an example.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret

LONGEST_ADDRESS: Final = 254
LONGEST_NAME: Final = 100

_FRENCH_CODES: Final = frozenset({33, 262, 508, 590, 594, 596, 687, 689})
_NATIONAL_NUMBER: Final = re.compile(r"[1-9][0-9]{8}", re.ASCII)
_SIX_DIGIT_CODES: Final = frozenset({508, 687, 689})
_OVERSEAS_PREFIXES: Final = {
    **dict.fromkeys(("0590", "0690", "0691"), "GP"),
    **dict.fromkeys(("0594", "0694"), "GF"),
    **dict.fromkeys(("0596", "0696", "0697"), "MQ"),
    **dict.fromkeys(("0262", "0263", "0269", "0692", "0693", "0639"), "RE"),
}
"""Numbers dialled as at home from overseas: their country code is not 33."""
_FICTION_PREFIX: Final = "063998"
"""Set aside for fiction in the mainland, inside the mobile range of Mayotte."""

_NAME_SIGNS: Final = frozenset("-' ")
_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
_DASHES: Final = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.ASCII)


def normalise_siret(text: str) -> str:
    """The fourteen digits of a SIRET whose keys are right (those of La Poste follow their own rule)."""
    digits = "".join(unicodedata.normalize("NFKC", text).split()).replace(".", "").replace("-", "")
    if not re.fullmatch(r"[0-9]{14}", digits, re.ASCII):
        raise ValidationError(
            "Saisissez les 14 chiffres du SIRET. Exemple\u00a0: 264 210 295 00020.", code="siret_format"
        )
    try:
        return str(siret.validate(digits))
    except NumberError as error:
        raise ValidationError(
            "Ce SIRET n’existe pas\u00a0: un chiffre est faux. Vérifiez-le sur un courrier de la structure.",
            code="siret_cle",
        ) from error


def validate_siret(value: str) -> None:
    """normalise_siret as a validator, for model fields."""
    normalise_siret(value)


def normalise_phone(text: str, *, allow_foreign: bool = False) -> str:
    """A telephone number as E.164 (« +33381000000 »).

    French and overseas numbers, typed as at home or with their country code; with `allow_foreign` (the
    helped person's), any number written with a country code. Short numbers such as 3646 are refused.
    """
    number = _parse_phone(unicodedata.normalize("NFKC", text).strip())
    if number is None or number.extension:
        raise ValidationError(_phone_message(allow_foreign), code="telephone")
    national = str(number.national_number)
    if number.country_code in _FRENCH_CODES:
        right = bool(_NATIONAL_NUMBER.fullmatch(national)) or (
            number.country_code in _SIX_DIGIT_CODES and phonenumbers.is_possible_number(number)
        )
    else:
        right = allow_foreign and phonenumbers.is_possible_number(number)
    if not right:
        raise ValidationError(_phone_message(allow_foreign), code="telephone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parse_phone(text: str) -> phonenumbers.PhoneNumber | None:
    if len(text) > 40 or re.search(r"[^\W\d_]", text):
        return None
    compact = re.sub(r"\D", "", text)
    region = "FR" if compact.startswith(_FICTION_PREFIX) else _OVERSEAS_PREFIXES.get(compact[:4], "FR")
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _phone_message(allow_foreign: bool) -> str:
    if allow_foreign:
        return (
            "Saisissez un numéro de téléphone à 10 chiffres, ou avec l’indicatif du pays. "
            "Exemples\u00a0: 06 39 98 12 34, +32 470 12 34 56."
        )
    return "Saisissez un numéro de téléphone français à 10 chiffres. Exemple\u00a0: 03 81 00 00 00."


def readable_phone(stored: str) -> str:
    """A stored telephone number as people write it (« 03 81 00 00 00 »); what is no number comes back as it is."""
    try:
        number = phonenumbers.parse(stored, "FR")
    except phonenumbers.NumberParseException:
        return stored
    home = number.country_code in _FRENCH_CODES
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style).replace(" ", "\u00a0")


def validate_phone(value: str) -> None:
    """normalise_phone as a validator (French and overseas), for model fields."""
    normalise_phone(value)


def normalise_person_name(text: str) -> str:
    """A family or given name: letters of any alphabet, hyphens, apostrophes, spaces; 100 characters.

    Apostrophes and hyphens are stored in their plain form and spaces are gathered, so that two ways of
    typing one name are one name.
    """
    name = " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).translate(_DASHES).split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError(f"Saisissez un nom de 1 à {LONGEST_NAME} caractères.", code="nom_longueur")
    letters = [character for character in name if character not in _NAME_SIGNS]
    if not letters or any(unicodedata.category(character)[0] not in "LM" for character in letters):
        raise ValidationError(
            "Un nom ne contient que des lettres, des traits d’union, des apostrophes et des espaces. "
            "Exemple\u00a0: Le Goff-N’Diaye.",
            code="nom_caracteres",
        )
    return name


def validate_person_name(value: str) -> None:
    """normalise_person_name as a validator, for model fields."""
    normalise_person_name(value)


@lru_cache(maxsize=1)
def personal_domains() -> frozenset[str]:
    """Mail domains of private persons, from portal/personal_domains.txt."""
    lines = (Path(__file__).parent / "personal_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(domain for line in lines if not line.startswith("#") for domain in line.split())


def normalise_domain(text: str) -> str:
    """A mail domain in lower case and ASCII (« @Mairie.fr » gives « mairie.fr »)."""
    domain = text.strip().lower().removeprefix("@").rstrip(".")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if len(ascii_domain) > 253 or not _DOMAIN.fullmatch(ascii_domain):
        raise ValidationError("Saisissez un nom de domaine. Exemple\u00a0: ville-exemple.fr.", code="domaine")
    return ascii_domain


def is_personal_domain(domain: str) -> bool:
    """Whether a domain, or the one it is under, gives addresses to private persons."""
    parts = domain.split(".")
    return any(".".join(parts[first:]) in personal_domains() for first in range(len(parts) - 1))


def check_professional_email(
    address: str, allowed_domains: Iterable[str], *, derogation: bool = False
) -> str:
    """A professional address of the structure, in lower case (art. 2.2.1).

    Refused, with a code: « adresse » (not an address), « personnelle » (a provider's domain, even if someone
    listed it), « domaine » (not one of the structure's `allowed_domains`; a subdomain is another domain).
    `derogation`: the caisse accepts this very address for a reason it wrote down; only its form is checked.
    """
    cleaned = unicodedata.normalize("NFKC", address).strip().lower()
    local, _, typed_domain = cleaned.rpartition("@")
    try:
        domain = normalise_domain(typed_domain)
        validate_email(f"{local}@{domain}")
    except ValidationError as error:
        raise ValidationError(
            "Saisissez une adresse électronique. Exemple\u00a0: prenom.nom@ville-exemple.fr.", code="adresse"
        ) from error
    if len(local) + len(domain) + 1 > LONGEST_ADDRESS:
        raise ValidationError(
            f"Une adresse électronique a {LONGEST_ADDRESS} caractères au plus.", code="adresse"
        )
    if derogation:
        return f"{local}@{domain}"
    if is_personal_domain(domain):
        raise ValidationError(
            "Cette adresse semble personnelle. L’adresse doit être rattachée à votre structure.",
            code="personnelle",
        )
    allowed = sorted({normalise_domain(other) for other in allowed_domains})
    if domain not in allowed:
        accepted = f"\u00a0: {', '.join(allowed)}" if allowed else ""
        raise ValidationError(
            f"L’adresse doit utiliser un domaine déclaré pour votre structure{accepted}. "
            "La caisse peut en ajouter un.",
            code="domaine",
        )
    return f"{local}@{domain}"
