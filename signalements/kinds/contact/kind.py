"""What the question gives to the envelope."""

from collections.abc import Sequence
from typing import Any

from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse
from portal.errors import DomainError
from signalements.enums import Cote, Issue
from signalements.fiches import Fiche
from signalements.kinds.contact.forms import ETAT_AVANCEMENT, SITUATION_URGENTE
from signalements.kinds.contact.models import Question
from signalements.kinds.contact.resources import resources_by_object
from signalements.kinds.contact.steps import QuestionSteps
from signalements.kinds.mouvements import Choix, Motifs, Mouvement, own_row, selection
from signalements.kinds.registry import Kind, MotifLabels, MotifsCherches, MotsDecision, kind_of, words_of
from signalements.models import Demande
from signalements.queries.referentiel import motifs_of


def facts(demande: Demande, labels: MotifLabels) -> list[tuple[str, object]]:
    """The object of the question, in words; its text stands in the template."""
    objet = demande.question.objet
    return [("Objet", labels.get((ListeMotifs.OBJET_CONTACT.value, objet), objet))]


def before(caisse: Caisse) -> dict[str, Any]:
    """Where the answer may already be, by object."""
    return {"ressources": resources_by_object(caisse)}


def require_answer(demande: Demande, issue: Issue, commentaire: str) -> None:
    """« Réponse donnée » comes with an answer: the comment, or a message of the caisse.

    Raises:
        DomainError: neither is there.
    """
    if issue != Issue.REPONDU or commentaire.strip():
        return
    if not demande.messages.filter(cote=Cote.CAISSE).exists():
        raise DomainError(
            "Écrivez votre réponse ici, ou envoyez d’abord un message à la structure.",
            field="commentaire",
            code="reponse_requise",
        )


OBJET_AUTRE = "AUTRE"


def objects(demande: Demande) -> Motifs:
    """The objects of a question at this caisse."""
    objet = demande.question.objet
    liste = ListeMotifs.OBJET_CONTACT
    words = {motif.code: motif.libelle for motif in motifs_of(demande.caisse, liste)[liste.value]}
    champ = selection("Objet", list(words.items()), "Choisissez un objet")
    champ.initial = objet
    return Motifs(words.get(objet, objet), champ)


def put_object(demande: Demande, objet: str) -> tuple[()]:
    """Another object for the question; its text stays.

    Raises:
        DomainError: the progress of a démarche is somebody's, and an urgent situation is urgent.
    """
    if objet == ETAT_AVANCEMENT and demande.sans_personne:
        raise DomainError(
            "L’avancement d’une démarche concerne une personne, et cette question n’en nomme aucune.",
            field="motif",
            code="sans_personne",
        )
    if objet == SITUATION_URGENTE and not demande.urgente:
        raise DomainError("Changez d’abord l’urgence de la demande.", field="motif", code="pas_urgente")
    question: Question = demande.question
    question.objet = objet
    question.save(update_fields=["objet"])
    return ()


def from_other(demande: Demande, choix: Choix) -> Question:
    """A question made of a demande of another kind: what was asked stays readable beside it."""
    saisine = getattr(demande, "saisine", None)
    words = saisine.description if saisine else ""
    return Question(
        objet=OBJET_AUTRE, message=words or f"Demande reçue comme «\u00a0{kind_of(demande).titre}\u00a0»."
    )


def erase(ids: Sequence[int]) -> None:
    """The text of questions; their object is counted and stays."""
    Question.objects.filter(pk__in=ids).update(message="")


KIND = Kind(
    fonction=Fonction.CONTACT,
    slug="contact",
    ordre=50,
    nom="Message",
    titre="Contacter ma caisse",
    action="Écrire à la caisse",
    icone="enveloppe",
    presentation="L’équipe «\u00a0{equipe}\u00a0» lit votre message et vous répond ici.",
    promesse="Réponse sous {delai}",
    minutes=4,
    a_utiliser=(
        "l’avancement d’une démarche, avec l’accord de la personne",
        "une question sur les règles ou les droits",
        "une situation complexe urgente",
        "le partenariat\u00a0: référents, formations, supports, venue de la caisse dans vos locaux",
    ),
    a_eviter=(
        "une difficulté d’accès aux droits ou aux soins\u00a0: signalez-la",
        "un document ou un rendez-vous\u00a0: un service existe pour chacun",
        "une demande déjà en cours\u00a0: ouvrez-la et écrivez-y",
        "une urgence vitale\u00a0: appelez le 15 ou le 112",
    ),
    besoins=(
        "l’objet de votre question",
        "si elle concerne une personne, son identité, sans son numéro de sécurité sociale, et son accord",
    ),
    suite=("L’équipe «\u00a0{equipe}\u00a0» lit votre message et vous répond dans cette demande.",),
    steps=QuestionSteps,
    relation="question",
    issues=(Issue.REPONDU, Issue.NON_RECEVABLE, Issue.REORIENTEE),
    aides={
        Issue.REPONDU: "Votre réponse, dans le commentaire ou dans les messages.",
        Issue.NON_RECEVABLE: "Un motif est demandé\u00a0; la structure le lit.",
        Issue.REORIENTEE: "Un motif est demandé\u00a0: vers qui s’adresser.",
    },
    motifs={
        Issue.NON_RECEVABLE: ListeMotifs.NON_RECEVABLE,
        Issue.REORIENTEE: ListeMotifs.REORIENTATION,
    },
    cherche=MotifsCherches("question__objet", words_of(ListeMotifs.OBJET_CONTACT)),
    detail=facts,
    detail_template="contact/question.html",
    controle=require_answer,
    mots_decision=MotsDecision(
        titre="Répondre",
        fait="Votre réponse est donnée\u00a0; la structure est prévenue.",
        retenue="Votre réponse est donnée. Vous pouvez encore l’annuler.",
    ),
    sans_personne=True,
    efface=erase,
    mouvement=Mouvement(
        choix=lambda demande: {},
        row=from_other,
        ancien=lambda demande: [("Message", demande.question.message)],
        ailleurs=own_row("question"),
        motifs=objects,
        motif=put_object,
    ),
    avant="contact/avant.html",
    avant_contexte=before,
    fiche=Fiche(
        objet="une question sur votre situation",
        suite=(
            "La caisse lit la question et répond à votre structure.",
            "Votre structure vous donne la réponse.",
        ),
        but="répondre à cette question",
    ),
)
