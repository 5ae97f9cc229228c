"""Models of the accounts."""

from accounts.models.assistance import SessionAssistance
from accounts.models.avis import AvisSecurite
from accounts.models.cgu import AcceptationCgu, VersionCgu
from accounts.models.devices import CleAcces, CodeSecours
from accounts.models.habilitation import DemandeHabilitation
from accounts.models.imports import ImportTechniciens
from accounts.models.passwords import AncienMotDePasse
from accounts.models.proconnect import IdentiteProConnect
from accounts.models.proxies import CompteCaisse, ComptePartenaire
from accounts.models.revues import LigneRevue, PreuveRevue, RevueHabilitation
from accounts.models.roles import RoleCaisse, RolePartenaire
from accounts.models.sessions import SessionOuverte
from accounts.models.utilisateur import Attestation, Utilisateur

__all__ = [
    "AcceptationCgu",
    "AncienMotDePasse",
    "Attestation",
    "AvisSecurite",
    "CleAcces",
    "CodeSecours",
    "CompteCaisse",
    "ComptePartenaire",
    "DemandeHabilitation",
    "IdentiteProConnect",
    "ImportTechniciens",
    "LigneRevue",
    "PreuveRevue",
    "RevueHabilitation",
    "RoleCaisse",
    "RolePartenaire",
    "SessionAssistance",
    "SessionOuverte",
    "Utilisateur",
    "VersionCgu",
]
