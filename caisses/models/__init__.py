"""Models of the caisses."""

from caisses.models.agence import Agence
from caisses.models.annonce import Annonce
from caisses.models.caisse import Caisse, FermetureLocale
from caisses.models.equipe import Equipe
from caisses.models.modele import ModeleReponse, UsageModele
from caisses.models.referentiel import Motif, Ressource, TypePiece

__all__ = [
    "Agence",
    "Annonce",
    "Caisse",
    "Equipe",
    "FermetureLocale",
    "ModeleReponse",
    "Motif",
    "Ressource",
    "TypePiece",
    "UsageModele",
]
