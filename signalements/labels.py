"""How a demande is said: the words of each side."""

from caisses.enums import Fonction
from signalements.enums import LIBELLES_CAISSE, Cote, Issue, Statut
from signalements.models import Demande

SERVICES = {
    Fonction.SAISINE: "Difficulté d’accès",
    Fonction.CONTACT: "Message",
    Fonction.DOSSIER: "Dossier",
    Fonction.RENDEZ_VOUS: "Rendez-vous",
    Fonction.DOCUMENT: "Document",
}
"""The short name of each service, for lists."""


def statut_en_mots(demande: Demande, cote: Cote = Cote.PARTENAIRE) -> str:
    """The status as one side reads it: « Traitée – Droits ouverts »."""
    statut = Statut(demande.statut)
    if statut == Statut.TRAITEE and demande.issue:
        return f"{statut.label} – {Issue(demande.issue).label}"
    if cote == Cote.CAISSE:
        return LIBELLES_CAISSE.get(statut, str(statut.label))
    return str(statut.label)
