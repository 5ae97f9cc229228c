"""What the document request gives to the envelope."""

from caisses.enums import Fonction, ListeMotifs
from documents.models import EntreeCatalogue
from signalements.enums import Issue
from signalements.fiches import Fiche
from signalements.kinds.document.mouvement import MOUVEMENT
from signalements.kinds.document.operations import give_documents, require_documents
from signalements.kinds.document.reading import ISSUES, acts, context, facts, offered, own_delay
from signalements.kinds.document.steps import DocumentSteps
from signalements.kinds.registry import Kind, MotifsCherches

KIND = Kind(
    fonction=Fonction.DOCUMENT,
    slug="document",
    ordre=30,
    nom="Document",
    titre="Demander un document",
    action="Demander un document",
    icone="document",
    presentation="L’équipe «\u00a0{equipe}\u00a0» prépare le document, et l’envoie à la personne ou vous le remet.",
    promesse="Réponse sous {delai}",
    minutes=5,
    a_utiliser=(
        "une attestation ou une notification de droits",
        "le certificat provisoire de remplacement de la carte européenne",
        "la déclaration de perte ou de vol d’une carte Vitale",
        "une offre de prévention\u00a0: vaccin, dépistage, M’T dents, examen de santé",
    ),
    a_eviter=(
        "ce que la personne peut télécharger elle-même dans son compte ameli",
        "une personne dont les droits ne sont pas ouverts\u00a0: signalez la difficulté",
        "transmettre un dossier ou une pièce",
    ),
    besoins=(
        "l’identité de la personne, sans son numéro de sécurité sociale",
        "son accord, recueilli avant l’envoi",
        "ce que demande le document\u00a0: dates, période, pays",
    ),
    suite=(
        "L’équipe «\u00a0{equipe}\u00a0» vérifie la demande et prépare le document.",
        "Le document est envoyé à la personne, ou remis à votre structure si sa convention le permet.",
    ),
    steps=DocumentSteps,
    relation="document",
    issues=ISSUES,
    aides={
        Issue.DELIVRE_PORTAIL: "Les documents préparés sont remis à la structure, pour 30 jours.",
        Issue.ENVOYE_PERSONNE: "Dites comment.",
        Issue.DROITS_NON_OUVERTS: "La structure se voit proposer de signaler la difficulté.",
        Issue.NON_ELIGIBLE: "La personne ne remplit pas les conditions de ce document.",
        Issue.NON_AUTORISE: "Ce document ne peut pas être demandé par cette structure.",
        Issue.NON_RECEVABLE: "Un motif est demandé\u00a0; la structure le lit.",
        Issue.REORIENTEE: "Un motif est demandé\u00a0: vers qui s’adresser.",
    },
    motifs={
        Issue.ENVOYE_PERSONNE: ListeMotifs.REMISE,
        Issue.NON_RECEVABLE: ListeMotifs.NON_RECEVABLE,
        Issue.REORIENTEE: ListeMotifs.REORIENTATION,
    },
    precisions={Issue.ENVOYE_PERSONNE: "Comment le document est envoyé à la personne"},
    cherche=MotifsCherches("document__entree__code", EntreeCatalogue.objects.words_for),
    detail=facts,
    detail_template="document/demande.html",
    delai_propre=own_delay,
    contexte=context,
    volet_partenaire="document/volet_partenaire.html",
    volet_caisse="document/volet_caisse.html",
    volet_decision="document/volet_decision.html",
    actes=acts,
    controle=require_documents,
    apres_decision=give_documents,
    issues_offertes=offered,
    mouvement=MOUVEMENT,
    en_un_mot=lambda demande: str(demande.document.libelle),
    fiche=Fiche(
        objet="une demande de document",
        suite=(
            "La caisse prépare le document.",
            "Elle vous l’envoie, ou le remet à votre structure.",
        ),
        but="préparer ce document",
    ),
)
