"""The rows of the technicien's lists, ready to be drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from caisses.enums import Fonction
from portal.ui import badges
from signalements.clocks import read_deadline
from signalements.enums import Statut
from signalements.labels import SERVICES, statut_en_mots
from signalements.models import Demande
from signalements.queries.partner import typed_name


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
    derniere_action: datetime
    technicien: str
    urgente: bool
    non_lu: bool


def lines_of(rows: Iterable[Demande], unread: frozenset[int] = frozenset()) -> list[Ligne]:
    """The rows of a list; their caisse, personne, brouillon and auteur are loaded."""
    return [_line(demande, demande.pk in unread) for demande in rows]


def _line(demande: Demande, non_lu: bool) -> Ligne:
    lue = read_deadline(demande)
    return Ligne(
        reference=demande.reference,
        url=demande_url(demande),
        personne=typed_name(demande) or "Nom non saisi",
        service=SERVICES[Fonction(demande.fonction)],
        caisse=demande.caisse.nom,
        statut=badges.statut(demande.statut, statut_en_mots(demande), demande.issue),
        echeance=badges.echeance(lue.texte, lue.ton) if lue else "",
        derniere_action=demande.modifiee_le,
        technicien=demande.auteur.get_full_name() if demande.auteur else "Compte supprimé",
        urgente=demande.urgente,
        non_lu=non_lu,
    )


def demande_url(demande: Demande) -> str:
    """Where a demande opens: a draft at the step where it was left."""
    name = "reprendre" if demande.statut == Statut.BROUILLON else "demande"
    return reverse(f"signalements:{name}", args=[demande.reference])
