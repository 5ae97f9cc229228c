"""Models of the appointments."""

from signalements.kinds.rendez_vous.models.agenda import Creneau, PlageHoraire
from signalements.kinds.rendez_vous.models.flux import FluxAgenda
from signalements.kinds.rendez_vous.models.motif import MotifRendezVous
from signalements.kinds.rendez_vous.models.permanence import DossierSeance, Permanence, Seance
from signalements.kinds.rendez_vous.models.rendez_vous import EtapeRendezVous, Horaire, RendezVous

__all__ = [
    "Creneau",
    "DossierSeance",
    "EtapeRendezVous",
    "FluxAgenda",
    "Horaire",
    "MotifRendezVous",
    "Permanence",
    "PlageHoraire",
    "RendezVous",
    "Seance",
]
