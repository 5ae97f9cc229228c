"""Document requests of the demonstration: every document, status and outcome; some are given on the portal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random

from django.conf import settings

from documents import vault
from documents.catalogue import Champ
from documents.enums import ModeRemise, OrigineFichier, TypeChamp
from documents.filigrane import stamp
from documents.models import EntreeCatalogue
from portal import clock
from signalements.demo.brouillons import Ebauche
from signalements.demo.demandes import (
    MakePlace,
    Place,
    Scenario,
    abandoned,
    asked,
    cancelled,
    conclude,
    in_charge,
    sent,
    take,
    waiting,
)
from signalements.demo.document import pdf
from signalements.demo.histoire import Histoire
from signalements.demo.saving import stored_piece
from signalements.enums import Etape, Issue
from signalements.kinds.document.fields import answers_in_words
from signalements.kinds.document.models import DemandeDocument, DocumentRemis
from signalements.kinds.document.operations import filigrane_of

MOTIFS = {
    Issue.ENVOYE_PERSONNE: ("REMISE", "COURRIER"),
    Issue.NON_RECEVABLE: ("NON_RECEVABLE", "AUTRE_REGIME"),
    Issue.REORIENTEE: ("REORIENTATION", "APPEL_3646"),
}
COMMENTS = {
    Issue.DELIVRE_PORTAIL: "Bonjour, le document demandé est à votre disposition pendant 30 jours.",
    Issue.ENVOYE_PERSONNE: "Le document part aujourd’hui.",
    Issue.DROITS_NON_OUVERTS: "Aucun droit n’est ouvert à cette date\u00a0: une demande est à faire.",
    Issue.NON_ELIGIBLE: "La personne ne remplit pas les conditions d’âge de cette campagne.",
    Issue.NON_AUTORISE: "Ce document ne peut être demandé que par la personne elle-même.",
}
BROUILLONS = (
    Ebauche(
        "valbrume",
        "251",
        "tech.valbrume",
        0,
        {"choix": {"document": ["ATTESTATION_DROITS"]}},
        etape=Etape.PERSONNE,
    ),
    Ebauche("udaf", "251", "tech.udaf", 2, {"choix": {"document": ["NOTIF_DROITS"]}}, etape=Etape.PERSONNE),
)


@dataclass(frozen=True)
class Conte:
    """A story, the document it asks for, and whether a file is given in answer."""

    story: Histoire
    code: str
    remis: bool = False


def decided(issue: Issue, days: int) -> Scenario:
    """Decided that many jours ouvrés ago."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.moment(days + 4))
        take(story, place, place.moment(days + 2, 9))
        conclude(story, place, issue, place.moment(days, 15), MOTIFS, COMMENTS)
        return story

    return tell


