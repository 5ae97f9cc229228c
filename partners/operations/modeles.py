"""Conventions made from a model: its rules, then its text, which become the convention's own."""

from typing import Any

from partners.models import REGLES, Convention, ModeleConvention, TexteConvention
from portal.errors import DomainError

WORDS = ("intitule", "texte", "annexes", "comite", "comite_mois", "exemplaires")


def rules_of(modele: ModeleConvention) -> dict[str, Any]:
    """What a convention made from this model begins with."""
    return {"nature": modele.nature, **{name: getattr(modele, name) for name in REGLES}}


def take_text(*, convention: Convention, modele: ModeleConvention) -> TexteConvention:
    """Give a new convention the text of its model, from then on its own.

    Raises:
        DomainError: the model is of another nature.
    """
    if modele.nature != convention.nature:
        raise DomainError(
            "Ce modèle n’est pas de la nature de la convention.", field="nature", code="modele_autre"
        )
    return TexteConvention.objects.create(
        convention=convention, modele=modele, **{name: getattr(modele, name) for name in WORDS}
    )
