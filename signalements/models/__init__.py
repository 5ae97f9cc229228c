"""Models of the demandes."""

from signalements.models.complement import Complement, ElementComplement
from signalements.models.decision import DecisionRetenue
from signalements.models.demande import Brouillon, Demande
from signalements.models.depot import DepotTelephone
from signalements.models.doublon import Doublon
from signalements.models.echanges import Contact, Message, NoteInterne
from signalements.models.etiquette import Etiquette, PoseEtiquette
from signalements.models.lot import LigneLot, Lot
from signalements.models.passage import Passage
from signalements.models.personne import Personne
from signalements.models.piece_jointe import PieceJointe
from signalements.models.presence import Presence
from signalements.models.statistique import DelaiHabituel, StatistiqueArretee, StatistiqueMensuelle
from signalements.models.suiveur import Suiveur
from signalements.models.transfert import Transfert
from signalements.models.vue import VueEnregistree

__all__ = [
    "Brouillon",
    "Complement",
    "Contact",
    "DecisionRetenue",
    "DelaiHabituel",
    "Demande",
    "DepotTelephone",
    "Doublon",
    "ElementComplement",
    "Etiquette",
    "LigneLot",
    "Lot",
    "Message",
    "NoteInterne",
    "Passage",
    "Personne",
    "PieceJointe",
    "PoseEtiquette",
    "Presence",
    "StatistiqueArretee",
    "StatistiqueMensuelle",
    "Suiveur",
    "Transfert",
    "VueEnregistree",
]
