"""The columns of the structure's export: what a demande became and how long it took, never whom it is about."""

from typing import Any

from caisses.enums import Fonction
from portal import clock
from portal.exports import Cell
from signalements.clocks import gross_and_net
from signalements.enums import Issue, Statut
from signalements.labels import SERVICES
from signalements.models import Demande

EXPORTED = (
    "Référence",
    "Service",
    "Caisse",
    "Statut",
    "Issue",
    "Urgente",
    "Envoyée le",
    "Prise en charge le",
    "Échéance",
    "Traitée le",
    "Délai (jours)",
    "Délai hors attente (jours)",
    "Dernière action le",
    "Technicien",
)
WIDTHS = (18, 20, 24, 22, 26, 10, 12, 12, 12, 12, 12, 14, 18, 24)


def cells_of(demande: Demande) -> list[Cell]:
    """The cells of a demande, in the order of EXPORTED; delays are those of an answer that was given."""
    row: Any = demande
    zone = demande.caisse.fuseau
    sent, taken, done = (
        clock.local_date(moment, zone) if moment else None
        for moment in (demande.envoyee_le, demande.prise_en_charge_le, demande.traitee_le)
    )
    gross, net = gross_and_net(demande, done) if done else (None, None)
    return [
        demande.reference,
        SERVICES[Fonction(demande.fonction)],
        demande.caisse.nom,
        str(Statut(demande.statut).label),
        str(Issue(demande.issue).label) if demande.issue else "",
        "Oui" if demande.urgente else "Non",
        sent,
        taken,
        demande.echeance,
        done,
        gross,
        net,
        demande.modifiee_le,
        (row.nom_de_l_auteur or "").strip() or "Compte supprimé",
    ]
