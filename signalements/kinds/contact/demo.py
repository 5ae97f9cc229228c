"""Questions of the demonstration: every status and outcome, about a person and in general."""

from random import Random
from typing import Any

from signalements.demo.brouillons import Ebauche
from signalements.demo.demandes import (
    MakePlace,
    Place,
    abandoned,
    asked,
    cancelled,
    conclude,
    in_charge,
    sent,
    take,
    waiting,
)
from signalements.demo.histoire import Histoire
from signalements.enums import Etape, Issue, Statut
from signalements.kinds.contact.models import Question

ETAT = (
    "ETAT_AVANCEMENT",
    "La personne a déposé une demande de Complémentaire santé solidaire il y a six semaines et n’a reçu aucune "
    "nouvelle. Où en est-elle\u00a0? Manque-t-il un document\u00a0?",
)
REGLE = (
    "REGLEMENTATION",
    "Une personne hébergée par un proche doit-elle joindre un justificatif au nom de ce proche, ou une attestation "
    "sur l’honneur suffit-elle\u00a0?",
)
URGENT = (
    "SITUATION_URGENTE",
    "La personne quitte son hébergement vendredi, ses droits prennent fin le même jour et sa mutuelle l’a radiée. "
    "Par quoi commencer\u00a0?",
)
PORTAIL = (
    "PORTAIL",
    "Un PDF de 3 Mo est refusé comme «\u00a0abîmé\u00a0», alors qu’il s’ouvre bien sur notre poste.",
)
REFERENT = ("REFERENT", "Notre référente part à la fin du mois. Faut-il un avenant à la convention\u00a0?")
FORMATION = (
    "FORMATION",
    "Nous accueillons trois nouvelles collègues. Une session est-elle prévue ce trimestre\u00a0?",
)
ALLER_VERS = ("ALLER_VERS", "Une demi-journée dans nos locaux serait utile à une dizaine de personnes.")
REPONSE = "Bonjour, la réponse à votre question est oui. Le détail est dans le message ci-dessous."
BROUILLONS = (
    Ebauche(
        "valbrume",
        "251",
        "tech2.valbrume",
        0,
        {"situation": {"portee": ["GENERALE"], "objet": [FORMATION[0]], "message": [FORMATION[1]]}},
        personne=False,
    ),
    Ebauche(
        "rocheclaire",
        "251",
        "tech.rocheclaire",
        1,
        {"situation": {"portee": ["PERSONNE"], "objet": [ETAT[0]], "message": [ETAT[1]]}},
        etape=Etape.PERSONNE,
    ),
)


def general(place: Place, days: int) -> Histoire:
    """A question about nobody."""
    return sent(place, place.moment(days), sans_personne=True)


def answered(days: int, *, sans_personne: bool) -> Any:
    """Answered the day after it was sent."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.moment(days + 2), sans_personne=sans_personne)
        take(story, place, place.moment(days + 1, 9))
        story.says(place.moment(days + 1, 10), place.agent, "Bonjour, je vérifie et je vous réponds demain.")
        conclude(story, place, Issue.REPONDU, place.moment(days, 15), words={Issue.REPONDU: REPONSE})
        return story

    return tell


def closed(issue: Issue, liste: str, code: str, days: int) -> Any:
    """Not receivable, or sent elsewhere, with its motif."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.moment(days + 1))
        take(story, place, place.moment(days + 1, 15))
        conclude(story, place, issue, place.moment(days, 11), {issue: (liste, code)})
        return story

    return tell


def reopened(place: Place) -> Histoire:
    """Answered, then reopened by the caisse."""
    story = answered(3, sans_personne=False)(place)
    story.goes_to(
        Statut.EN_COURS, place.moment(1, 10), place.agent, "La réponse donnée était incomplète.",
        issue="", motif_issue=None, traitee_le=None, assignee_a=place.agent,
    )  # fmt: skip
    return story


def stories(place: MakePlace, random: Random) -> list[Histoire]:
    """Every question of the demonstration."""
    valbrume = place("valbrume", "251", "tech.valbrume", "agent.251")
    roche = place("rocheclaire", "251", "tech.rocheclaire", "agent.251")
    udaf = place("udaf", "251", "tech.udaf", "sup.251")
    loire = place("pontreval", "422", "tech.pontreval", "agent.422")
    told = [
        (waiting(1)(valbrume), ETAT),
        (general(valbrume, 0), FORMATION),
        (waiting(4)(roche), ETAT),
        (waiting(0, "DEPART")(udaf), URGENT),
        (in_charge(2, 1, contact=False, message=True)(valbrume), ETAT),
        (asked(4)(roche), ETAT),
        (asked(6, answered=1)(valbrume), ETAT),
        (answered(2, sans_personne=True)(valbrume), REGLE),
        (answered(9, sans_personne=False)(udaf), ETAT),
        (answered(25, sans_personne=True)(roche), PORTAIL),
        (closed(Issue.NON_RECEVABLE, "NON_RECEVABLE", "HORS_PERIMETRE", 6)(valbrume), ETAT),
        (closed(Issue.REORIENTEE, "REORIENTATION", "APPEL_3646", 12)(roche), ETAT),
        (cancelled(5)(udaf), ETAT),
        (abandoned(valbrume), ETAT),
        (reopened(roche), ETAT),
        (general(loire, 1), ALLER_VERS),
        (answered(4, sans_personne=True)(loire), REFERENT),
        (waiting(2)(loire), ETAT),
    ]
    for story, (objet, message) in told:
        story.situation.append(Question(**story.tenant, objet=objet, message=message))
    return [story for story, _ in told]
