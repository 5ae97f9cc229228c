"""What the dossier gives to the envelope."""

from typing import Any

from accounts.memberships import Membership
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Motif, TypePiece
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, Cote, Issue
from signalements.fiches import Fiche
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.forms_caisse import DossierDecisionForm, ticked_at_first
from signalements.kinds.dossier.mouvement import MOUVEMENT
from signalements.kinds.dossier.operations.effacement import erase, while_the_right_runs
from signalements.kinds.dossier.operations.periodes import follow_passage
from signalements.kinds.dossier.operations.sending import take_back
from signalements.kinds.dossier.queries import pieces_of, to_renew
from signalements.kinds.dossier.steps import DossierSteps
from signalements.kinds.dossier.suivi import facts, page_context
from signalements.kinds.registry import Acte, Kind, MotifsCherches, MotsComplement
from signalements.models import Demande

ISSUES = (Issue.ACCORD, Issue.REFUS, Issue.SANS_SUITE, Issue.NON_RECEVABLE, Issue.REORIENTEE)


def what_to_return(demande: Demande, raisons: list[Motif]) -> tuple[list[TypePiece], dict[str, Any]]:
    """The pièces a return may ask for: those of the checklist, ticked when they were found wrong."""
    pieces = pieces_of(demande)
    return [piece.type_piece for piece in pieces], ticked_at_first(pieces, raisons)


def links(demande: Demande, cote: Cote) -> tuple[Acte, ...]:
    """« Contrôler les pièces », on the caisse's side, while the dossier is there."""
    if cote != Cote.CAISSE or demande.statut not in STATUTS_CHEZ_LA_CAISSE:
        return ()
    return (Acte("Contrôler les pièces", "#controle", "secondary", "coche"),)


def home(membership: Membership) -> dict[str, Any]:
    """« Droits à renouveler » on the technicien's home: one query where the service is open."""
    return {
        "droits_a_renouveler": to_renew(membership),
        "dossiers_ouverts": bool(membership.caisses_avec(Fonction.DOSSIER)),
    }


KIND = Kind(
    fonction=Fonction.DOSSIER,
    slug="dossier",
    ordre=20,
    nom="Dossier",
    titre="Transmettre et suivre un dossier",
    action="Transmettre un dossier",
    icone="dossier",
    presentation="L’équipe « {equipe} » vérifie les pièces et rend une décision.",
    promesse="Dossier complet étudié en moins de {delai}",
    minutes=15,
    a_utiliser=(
        "une demande de complémentaire santé solidaire, première ou renouvelée",
        "une ouverture de droits de base (PUMa)",
        "un renouvellement d’aide médicale de l’État",
        "préparer une première demande d’aide médicale de l’État",
    ),
    a_eviter=(
        "un dossier déjà déposé et en cours\u00a0: ajoutez la pièce à ce dossier",
        "une démarche que la personne peut faire dans son compte ameli",
        "un courrier ou une question sans dossier",
    ),
    besoins=(
        "le formulaire complet, daté et signé par la personne",
        "les pièces de sa situation, lisibles",
        "la composition de son foyer",
        "son accord, recueilli avant l’envoi",
    ),
    suite=(
        "L’équipe « {equipe} » vérifie les pièces.",
        "S’il en manque, le dossier vous revient avec la liste\u00a0: un nouveau délai commence "
        "quand vous l’avez complété.",
        "La décision arrive dans le portail, avec ses dates.",
    ),
    steps=DossierSteps,
    relation="dossier",
    issues=ISSUES,
    aides={
        Issue.ACCORD: "Avec la date d’effet et la date de fin du droit.",
        Issue.REFUS: "Un motif est demandé, et les voies de recours.",
        Issue.SANS_SUITE: "La demande n’a plus d’objet, ou n’a pas été complétée.",
        Issue.NON_RECEVABLE: "Un motif est demandé\u00a0; la structure le lit.",
        Issue.REORIENTEE: "Un motif est demandé\u00a0: vers qui orienter la personne.",
    },
    motifs={
        Issue.REFUS: ListeMotifs.REFUS,
        Issue.NON_RECEVABLE: ListeMotifs.NON_RECEVABLE,
        Issue.REORIENTEE: ListeMotifs.REORIENTATION,
    },
    cherche=MotifsCherches("dossier__type", lambda caisses: dict(TypeDossier.choices)),
    detail=facts,
    detail_template="dossier/dossier.html",
    equipe=lambda caisse: "Service accès aux droits",
    fiche=Fiche(
        objet="votre dossier de droits à la santé",
        suite=(
            "La caisse vérifie vos papiers.",
            "S’il manque un papier, elle le demande à votre structure.",
            "Elle vous envoie sa décision, et la dit à votre structure.",
        ),
        but="étudier vos droits",
    ),
    contexte=page_context,
    volet_partenaire="dossier/volet.html",
    volet_caisse="dossier/volet.html",
    actes=links,
    complement=MotsComplement(
        titre="Retourner pour incomplétude",
        bouton="Retourner le dossier",
        effet=(
            "Le retour est une réponse\u00a0: il met fin à cette période. Le dossier complété en ouvrira "
            "une nouvelle."
        ),
        fait="Le dossier est retourné\u00a0; la période est close.",
        reprise="Un nouveau délai commence quand vous avez complété le dossier.",
        passage="Retour pour incomplétude",
        retrait="Reprendre le dossier sans attendre",
        liste=ListeMotifs.RETOUR,
        suite="",
        propose=what_to_return,
    ),
    volet_accueil="dossier/accueil.html",
    contexte_accueil=home,
    decision=DossierDecisionForm,
    apres_passage=follow_passage,
    unsend=take_back,
    mouvement=MOUVEMENT,
    efface=erase,
    retient=while_the_right_runs,
    en_un_mot=lambda demande: str(TypeDossier(demande.dossier.type).label),
)
