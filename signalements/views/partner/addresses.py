"""Where a technicien follows the demandes: the history of the structure where it is open, else what is under way."""

from accounts.memberships import Membership
from caisses.enums import Fonction
from portal.routes import address_of


def list_of(membership: Membership) -> tuple[str, str]:
    """The label and address of the list: « Demandes de ma structure », or « Demandes en cours » without history."""
    if membership.caisses_avec(Fonction.HISTORIQUE):
        return "Demandes de ma structure", address_of("signalements:demandes")
    return "Demandes en cours", address_of("signalements:suivi")


def crumbs(membership: Membership, *pages: tuple[str, str]) -> list[tuple[str, str]]:
    """The path to a page of a demande."""
    return [("Accueil", address_of("accueil")), list_of(membership), *pages]
