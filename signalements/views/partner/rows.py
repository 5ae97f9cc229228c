"""The rows of the technicien's lists, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from caisses.enums import Fonction
from portal.reference import SAMPLE
from portal.routes import address_of
from portal.ui import badges
from portal.ui.text import short_moment
from signalements.clocks import read_deadline
from signalements.enums import Statut
from signalements.labels import SERVICES, statut_en_mots
from signalements.models import Demande
from signalements.queries.partner import name_of


@dataclass(frozen=True, slots=True)
class Ligne:
    """One demande in a list."""

    reference: str
    url: str
    personne: str
    service: str
    caisse: str
    statut: SafeString
    echeance: SafeString | str
    derniere_action: str
    technicien: str
    urgente: bool
    non_lu: bool


def lines_of(rows: Sequence[Demande], places: Sequence[str] = ()) -> list[Ligne]:
    """The rows of a list, as `signalements.queries.partner` reads them; `places`: what each address adds."""
    # Two addresses for the whole list: resolving each costs more than the rest of its line.
    sent, draft = (address_of(f"signalements:{name}", SAMPLE) for name in ("demande", "reprendre"))
    added = [f"?{place}" for place in places] or [""] * len(rows)
    return [
        _line(demande, draft if demande.statut == Statut.BROUILLON else f"{sent}{more}")
        for demande, more in zip(rows, added, strict=True)
    ]


def _line(demande: Any, address: str) -> Ligne:
    lue = read_deadline(demande)
    auteur = demande.nom_de_l_auteur
    return Ligne(
        reference=demande.reference,
        url=address.replace(SAMPLE, demande.reference),
        personne=name_of(demande) or "Nom non saisi",
        service=SERVICES[Fonction(demande.fonction)],
        caisse=demande.caisse.nom,
        statut=badges.statut(demande.statut, statut_en_mots(demande), demande.issue),
        echeance=badges.echeance(lue.texte, lue.ton) if lue else "",
        derniere_action=short_moment(localtime(demande.modifiee_le)),
        technicien=auteur.strip() if auteur else "Compte supprimé",
        urgente=demande.urgente,
        non_lu=demande.non_lu,
    )
