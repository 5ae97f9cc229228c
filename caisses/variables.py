"""The variables of the reply templates: a closed palette, none of them about the person helped."""

import re
from collections.abc import Mapping

from portal.errors import DomainError
from portal.free_text import Kind, check_text

VARIABLES: dict[str, str] = {
    "reference": "la référence de la demande",
    "date_envoi": "le jour où la structure l’a envoyée",
    "echeance": "le dernier jour du délai promis",
    "service": "le service demandé",
    "equipe": "l’équipe de la caisse",
    "caisse": "le nom de la caisse",
    "structure": "le nom de la structure",
    "pieces_manquantes": "les pièces demandées et pas encore reçues",
}
UNKNOWN = "…"
"""What stands for a variable that has no value on a demande: the agent completes it."""

_PLACE = re.compile(r"\{([^{}]*)\}")


def check_template(texte: str) -> None:
    """Refuse a template that could not be filled in, or that holds what no text may hold.

    Raises:
        DomainError: a variable is unknown (code « variable »), a brace stands alone (« accolade »), or a number looks
            like a numéro de sécurité sociale (« nir »), its key right or not.
    """
    unknown = [name for name in _PLACE.findall(texte) if name not in VARIABLES]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise DomainError(
            f"La variable {{{unknown[0]}}} n’existe pas. Variables possibles\u00a0: {known}.",
            field="texte",
            code="variable",
        )
    if set("{}") & set(_PLACE.sub("", texte)):
        raise DomainError(
            "Une accolade est seule. Écrivez une variable entre deux accolades, par exemple {reference}.",
            field="texte",
            code="accolade",
        )
    if any(found.kind in {Kind.NIR, Kind.NIR_DOUTEUX} for found in check_text(texte)):
        raise DomainError(
            "Ce texte semble contenir un numéro de sécurité sociale. Retirez-le\u00a0: un modèle sert à tous.",
            field="texte",
            code="nir",
        )


def fill(texte: str, values: Mapping[str, str]) -> str:
    """A template with its variables replaced; « … » where a demande has no value for one."""
    return _PLACE.sub(lambda found: values.get(found[1], "") or UNKNOWN, texte)
