"""About 150 saisines over every status, outcome and clock, so that every list shows something, today as in a year."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse, Motif, TypePiece
from partners.models import Convention
from portal import clock
from portal.calendar import ZoneFeries, add_jours_ouvres
from portal.reference import new_reference
from signalements.demo.histoire import Histoire
from signalements.demo.modules import demo_modules
from signalements.demo.organisations import World
from signalements.enums import CanalContact, Issue, ModeAccord, ResultatContact, Statut
from signalements.models import Demande

ISSUES = (
    Issue.DROITS_OUVERTS, Issue.SOINS_REALISES, Issue.AIDE_ACCORDEE, Issue.ORIENTEE_SERVICE_SOCIAL,
    Issue.ORIENTEE_MEDIATION_NUMERIQUE, Issue.REFUS_PERSONNE, Issue.INJOIGNABLE, Issue.HORS_PERIMETRE,
    Issue.NON_RECEVABLE, Issue.REORIENTEE,
)  # fmt: skip
DECISIONS = {
    Issue.DROITS_OUVERTS: "Les droits sont ouverts depuis le premier du mois. L’attestation est sur le compte de la "
    "personne.",
    Issue.SOINS_REALISES: "La personne a obtenu ses rendez-vous, l’accompagnement prend fin.",
    Issue.AIDE_ACCORDEE: "Une aide financière est accordée, la personne reçoit la notification.",
    Issue.ORIENTEE_SERVICE_SOCIAL: "Le service social prend le relais et contacte la personne.",
    Issue.ORIENTEE_MEDIATION_NUMERIQUE: "Un rendez-vous avec un médiateur numérique est pris.",
    Issue.REFUS_PERSONNE: "La personne ne souhaite pas être accompagnée pour le moment.",
    Issue.INJOIGNABLE: "Trois tentatives sans réponse, à des jours et heures différents.",
    Issue.HORS_PERIMETRE: "La demande relève du compte ameli, la démarche est expliquée à la personne.",
}
MOTIFS_ISSUE = {
    Issue.NON_RECEVABLE: ("NON_RECEVABLE", "DOUBLON"),
    Issue.REORIENTEE: ("REORIENTATION", "AUTRE_REGIME"),
}
PAIRS = (
    ("valbrume", "251", ("tech.valbrume", "tech2.valbrume"), 42),
    ("rocheclaire", "251", ("tech.rocheclaire",), 36),
    ("udaf", "251", ("tech.udaf",), 24),
    ("valbrume", "422", ("tech2.valbrume", "tech.valbrume"), 18),
    ("pontreval", "422", ("tech.pontreval",), 32),
)
"""Structure, caisse, techniciens, number of demandes."""

HANDLERS = {"251": ("mas.251", "agent.251", "mas.251", "sup.251"), "422": ("agent.422",)}


@dataclass
class Place:
    """Where a demande happens, and who takes part."""

    convention: Convention
    technicien: Utilisateur
    agent: Utilisateur
    motifs: dict[tuple[str, str], Motif]
    pieces: dict[str, TypePiece]
    random: Random
    fonction: str = Fonction.SAISINE

    @property
    def caisse(self) -> Caisse:
        """The caisse it is sent to."""
        return self.convention.caisse

    def moment(self, days: int, hour: int = 10) -> datetime:
        """That many jours ouvrés before today, around that hour; always in the past."""
        caisse = self.caisse
        day = add_jours_ouvres(caisse.today(), -days, ZoneFeries(caisse.zone_feries))
        return self.on(day, hour)

    def on(self, day: date, hour: int = 10) -> datetime:
        """That day around that hour, or a moment ago if that is still to come."""
        zone = ZoneInfo(self.caisse.fuseau)
        found = datetime.combine(day, time(hour, self.random.randrange(60)), tzinfo=zone)
        return min(found, clock.now() - timedelta(minutes=self.random.randrange(5, 50)))

    def calendar(self, days: int, hour: int = 10) -> datetime:
        """That many calendar days ago."""
        return self.on(self.caisse.today() - timedelta(days=days), hour)


Scenario = Callable[[Place], Histoire]
MakePlace = Callable[[str, str, str, str], Place]
"""A place from a structure, the code of a caisse, a technicien and somebody of the caisse."""


def sent(place: Place, when: datetime, **fields: Any) -> Histoire:
    """A demande sent at that moment."""
    urgence = fields.pop("urgence", "")
    demande = Demande(
        reference=new_reference(place.caisse.code),
        fonction=place.fonction,
        caisse=place.caisse,
        partenaire=place.convention.partenaire,
        convention=place.convention,
        auteur=place.technicien,
        urgente=bool(urgence),
        motif_urgence=place.motifs["URGENCE", urgence] if urgence else None,
        **(_agreement(place, when) if not fields.get("sans_personne") else {}),
        cree_le=when - timedelta(minutes=25),
        modifiee_le=when,
        **fields,
    )
    story = Histoire(demande)
    story.goes_to(Statut.ENVOYEE, when, place.technicien, envoyee_le=when)
    return story


def _agreement(place: Place, when: datetime) -> dict[str, Any]:
    return {
        "information_donnee": True,
        "accord_recueilli": True,
        "accord_le": clock.local_date(when, place.caisse.fuseau),
        "accord_mode": ModeAccord.PRESENCE,
    }


def waiting(days: int, urgence: str = "") -> Scenario:
    """Sent that many jours ouvrés ago, nobody has taken it."""
    return lambda place: sent(place, place.moment(days), urgence=urgence)


def in_charge(days: int, taken: int, *, contact: bool, message: bool = False, urgence: str = "") -> Scenario:
    """Sent, then taken in charge; perhaps the person was tried, perhaps a message waits to be read."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.moment(days), urgence=urgence)
        take(story, place, place.moment(taken, 11))
        if contact:
            when = place.moment(taken, 14)
            story.is_tried(
                when, place.agent, CanalContact.TELEPHONE, place.random.choice(ResultatContact.values)
            )
            story.notes_down(when, place.agent, "Personne disponible surtout le matin, rappel prévu.")
        if message:
            text = "Bonjour, la personne peut être reçue dans nos locaux si cela vous aide."
            story.says(place.moment(max(taken - 1, 0), 15), place.technicien, text, read=False)
        return story

    return tell


