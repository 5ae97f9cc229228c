"""Models of the appointments."""

from signalements.kinds.rendez_vous.models.agenda import Creneau, PlageHoraire
from signalements.kinds.rendez_vous.models.motif import MotifRendezVous
from signalements.kinds.rendez_vous.models.rendez_vous import EtapeRendezVous, Horaire, RendezVous

__all__ = ["Creneau", "EtapeRendezVous", "Horaire", "MotifRendezVous", "PlageHoraire", "RendezVous"]
