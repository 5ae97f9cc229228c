"""Reads of the appointments: reference lists, dates of a demande, dates of a caisse or a structure."""

from caisses.models import Agence, Caisse
from signalements.kinds.rendez_vous.models import EtapeRendezVous, Horaire, MotifRendezVous
from signalements.models import Demande


def motifs_for(caisse: Caisse) -> list[MotifRendezVous]:
    """The motifs a structure may choose today, in order."""
    rows = MotifRendezVous.objects.for_caisse(caisse).valid_on(caisse.today())
    return list(rows.order_by("ordre", "libelle", "pk"))  # type: ignore[arg-type]


def agences_of(caisse: Caisse) -> list[Agence]:
    """The agences that receive people, by name."""
    return list(Agence.objects.open_in(caisse.pk).order_by("nom", "pk"))


def dates_of(demande: Demande) -> list[Horaire]:
    """Every date of a demande, in order, each with its agence and agent."""
    rows = Horaire.objects.filter(demande=demande, caisse_id=demande.caisse_id)
    return list(rows.select_related("agence", "agent").order_by("debut", "pk"))


def steps_of(demande: Demande) -> list[EtapeRendezVous]:
    """The log of an appointment, in order."""
    rows = EtapeRendezVous.objects.filter(demande=demande, caisse_id=demande.caisse_id)
    return list(rows.order_by("le", "pk"))