def take(story: Histoire, place: Place, when: datetime) -> None:
    """The agent takes it in charge."""
    first = story.demande.prise_en_charge_le or when
    story.goes_to(Statut.EN_COURS, when, place.agent, assignee_a=place.agent, prise_en_charge_le=first)


def asked(since: int, *, answered: int | None = None) -> Scenario:
    """A complément asked that many calendar days ago; perhaps answered that many days ago."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.calendar(since + 3))
        take(story, place, place.calendar(since + 2, 9))
        pieces = [place.pieces["IDENTITE"], place.pieces["ATTESTATION_DROITS"]]
        message = "Pour poursuivre, il nous faut les documents ci-dessous, recto et verso, lisibles."
        story.is_asked(
            place.calendar(since, 11), place.agent, message, pieces, place.motifs["COMPLEMENT", "MANQUANTE"]
        )
        story.says(
            place.calendar(since, 12), place.agent, "Je reste disponible pour toute question.",
            read=answered is not None,
        )  # fmt: skip
        if answered is not None:
            story.answers(
                place.calendar(answered, 15), place.technicien, "Voici ce que nous avons pu réunir."
            )
        return story

    return tell


def decided(issue: Issue, days: int, length: int) -> Scenario:
    """Decided that many jours ouvrés ago, after `length` of them."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.moment(days + length))
        take(story, place, place.moment(days + length - 1, 11))
        tries = 3 if issue == Issue.INJOIGNABLE else 1
        for rank in range(tries):
            result = ResultatContact.ABSENTE if issue == Issue.INJOIGNABLE else ResultatContact.JOINTE
            story.is_tried(
                place.moment(days + length - 1 - rank, 14), place.agent, CanalContact.TELEPHONE, result
            )
        if place.random.random() < 0.5:
            story.notes_down(
                place.moment(days + 1, 9), place.agent, "Dossier relu, rappel convenu en fin de semaine."
            )
        if place.random.random() < 0.6:
            story.says(place.moment(days + 1, 10), place.agent, "Bonjour, j’ai pu échanger avec la personne.")
            story.says(place.moment(days + 1, 15), place.technicien, "Merci, je la revois cette semaine.")
        conclude(story, place, issue, place.moment(days, 16))
        return story

    return tell


def conclude(
    story: Histoire,
    place: Place,
    issue: Issue,
    when: datetime,
    motifs: Mapping[Issue, tuple[str, str]] = MOTIFS_ISSUE,
    words: Mapping[Issue, str] = DECISIONS,
) -> None:
    """The agent gives an outcome; `motifs` names the list and code of its motif, `words` are its comment."""
    motif = place.motifs[motifs[issue]] if issue in motifs else None
    comment = " ".join(filter(None, (f"{motif.libelle}." if motif else "", words.get(issue, ""))))
    story.goes_to(
        Statut.TRAITEE, when, place.agent, comment, issue=issue.value, motif_issue=motif, traitee_le=when
    )


