"""The demonstration's dossiers: every type, returns and their periods, rights that end soon."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from caisses.models import Motif, TypePiece
from portal import clock
from signalements.demo.brouillons import Ebauche
from signalements.demo.demandes import (
    MakePlace,
    Place,
    Scenario,
    abandoned,
    cancelled,
    conclude,
    in_charge,
    sent,
    take,
    waiting,
)
from signalements.demo.histoire import Histoire
from signalements.enums import Issue, Statut
from signalements.kinds.dossier.enums import EtatPieceDossier, FinPeriode, Lien, Nature, TypeDossier
from signalements.kinds.dossier.models import Dossier, Membre, Periode, PieceAttendue, PieceDossier
from signalements.kinds.dossier.operations.decision import next_reminder
from signalements.kinds.dossier.queries import add_months, regles_of

CSS, PUMA, AME, PREMIERE = TypeDossier
MOTIFS = {
    Issue.REFUS: ("REFUS", "PLAFOND"),
    Issue.NON_RECEVABLE: ("NON_RECEVABLE", "DOUBLON"),
    Issue.REORIENTEE: ("REORIENTATION", "AUTRE_REGIME"),
}
WORDS = dict.fromkeys((Issue.ACCORD, Issue.SANS_SUITE), "La décision est notifiée à la personne.")
LIENS = (Lien.CONJOINT, Lien.ENFANT)
FISCAL = "AVIS_FISCAL", "AVIS_FISCAL", "l’avis d’imposition de l’année"
RESIDENCE = "RESIDENCE_TROIS_MOIS", "RESIDENCE", "un justificatif de résidence"
"""A pièce that is asked for, the reason of the return, its words."""

RENDUES = {CSS: FISCAL, PUMA: RESIDENCE, AME: RESIDENCE, PREMIERE: RESIDENCE}
BROUILLONS = tuple(
    Ebauche(structure, "251", technicien, days, {"situation": {"droit": [droit], "nature": [nature.value]}})
    for structure, technicien, days, droit, nature in (
        ("valbrume", "tech.valbrume", 1, "CSS", Nature.RENOUVELLEMENT),
        ("rocheclaire", "tech.rocheclaire", 0, "PUMA", Nature.PREMIERE),
        ("valbrume", "tech2.valbrume", 4, "AME", Nature.RENOUVELLEMENT),
        ("valbrume", "tech.valbrume", 2, "AME", Nature.PREMIERE),
    )
)


@dataclass(frozen=True)
class Conte:
    """A story, what it asks for, and how many months of the right it opened are left."""

    story: Histoire
    type: TypeDossier
    nature: Nature = Nature.PREMIERE
    membres: int = 0
    manque: bool = False
    reste: int = 8


def returned(since: int, *, answered: int | None = None, rendue: tuple[str, str, str] = FISCAL) -> Scenario:
    """Returned for incompleteness that many days ago; perhaps completed since."""
    piece, raison, words = rendue

    def tell(place: Place) -> Histoire:
        story = sent(place, place.calendar(since + 9))
        take(story, place, place.calendar(since + 7, 9))
        message = f"Pour étudier ce dossier, il nous manque {words}."
        story.is_asked(
            place.calendar(since, 11),
            place.agent,
            message,
            [place.pieces[piece]],
            place.motifs["RETOUR", raison],
        )
        if answered is not None:
            when = place.calendar(answered, 15)
            story.answers(
                when, place.technicien, "Voici la pièce demandée.", reponse="Pièce jointe au dossier."
            )
        return story

    return tell


def decided(issue: Issue, days: int, *, twice: bool = False) -> Scenario:
    """Decided that many days ago, perhaps after a return."""

    def tell(place: Place) -> Histoire:
        if twice:
            story = returned(days + 20, answered=days + 12)(place)
        else:
            story = sent(place, place.calendar(days + 16))
            take(story, place, place.calendar(days + 14, 9))
        conclude(story, place, issue, place.calendar(days, 15), MOTIFS, WORDS)
        return story

    return tell


def stories(place: MakePlace, random: Random) -> list[Histoire]:
    """Every dossier of the demonstration."""
    valbrume = place("valbrume", "251", "tech.valbrume", "agent.251")
    roche = place("rocheclaire", "251", "tech.rocheclaire", "agent.251")
    loire = place("pontreval", "422", "tech.pontreval", "agent.422")
    again = Nature.RENOUVELLEMENT
    told = [
        Conte(waiting(1)(valbrume), CSS, membres=2),
        Conte(waiting(3)(roche), PUMA),
        Conte(waiting(2, "RUPTURE_DROITS")(valbrume), CSS, again),
        Conte(waiting(5)(loire), AME, again, membres=1),
        Conte(in_charge(8, 6, contact=False)(valbrume), AME, again),
        Conte(in_charge(12, 9, contact=False, message=True)(roche), CSS, membres=1, manque=True),
        Conte(returned(4)(valbrume), CSS),
        Conte(returned(6, rendue=RESIDENCE)(loire), PUMA),
        Conte(returned(8, answered=1)(roche), CSS, again),
        Conte(returned(12, answered=3)(valbrume), CSS, membres=1),
        Conte(decided(Issue.ACCORD, 250)(valbrume), CSS, membres=1, reste=3),
        Conte(decided(Issue.ACCORD, 300, twice=True)(valbrume), AME, again, reste=1),
        Conte(decided(Issue.ACCORD, 6, twice=True)(roche), CSS, again, reste=11),
        Conte(decided(Issue.ACCORD, 15)(loire), PUMA),
        Conte(decided(Issue.ACCORD, 20)(valbrume), PREMIERE),
        Conte(decided(Issue.REFUS, 9)(valbrume), CSS),
        Conte(decided(Issue.SANS_SUITE, 30)(roche), PUMA),
        Conte(decided(Issue.NON_RECEVABLE, 40)(loire), CSS),
        Conte(decided(Issue.REORIENTEE, 45)(valbrume), CSS),
        Conte(cancelled(4)(valbrume), PUMA),
        Conte(abandoned(roche, returned(31)(roche)), CSS),
    ]
    told += _rest(told, (valbrume, roche, loire))
    expected: dict[str, list[PieceAttendue]] = {}
    for row in PieceAttendue.objects.filter(caisse=None).select_related("type_piece"):
        expected.setdefault(row.type_dossier, []).append(row)
    for conte in told:
        _fill(conte, expected[conte.type], random, valbrume)
    return [conte.story for conte in told]


def _rest(told: list[Conte], places: tuple[Place, ...]) -> list[Conte]:
    """What is still to tell for each type to stand in each status."""
    shown = {(conte.type, conte.story.demande.statut) for conte in told}
    where = cycle(places)
    rest = []
    for type_ in TypeDossier:
        statuts: dict[str, Scenario] = {
            Statut.ENVOYEE: waiting(2),
            Statut.EN_COURS: in_charge(9, 7, contact=False),
            Statut.A_COMPLETER: returned(5, rendue=RENDUES[type_]),
            Statut.COMPLETEE: returned(11, answered=2, rendue=RENDUES[type_]),
            Statut.TRAITEE: decided(Issue.ACCORD, 12),
            Statut.ANNULEE: cancelled(5),
        }
        nature = Nature.RENOUVELLEMENT if type_ == AME else Nature.PREMIERE
        rest += [
            Conte(scenario(next(where)), type_, nature)
            for statut, scenario in statuts.items()
            if (type_, statut) not in shown
        ]
    return rest


def _fill(conte: Conte, expected: list[PieceAttendue], random: Random, place: Place) -> None:
    story, demande = conte.story, conte.story.demande
    today = demande.caisse.today()
    renewal = conte.nature == Nature.RENOUVELLEMENT
    dossier = Dossier(
        **story.tenant,
        type=conte.type,
        nature=conte.nature,
        fin_droits=today + timedelta(days=70) if renewal else None,
        adresse="CCAS, 1 place de la Fiction",
        exception="MINEUR_ISOLE" if conte.type == PREMIERE else "",
        formulaire_complet=True,
        aide_remplissage=True,
    )
    if demande.issue == Issue.ACCORD and demande.traitee_le:
        _grant(dossier, conte, today)
    story.situation.append(dossier)
    story.situation += [_member(story, rank, today) for rank in range(1, conte.membres + 1)]
    lines = [row for row in expected if row.is_expected(conte.nature, [], 1 + conte.membres)]
    present = 0
    needed = [row for row in lines if row.obligatoire]
    absence = place.motifs["ABSENCE_PIECE", "PERDUE"]
    asked = {element.type_piece.code for element in story.elements if element.type_piece}
    answered = any(row.repondu_le and not row.retire for row in story.complements)
    for rank, row in enumerate(needed, start=1):
        lost = conte.manque and rank == len(needed)
        missing = lost or (row.type_piece.code in asked and not answered)
        present += not missing
        if not missing:
            story.jointes.append(row.type_piece.code)
        story.situation.append(_piece(story, rank, row, absence if missing else None))
    demande.pieces_presentes, demande.pieces_attendues = present, len(needed)
    story.situation += _periods(story)


def _grant(dossier: Dossier, conte: Conte, today: date) -> None:
    demande = conte.story.demande
    assert demande.traitee_le is not None  # noqa: S101 granted
    dossier.decidee_le = clock.local_date(demande.traitee_le, demande.caisse.fuseau)
    dossier.fin_le = max(add_months(today, conte.reste), dossier.decidee_le)
    dossier.effet_le = min(dossier.decidee_le, dossier.fin_le)
    dossier.participation = False if conte.type == CSS else None
    rule = regles_of(demande.caisse).get(conte.type)
    dossier.prochain_rappel_le = next_reminder(rule, dossier.fin_le, today)
    if rule is not None and any(conte.reste < months for months in rule.rappels_mois):
        dossier.rappele_le = clock.now() - timedelta(days=3)


def _member(story: Histoire, rank: int, today: date) -> Membre:
    lien = LIENS[min(rank, len(LIENS)) - 1] if rank > 1 else Lien.ENFANT
    return Membre(
        **story.tenant,
        rang=rank,
        lien=lien,
        nom="Imaginaire",
        prenom=("Camille", "Sacha", "Noa")[rank % 3],
        naissance=add_months(today, -12 * (8 + 4 * rank)),
        a_charge=True,
    )


def _piece(story: Histoire, rank: int, row: PieceAttendue, absence: Motif | None) -> PieceDossier:
    kind: TypePiece = row.type_piece
    return PieceDossier(
        **story.tenant,
        type_piece=kind,
        rang=rank,
        obligatoire=row.obligatoire,
        etat=EtatPieceDossier.MANQUANTE if absence else EtatPieceDossier.PRESENTE,
        raison=absence,
        raison_retour=row.raison_retour,
    )


ENDS = {
    Statut.A_COMPLETER: FinPeriode.RETOUR,
    Statut.TRAITEE: FinPeriode.DECISION,
    Statut.ANNULEE: FinPeriode.ANNULATION,
}


def _periods(story: Histoire) -> list[Periode]:
    """The periods the log of statuses tells of."""
    demande = story.demande
    found: list[Periode] = []
    for passage in story.passages:
        day = clock.local_date(passage.le, demande.caisse.fuseau)
        if passage.vers in {Statut.ENVOYEE, Statut.COMPLETEE} and passage.de != Statut.EN_COURS:
            end = day + timedelta(days=demande.caisse.delai_dossier - 1)
            found.append(Periode(**story.tenant, rang=len(found) + 1, recue_le=day, echeance=end))
        elif passage.vers in ENDS and found and found[-1].close_le is None:
            found[-1].close_le, found[-1].fin = max(day, found[-1].recue_le), ENDS[Statut(passage.vers)]
    return found
