"""What the pages say of an appointment: facts, dates, history, and what can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal import clock
from portal.validators import readable_phone
from signalements.enums import STATUTS_OUVERTS, Cote, Statut
from signalements.kinds.registry import Acte, MotifLabels, Pas
from signalements.kinds.rendez_vous.dates import free_in_words, place_in_words, when_in_words
from signalements.kinds.rendez_vous.enums import (
    Besoin,
    EtatHoraire,
    EtatRendezVous,
    ModeRendezVous,
    TypeRendezVous,
)
from signalements.kinds.rendez_vous.models import Horaire
from signalements.kinds.rendez_vous.queries import dates_of, steps_of
from signalements.models import Demande

E = EtatRendezVous
TONES = {
    E.DEMANDE: ("info", "horloge"),
    E.PROPOSE: ("warning", "calendrier"),
    E.CONFIRME: ("success", "coche"),
    E.REPORTE: ("warning", "actualiser"),
    E.HONORE: ("success", "coche-cercle"),
    E.ABSENT: ("neutral", "croix"),
    E.ANNULE_PERSONNE: ("neutral", "croix"),
    E.ANNULE_CAISSE: ("neutral", "croix"),
}


@dataclass(frozen=True)
class DateLue:
    """A date in words."""

    pk: int
    quand: str
    lieu: str
    agent: str
    passee: bool
    acces: str = ""
    appeler: str = ""


def facts(demande: Demande, labels: MotifLabels) -> list[tuple[str, object]]:
    """What was asked, as (label, value) pairs; what is empty is left out."""
    rdv = demande.rendez_vous
    rows: list[tuple[str, object]] = [
        ("Motif", rdv.motif.libelle),
        ("Forme souhaitée", str(TypeRendezVous(rdv.type).label)),
        ("Agence souhaitée", rdv.agence.nom if rdv.agence else ""),
        (
            "Disponibilités",
            free_in_words(rdv.disponibilites) if rdv.mode == ModeRendezVous.DEMANDE else [],
        ),
        ("Accompagnée par", rdv.accompagnant or ("La structure" if rdv.accompagnee else "")),
        ("Interprète souhaité en", rdv.langue_interprete),
        ("Pour bien la recevoir", [str(Besoin(code).label) for code in rdv.besoins]),
    ]
    return [(label, value) for label, value in rows if value]


def read_date(horaire: Horaire, demande: Demande, cote: Cote) -> DateLue:
    """A date as one side reads it: the agent's name is the caisse's to show."""
    agence, caisse = horaire.agence, demande.caisse
    shown = horaire.agent is not None and (cote == Cote.CAISSE or caisse.nom_agent_visible)
    phone = (agence.telephone if agence else "") or caisse.support_telephone
    return DateLue(
        pk=horaire.pk,
        quand=when_in_words(horaire.debut, horaire.fin, caisse.fuseau),
        lieu=place_in_words(horaire.type, agence),
        agent=horaire.agent.get_full_name() if shown and horaire.agent else "",
        passee=horaire.debut <= clock.now(),
        acces=agence.accessibilite if agence else "",
        appeler=readable_phone(phone) if phone else "",
    )


def context(demande: Demande, cote: Cote) -> dict[str, Any]:
    """What the templates of both sides need beyond the demande, in two queries."""
    rdv = demande.rendez_vous
    horaires = dates_of(demande)

    def read(etat: str) -> list[DateLue]:
        return [read_date(horaire, demande, cote) for horaire in horaires if horaire.etat == etat]

    fixed = next(iter(read(EtatHoraire.FIXE)), None)
    etat = EtatRendezVous(rdv.statut)
    at_work = demande.statut in STATUTS_OUVERTS and demande.statut != Statut.A_COMPLETER
    tone, icon = TONES[etat]
    return {
        "rdv": rdv,
        "rdv_etat": str(etat.label),
        "rdv_ton": tone,
        "rdv_icone": icon,
        "rdv_date": fixed,
        "rdv_proposees": read(EtatHoraire.PROPOSE) if etat == E.PROPOSE else [],
        "rdv_anciennes": read(EtatHoraire.LIBERE),
        "rdv_disponibilites": free_in_words(rdv.disponibilites),
        "rdv_pieces": rdv.motif.pieces if etat in {E.CONFIRME, E.PROPOSE, E.DEMANDE, E.REPORTE} else [],
        "rdv_pieces_titre": "À garder à portée de main"
        if _at_a_distance(rdv.type, horaires)
        else "À apporter",
        "rdv_etapes": steps_of(demande),
        "rdv_a_choisir": at_work and etat == E.PROPOSE,
        "rdv_a_proposer": at_work and etat in {E.DEMANDE, E.REPORTE, E.PROPOSE},
        "rdv_a_reserver": at_work
        and demande.caisse.rendez_vous_reservation
        and etat in {E.DEMANDE, E.REPORTE, E.CONFIRME}
        and not (fixed is not None and fixed.passee),
        "rdv_a_venir": at_work and etat == E.CONFIRME and fixed is not None and not fixed.passee,
        "rdv_a_noter": at_work and etat == E.CONFIRME and fixed is not None and fixed.passee,
    }


def _at_a_distance(wished: str, horaires: list[Horaire]) -> bool:
    """Whether nobody comes anywhere: by the dates in play, by the form wished for while there is none."""
    in_play = {row.type for row in horaires if row.etat in {EtatHoraire.FIXE, EtatHoraire.PROPOSE}} or {
        wished
    }
    return in_play <= {TypeRendezVous.TELEPHONE, TypeRendezVous.VISIO}


TITRES = {
    E.DEMANDE: "D’autres dates demandées",
    E.PROPOSE: "Dates de rendez-vous proposées",
    E.CONFIRME: "Date de rendez-vous fixée",
    E.REPORTE: "Rendez-vous à reporter",
    E.HONORE: "Rendez-vous honoré",
    E.ABSENT: "Rendez-vous non honoré",
    E.ANNULE_PERSONNE: "Rendez-vous annulé par la personne",
    E.ANNULE_CAISSE: "Rendez-vous annulé par la caisse",
}


def steps(given: Mapping[str, Any]) -> list[Pas]:
    """The steps of the appointment for the chronology, from what `context` read."""
    return [
        Pas(
            cle=str(step.pk),
            titre=TITRES[EtatRendezVous(step.vers)],
            le=step.le,
            cote=step.cote,
            auteur=step.acteur.get_full_name() if step.acteur else "",
            texte=step.commentaire,
            icone=TONES[EtatRendezVous(step.vers)][1],
        )
        for step in given["rdv_etapes"]
    ]


def next_act(demande: Demande, given: Mapping[str, Any]) -> Acte | None:
    """What the agent does next of the appointment: propose dates, wait for the day, say whether the person came."""
    if given["rdv_a_noter"]:
        return Acte("Dire si la personne est venue", "#rendez-vous", "primary", "coche")
    if given["rdv_a_proposer"] and not given["rdv_a_choisir"]:
        url = reverse("rendez_vous:proposer", args=[demande.reference])
        return Acte("Proposer des dates", url, "primary", "calendrier")
    if given["rdv_a_venir"] or given["rdv_a_choisir"]:
        return Acte("Voir le rendez-vous", "#rendez-vous", "secondary", "calendrier")
    return None