def abandoned(place: Place, story: Histoire | None = None) -> Histoire:
    """No answer to a complément in time: closed by the portal. `story`: up to what was asked 31 days ago."""
    story = story or asked(31)(place)
    when = place.calendar(1, 7)
    story.goes_to(
        Statut.TRAITEE,
        when,
        None,
        "Complément non reçu dans le délai.",
        issue=Issue.SANS_SUITE.value,
        traitee_le=when,
    )
    story.complements[-1].repondu_le, story.complements[-1].retire = when, True
    return story


def cancelled(days: int) -> Scenario:
    """Cancelled by the structure."""

    def tell(place: Place) -> Histoire:
        story = sent(place, place.moment(days + 2))
        motif = place.motifs["ANNULATION", "RESOLUE"]
        story.goes_to(Statut.ANNULEE, place.moment(days), place.technicien, motif.libelle, motif_issue=motif)
        return story

    return tell


def reopened(days: int) -> Scenario:
    """Decided, then reopened by the caisse."""

    def tell(place: Place) -> Histoire:
        story = decided(Issue.INJOIGNABLE, days + 2, 6)(place)
        reason = "La personne a rappelé, nous reprenons l’accompagnement."
        story.goes_to(
            Statut.EN_COURS, place.moment(days, 10), place.agent, reason,
            issue="", motif_issue=None, traitee_le=None, assignee_a=place.agent,
        )  # fmt: skip
        return story

    return tell


LIVING: tuple[Scenario, ...] = (
    waiting(1), asked(4), in_charge(3, 2, contact=False), waiting(4), asked(8, answered=1),
    waiting(1, "RUPTURE_DROITS"), in_charge(5, 4, contact=True, message=True), waiting(6),
    decided(Issue.DROITS_OUVERTS, 1, 7), asked(17), in_charge(8, 6, contact=False, message=True), waiting(2),
    waiting(9, "SOINS_PROGRAMMES"), in_charge(2, 1, contact=True), asked(26), reopened(2), waiting(5), cancelled(3),
    asked(12, answered=0), in_charge(11, 9, contact=True), abandoned, in_charge(4, 3, contact=False),
    waiting(3, "MINEUR"), waiting(0),
)  # fmt: skip
"""What is open now, the most telling first; each pair takes from the front."""


def past(random: Random) -> Scenario:
    """Something decided in the last months."""
    if random.random() < 0.12:
        return cancelled(random.randint(10, 60))
    return decided(random.choice(ISSUES), random.randint(4, 110), random.randint(5, 14))


def stories(world: World) -> list[Histoire]:
    """Every story of the demonstration; the same ones each time, relative to today."""
    random = Random(251422)  # noqa: S311 - not a secret
    motifs = {(motif.liste, motif.code): motif for motif in Motif.objects.filter(caisse=None)}
    pieces = {kind.code: kind for kind in TypePiece.objects.filter(caisse=None)}
    told = []
    for structure, code, techniciens, number in PAIRS:
        authors, handlers = itertools.cycle(techniciens), itertools.cycle(HANDLERS[code])
        scenarios = [*LIVING[: number * 2 // 3], *(past(random) for _ in range(number))][:number]
        for scenario in scenarios:
            place = Place(
                world.utilisations[structure, code],
                world.comptes[next(authors)],
                world.comptes[next(handlers)],
                motifs,
                pieces,
                random,
            )
            told.append(scenario(place))
    for fonction, module in demo_modules():
        told += _stories_of_kind(fonction, module, world, motifs, pieces, random)
    return told


def _stories_of_kind(
    fonction: str,
    module: ModuleType,
    world: World,
    motifs: dict[tuple[str, str], Motif],
    pieces: dict[str, TypePiece],
    random: Random,
) -> list[Histoire]:
    """What a kind tells of itself, given how to make a place."""

    def place(structure: str, code: str, technicien: str, agent: str) -> Place:
        convention = world.utilisations[structure, code]
        author, handler = world.comptes[technicien], world.comptes[agent]
        return Place(convention, author, handler, motifs, pieces, random, fonction)

    told: list[Histoire] = module.stories(place, random)
    return told
