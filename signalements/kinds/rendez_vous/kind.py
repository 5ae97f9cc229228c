"""What the appointment gives to the envelope."""

from typing import Any

from django.urls import reverse

from accounts.memberships import Membership
from caisses.enums import Fonction, ListeMotifs
from signalements.enums import Cote, Issue
from signalements.fiches import Fiche
from signalements.kinds.registry import Acte, Kind, MotifsCherches
from signalements.kinds.rendez_vous import reading
from signalements.kinds.rendez_vous.enums import EtatRendezVous
from signalements.kinds.rendez_vous.models import MotifRendezVous
from signalements.kinds.rendez_vous.mouvement import MOUVEMENT
from signalements.kinds.rendez_vous.operations.closing import (
    check_outcome,
    erase,
    follow_status,
    undo_sending,
)
from signalements.kinds.rendez_vous.queries import proposed_to, to_accept
from signalements.kinds.rendez_vous.steps import RendezVousSteps
from signalements.models import Demande

ISSUES = (
    Issue.HONORE,
    Issue.ABSENT,
    Issue.ANNULE_PERSONNE,
    Issue.ANNULE_CAISSE,
    Issue.NON_RECEVABLE,
    Issue.REORIENTEE,
)


def actes(demande: Demande, cote: Cote) -> tuple[Acte, ...]:
    """The appointment's file for a calendar, once its date is fixed."""
    if demande.rendez_vous.statut != EtatRendezVous.CONFIRME:
        return ()
    side = "partenaire" if cote == Cote.PARTENAIRE else "caisse"
    url = reverse(f"rendez_vous:fichier_{side}", args=[demande.reference])
    return (Acte("Ajouter à mon agenda (ICS)", url, "secondary", "calendrier", repli=True),)


def home(membership: Membership) -> dict[str, Any]:
    """The dates to accept, on the technicien's home: one query where the service is open."""
    return {"rendez_vous_a_accepter": to_accept(membership), "rendez_vous_niveau": 3}


KIND = Kind(
    fonction=Fonction.RENDEZ_VOUS,
    slug="rendez-vous",
    ordre=20,
    nom="Rendez-vous",
    titre="Demander un rendez-vous pour un assuré",
    action="Demander un rendez-vous",
    icone="calendrier",
    presentation="La caisse propose des dates par téléphone, dans une agence ou dans vos locaux.",
    promesse="Première date proposée sous {delai}",
    tenue="Première date proposée",
    minutes=5,
    a_utiliser=(
        "une démarche à faire avec la personne, par téléphone ou sur place",
        "déposer une première demande d’aide médicale de l’État",
        "une personne qui a besoin d’un interprète ou d’un accueil adapté",
    ),
    a_eviter=(
        "une question simple : la personne peut appeler le 36 46",
        "une personne qui peut prendre rendez-vous dans son compte ameli",
        "une urgence vitale : appelez le 15 ou le 112",
    ),
    besoins=(
        "l’identité de la personne, sans son numéro de sécurité sociale",
        "ses disponibilités, et son téléphone si elle est appelée",
        "son accord, recueilli avant l’envoi",
    ),
    suite=(
        "La caisse propose une à trois dates ; vous en acceptez une avec la personne.",
        "Deux jours avant, le portail vous rappelle le rendez-vous.",
    ),
    steps=RendezVousSteps,
    relation="rendez_vous",
    suit=("motif", "agence"),
    issues=ISSUES,
    aides={
        Issue.HONORE: "La personne est venue, ou a répondu à l’appel.",
        Issue.ABSENT: "Ni venue, ni excusée.",
        Issue.ANNULE_PERSONNE: "La personne s’est excusée ; la date est libérée.",
        Issue.ANNULE_CAISSE: "La date est libérée ; dites pourquoi à la structure.",
        Issue.NON_RECEVABLE: "Un motif est demandé ; la structure le lit.",
        Issue.REORIENTEE: "Un motif est demandé : vers qui orienter la personne.",
    },
    motifs={
        Issue.NON_RECEVABLE: ListeMotifs.NON_RECEVABLE,
        Issue.REORIENTEE: ListeMotifs.REORIENTATION,
    },
    cherche=MotifsCherches("rendez_vous__motif__code", MotifRendezVous.objects.words_for),
    detail=reading.facts,
    detail_template="rendez_vous/situation.html",
    equipe=lambda caisse: "Rendez-vous des partenaires",
    fiche=Fiche(
        objet="une demande de rendez-vous",
        suite=(
            "La caisse propose une ou plusieurs dates.",
            "Votre structure choisit une date avec vous.",
            "Si vous ne pouvez pas venir, prévenez votre structure : la date servira à quelqu’un d’autre.",
        ),
        echeance="Première date proposée au plus tard le",
        but="fixer votre rendez-vous",
    ),
    contexte=reading.context,
    pas=reading.steps,
    suivant=reading.next_act,
    volet_partenaire="rendez_vous/volet_partenaire.html",
    volet_caisse="rendez_vous/volet_caisse.html",
    volet_confirmation="rendez_vous/confirmation.html",
    actes=actes,
    menu={
        Cote.PARTENAIRE: ("Rendez-vous", "rendez_vous:liste"),
        Cote.CAISSE: ("Rendez-vous", "rendez_vous:agenda"),
    },
    compte=("Mon agenda", "rendez_vous:mon_agenda"),
    suite_tenue=(
        "Le créneau est réservé, et la demande est enregistrée.",
        "Deux jours avant, le portail vous rappelle le rendez-vous.",
        "Si la personne ne peut pas venir, reportez le rendez-vous ou annulez la demande.",
    ),
    volet_accueil="rendez_vous/a_accepter.html",
    contexte_accueil=home,
    attend=proposed_to,
    apres_passage=follow_status,
    controle=check_outcome,
    unsend=undo_sending,
    mouvement=MOUVEMENT,
    efface=erase,
    en_un_mot=lambda demande: str(demande.rendez_vous.motif.libelle),
)
