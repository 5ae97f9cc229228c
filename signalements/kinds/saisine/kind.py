"""What the saisine gives to the envelope."""

from caisses.enums import Fonction, ListeMotifs
from signalements.enums import Issue
from signalements.fiches import Fiche
from signalements.kinds.registry import Kind, MotifsCherches, words_of
from signalements.kinds.saisine.situation import MOUVEMENT, erase, situation
from signalements.kinds.saisine.steps import SaisineSteps

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


KIND = Kind(
    fonction=Fonction.SAISINE,
    slug="saisine",
    ordre=10,
    nom="Signalement",
    titre="Signaler une difficulté d’accès aux droits ou aux soins",
    action="Signaler une difficulté",
    icone="signaler",
    presentation="L’équipe «\u00a0{equipe}\u00a0» contacte la personne et l’accompagne.",
    promesse="Premier contact avec la personne sous {delai}",
    minutes=8,
    a_utiliser=(
        "une personne sans droits ouverts, ou sans complémentaire",
        "une personne qui renonce à des soins",
        "une personne en difficulté avec le numérique",
        "une personne dans une situation sociale complexe",
    ),
    a_eviter=(
        "une urgence vitale\u00a0: appelez le 15 ou le 112",
        "une question générale, ou une démarche que la personne peut faire dans son compte ameli ou au 36 46",
        "trouver un professionnel de santé\u00a0: utilisez l’annuaire santé",
    ),
    besoins=(
        "l’identité de la personne, sans son numéro de sécurité sociale",
        "son téléphone, sauf si la caisse doit passer par votre structure",
        "son accord, recueilli avant l’envoi",
    ),
    suite=("L’équipe «\u00a0{equipe}\u00a0» prend la demande en charge et contacte la personne.",),
    steps=SaisineSteps,
    relation="saisine",
    issues=ISSUES,
    aides={
        Issue.SOINS_REALISES: "La personne sort du dispositif lorsque les soins sont réalisés.",
        Issue.INJOIGNABLE: f"Après {TENTATIVES} tentatives de contact.",
        Issue.NON_RECEVABLE: "Un motif est demandé\u00a0; la structure le lit.",
        Issue.REORIENTEE: "Un motif est demandé\u00a0: vers qui orienter la personne.",
    },
    motifs={
        Issue.NON_RECEVABLE: ListeMotifs.NON_RECEVABLE,
        Issue.REORIENTEE: ListeMotifs.REORIENTATION,
    },
    cherche=MotifsCherches("saisine__difficultes", words_of(ListeMotifs.DIFFICULTE), plusieurs=True),
    detail=situation,
    detail_template="saisine/situation.html",
    equipe=lambda caisse: caisse.equipe_mas_nom,
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
    tentatives=TENTATIVES,
    mouvement=MOUVEMENT,
    efface=erase,
)
