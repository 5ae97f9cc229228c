"""What the saisine gives to the envelope."""

from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse
from signalements.enums import Issue
from signalements.fiches import Fiche
from signalements.kinds.registry import Kind, Team
from signalements.kinds.saisine.situation import situation

TENTATIVES = 3
"""Attempts to reach the person after which « injoignable » may fairly be said (domaine.md §5.2)."""

ISSUES = (
    Issue.DROITS_OUVERTS,
    Issue.SOINS_REALISES,
    Issue.AIDE_ACCORDEE,
    Issue.ORIENTEE_SERVICE_SOCIAL,
    Issue.ORIENTEE_MEDIATION_NUMERIQUE,
    Issue.REFUS_PERSONNE,
    Issue.INJOIGNABLE,
    Issue.HORS_PERIMETRE,
    Issue.NON_RECEVABLE,
    Issue.REORIENTEE,
)


def team(caisse: Caisse) -> Team:
    """The team of the saisines of a caisse."""
    return Team(caisse.equipe_mas_nom, caisse.equipe_mas_courriel)


SAISINE = Kind(
    fonction=Fonction.SAISINE,
    nom="Signalement",
    relation="saisine",
    issues=ISSUES,
    aides={
        Issue.SOINS_REALISES: "La personne sort du dispositif lorsque les soins sont réalisés.",
        Issue.INJOIGNABLE: f"Après {TENTATIVES} tentatives de contact.",
        Issue.NON_RECEVABLE: "Un motif est demandé ; la structure le lit.",
        Issue.REORIENTEE: "Un motif est demandé : vers qui orienter la personne.",
    },
    motifs={
        Issue.NON_RECEVABLE: ListeMotifs.NON_RECEVABLE,
        Issue.REORIENTEE: ListeMotifs.REORIENTATION,
    },
    detail=situation,
    detail_template="signalements/kinds/saisine/situation.html",
    team=team,
    promet_un_contact=True,
    fiche=Fiche(
        objet="une demande d’aide pour vos droits ou vos soins",
        suite=(
            "Une conseillère ou un conseiller de la caisse vous contacte.",
            "Cette personne ne vous demande jamais votre numéro de carte bancaire.",
            "Elle regarde avec vous vos droits, et vous aide à les ouvrir ou à vous soigner.",
        ),
        echeance="La caisse vous contacte au plus tard le",
        but="vous aider à accéder à vos droits et à vos soins",
    ),
)
