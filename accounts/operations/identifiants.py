"""Identifiants: proposed from the name, unique over the whole portal."""

import re
import unicodedata

from accounts.models import Utilisateur

LONGEST_BASE = 48
_OTHERS = re.compile(r"[^a-z0-9]+")


def _plain(name: str) -> str:
    """A name in the letters an identifiant allows (« D'Été » gives « d-ete »)."""
    spelt = name.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    plain = "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))
    return _OTHERS.sub("-", plain).strip("-")


def propose_identifiant(prenom: str, nom: str) -> str:
    """A free identifiant made of the first name and the name: « camille.durand », else « camille.durand2 »…

    It is free when read; the unique constraint decides between two that ask at once.
    """
    parts = [part for part in (_plain(prenom), _plain(nom)) if part]
    base = ".".join(parts)[:LONGEST_BASE].strip(".-") or "compte"
    if len(base) < 3:
        base = f"compte.{base}"
    taken = set(
        Utilisateur.objects.filter(identifiant__startswith=base)
        .order_by()
        .values_list("identifiant", flat=True)
    )
    if base not in taken:
        return base
    number = 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"
