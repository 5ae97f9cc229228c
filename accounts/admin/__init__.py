"""The administrators' screens about accounts, their acts, and the conditions of use."""

from accounts.admin import (
    assistance,
    avis,
    cgu,
    comptes_caisse,
    comptes_partenaires,
    habilitations,
    maintenance,
    revues,
)

__all__ = [
    "assistance",
    "avis",
    "cgu",
    "comptes_caisse",
    "comptes_partenaires",
    "habilitations",
    "maintenance",
    "revues",
]