def stories(place: MakePlace, random: Random) -> list[Histoire]:
    """Every document request of the demonstration."""
    valbrume = place("valbrume", "251", "tech.valbrume", "agent.251")
    roche = place("rocheclaire", "251", "tech.rocheclaire", "agent.251")
    udaf = place("udaf", "251", "tech.udaf", "agent.251")
    loire = place("pontreval", "422", "tech.pontreval", "agent.422")
    told = [
        Conte(waiting(1)(valbrume), "ATTESTATION_DROITS"),
        Conte(waiting(2)(udaf), "NOTIF_DROITS"),
        Conte(waiting(7)(roche), "CEAM_CERTIF"),
        Conte(waiting(0, "SOINS_PROGRAMMES")(loire), "ATTESTATION_DROITS"),
        Conte(in_charge(3, 1, contact=False)(udaf), "VITALE_PERTE_VOL"),
        Conte(in_charge(2, 1, contact=False, message=True)(valbrume), "VITALE_PERTE_VOL"),
        Conte(asked(5)(roche), "NOTIF_DROITS"),
        Conte(asked(9, answered=1)(valbrume), "AUTRE"),
        Conte(decided(Issue.DELIVRE_PORTAIL, 2)(udaf), "ATTESTATION_DROITS", remis=True),
        Conte(decided(Issue.DELIVRE_PORTAIL, 9)(udaf), "MT_DENTS", remis=True),
        Conte(decided(Issue.DELIVRE_PORTAIL, 40)(udaf), "NOTIF_DROITS", remis=True),
        Conte(decided(Issue.ENVOYE_PERSONNE, 1)(valbrume), "CEAM_CERTIF"),
        Conte(decided(Issue.ENVOYE_PERSONNE, 12)(loire), "INVITATION_EPS"),
        Conte(decided(Issue.DROITS_NON_OUVERTS, 3)(valbrume), "ATTESTATION_DROITS"),
        Conte(decided(Issue.NON_ELIGIBLE, 8)(roche), "BON_DEPISTAGE"),
        Conte(decided(Issue.NON_AUTORISE, 15)(valbrume), "AUTRE"),
        Conte(decided(Issue.NON_RECEVABLE, 20)(loire), "BON_VACCINATION"),
        Conte(decided(Issue.REORIENTEE, 25)(roche), "AUTRE"),
        Conte(cancelled(6)(valbrume), "INVITATION_EPS"),
        Conte(abandoned(loire), "NOTIF_DROITS"),
    ]
    entrees = {row.code: row for row in EntreeCatalogue.objects.filter(caisse=None)}
    for conte in told:
        _ask(conte, entrees[conte.code], random)
    for conte in told:
        if conte.remis:
            _give(conte, entrees[conte.code])
    return [conte.story for conte in told]


def _ask(conte: Conte, entree: EntreeCatalogue, random: Random) -> None:
    champs = entree.champs_lus
    day = conte.story.demande.caisse.today()
    answers = {champ.code: _answer(champ, day, random) for champ in champs if not champ.si}
    conte.story.situation.append(
        DemandeDocument(
            **conte.story.tenant,
            entree=entree,
            libelle=entree.libelle,
            reponses=[list(row) for row in answers_in_words(champs, answers)],
            remise=ModeRemise.PORTAIL if conte.remis else ModeRemise.COURRIER,
        )
    )


def _answer(champ: Champ, day: date, random: Random) -> object:
    if champ.type == TypeChamp.PERIODE:
        return day - timedelta(days=365), day
    if champ.type == TypeChamp.DATE:
        return day + timedelta(days=40 if champ.apres else 25) if champ.futur or champ.apres else day
    if champ.type == TypeChamp.PAYS:
        return random.choice(("ES", "PT", "BE", "IT"))
    if champ.type == TypeChamp.LIGNE:
        return {"document": "Relevé d’indemnités journalières", "campagne": "Automne"}.get(champ.code, "")
    return random.choice(champ.choix)[0] if champ.choix else "OUI"


def _give(conte: Conte, entree: EntreeCatalogue) -> None:
    """The document as it was given, or what is left of it once its time is over."""
    demande = conte.story.demande
    given: datetime = demande.traitee_le or clock.now()
    expire = given + timedelta(days=settings.DOCUMENT_SORTANT_JOURS)
    filigrane = filigrane_of(demande)
    name = f"{demande.reference}-{entree.code.lower().replace('_', '-')}.pdf"
    piece = stored_piece(
        demande,
        name,
        stamp(BytesIO(pdf(entree.libelle)), filigrane),
        deposee_par=demande.assignee_a,
        deposee_le=given,
        transmise_le=given,
        origine=OrigineFichier.CAISSE,
        filigrane=filigrane,
        expire_le=expire,
        efface_le=expire if expire <= clock.now() else None,
    )
    if piece.efface_le:
        piece.cle_fichier = b""
        vault.discard(piece.chemin)
    remis = DocumentRemis(**conte.story.tenant, piece=piece, prepare_par=demande.assignee_a)
    conte.story.situation += [piece, remis]
