"""Models of the demandes."""

from signalements.models.complement import Complement, ElementComplement
from signalements.models.decision import DecisionRetenue
from signalements.models.demande import Brouillon, Demande, Personne
from signalements.models.echanges import Contact, Message, NoteInterne
from signalements.models.passage import Passage
from signalements.models.piece_jointe import PieceJointe
from signalements.models.statistique import DelaiHabituel, StatistiqueArretee, StatistiqueMensuelle
from signalements.models.suiveur import Suiveur

__all__ = [
    "Brouillon",
    "Complement",
    "Contact",
    "DecisionRetenue",
    "DelaiHabituel",
    "Demande",
    "ElementComplement",
    "Message",
    "NoteInterne",
    "Passage",
    "Personne",
    "PieceJointe",
    "StatistiqueArretee",
    "StatistiqueMensuelle",
    "Suiveur",
]
