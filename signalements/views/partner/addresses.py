"""Where a technicien follows the demandes: the history of the structure where it is open, else what is under way."""

from django.urls import reverse

from accounts.memberships import Membership
from caisses.enums import Fonction


def list_of(membership: Membership) -> tuple[str, str]:
    """The label and address of the list: « Demandes de ma structure », or « Demandes en cours » without history."""
    if membership.caisses_avec(Fonction.HISTORIQUE):
        return "Demandes de ma structure", reverse("signalements:demandes")
    return "Demandes en cours", reverse("signalements:suivi")


def crumbs(membership: Membership, *pages: tuple[str, str]) -> list[tuple[str, str]]:
    """The path to a page of a demande."""
    return [("Accueil", reverse("accueil")), list_of(membership), *pages]
