"""The demonstration's appointments: every step, every outcome, on both caisses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from caisses.models import Agence, Caisse
from portal.calendar import ZoneFeries, add_jours_ouvres
from signalements.demo.brouillons import Ebauche
from signalements.demo.demandes import MakePlace, Place, asked, cancelled, conclude, sent, take
from signalements.demo.histoire import Histoire, side
from signalements.enums import Issue
from signalements.kinds.rendez_vous.dates import moment_of
from signalements.kinds.rendez_vous.enums import (
    EtatHoraire,
    EtatPermanence,
    EtatRendezVous,
    ModeRendezVous,
    NaturePermanence,
    TypeRendezVous,
)
from signalements.kinds.rendez_vous.models import (
    EtapeRendezVous,
    Horaire,
    MotifRendezVous,
    Permanence,
    PlageHoraire,
    RendezVous,
    Seance,
)
from signalements.kinds.rendez_vous.operations.agenda import publish
from signalements.kinds.rendez_vous.operations.permanences import days_of

E = EtatRendezVous
AGENCES = {
    "251": (
        ("Agence de Besançon", "2 rue de la Fiction\n25000 Besançon", "+33199000252"),
        ("Agence de Pontarlier", "8 place Imaginaire\n25300 Pontarlier", "+33199000253"),
    ),
    "422": (("Agence de Saint-Étienne", "5 avenue Inventée\n42000 Saint-Étienne", "+33199000423"),),
}
BOOKING = "251"
"""The caisse that opens booking; the other one only answers what is asked."""

PEOPLE = {"251": ("agent.251", "sup.251"), "422": ("agent.422", "agent.422")}
STRUCTURES = (
    ("valbrume", "251", "tech.valbrume"),
    ("rocheclaire", "251", "tech.rocheclaire"),
    ("udaf", "251", "tech.udaf"),
    ("valbrume", "422", "tech2.valbrume"),
    ("pontreval", "422", "tech.pontreval"),
)
MOTIFS = ("CSS", "OUVERTURE_DROITS", "CSS", "CARTE_VITALE", "SITUATION_COMPLEXE", "CSS", "INDEMNITES")
BROUILLONS = (
    Ebauche(
        "valbrume",
        "251",
        "tech.valbrume",
        1,
        {"situation": {"motif": ["CSS"], "type": [TypeRendezVous.TELEPHONE.value]}},
    ),
    Ebauche("pontreval", "422", "tech.pontreval", 0),
)


@dataclass
class Story:
    """An appointment and what becomes of it."""

    place: Place
    histoire: Histoire
    rdv: RendezVous
    rows: list[Any] = field(default_factory=list)

    def goes_to(self, etat: str, when: datetime, actor: Any, commentaire: str = "") -> None:
        """Change its step, as the door does."""
        self.rows.append(
            EtapeRendezVous(
                **self.histoire.tenant,
                de=self.rdv.statut,
                vers=etat,
                le=when,
                acteur=actor,
                cote=side(actor),
                commentaire=commentaire,
            )
        )
        self.rdv.statut = etat

    def date(self, days: int, hour: int, etat: str, cree_le: datetime) -> Horaire:
        """A date, that many jours ouvrés from today (before it when negative)."""
        debut = moment_of(self.place.caisse, _day(self.place.caisse, days), time(hour))
        row = Horaire(
            **self.histoire.tenant,
            etat=etat,
            debut=debut,
            fin=debut + timedelta(minutes=self.rdv.motif.duree),
            type=self.rdv.type,
            agence=self.rdv.agence,
            cree_le=cree_le,
            clos_le=cree_le if etat in {EtatHoraire.ECARTE, EtatHoraire.LIBERE} else None,
        )
        self.rows.append(row)
        return row

    def done(self) -> Histoire:
        """The whole, its rows in the order they are saved."""
        self.histoire.situation += [self.rdv, *self.rows]
        return self.histoire


def _day(caisse: Caisse, days: int) -> date:
    return add_jours_ouvres(caisse.today(), days, ZoneFeries(caisse.zone_feries))


@cache
def _motifs() -> dict[str, MotifRendezVous]:
    return {motif.code: motif for motif in MotifRendezVous.objects.filter(caisse=None)}


def _asked(place: Place, days: int, rank: int) -> Story:
    return _wished(sent(place, place.moment(days)), place, rank)


def _wished(histoire: Histoire, place: Place, rank: int) -> Story:
    """The appointment a demande asks for, whatever becomes of it."""
    motif = _motifs()[MOTIFS[rank % len(MOTIFS)]]
    agences = list(Agence.objects.filter(caisse=place.caisse).order_by("pk"))
    physique = rank % 3 == 2 and TypeRendezVous.PHYSIQUE in motif.types
    first, last = _day(place.caisse, 3), _day(place.caisse, 8)
    rdv = RendezVous(
        **histoire.tenant,
        mode=ModeRendezVous.DEMANDE,
        type=TypeRendezVous.PHYSIQUE if physique else TypeRendezVous.TELEPHONE,
        motif=motif,
        agence=agences[rank % len(agences)] if physique else None,
        disponibilites=[[first.isoformat(), last.isoformat(), ("MATIN", "APRES_MIDI", "JOURNEE")[rank % 3]]],
        accompagnee=rank % 4 == 0,
        langue_interprete="portugais" if rank % 7 == 3 else "",
        besoins=["TEMPS"] if rank % 5 == 1 else [],
    )
    return Story(place, histoire, rdv)


def _proposed(place: Place, rank: int) -> Story:
    story = _asked(place, 4, rank)
    when = place.moment(2, 11)
    take(story.histoire, place, when)
    story.histoire.demande.promesse_tenue_le = when
    for days, hour in ((3, 9), (4, 14), (6, 10)):
        story.date(days, hour, EtatHoraire.PROPOSE, when)
    story.goes_to(E.PROPOSE, when, place.agent)
    return story


def _fixed(place: Place, rank: int, days: int, *, ago: int = 6) -> Story:
    story = _asked(place, ago, rank)
    when = place.moment(ago - 2, 11)
    take(story.histoire, place, when)
    story.histoire.demande.promesse_tenue_le = when
    story.date(days, 9 + rank % 3, EtatHoraire.FIXE, when)
    story.goes_to(E.CONFIRME, when, place.agent, "Fixé au téléphone avec la personne.")
    return story


def _moved(place: Place, rank: int) -> Story:
    story = _asked(place, 8, rank)
    when = place.moment(6, 11)
    take(story.histoire, place, when)
    story.histoire.demande.promesse_tenue_le = when
    story.date(2, 15, EtatHoraire.LIBERE, when)
    story.goes_to(E.CONFIRME, when, place.agent)
    story.goes_to(E.REPORTE, place.moment(1, 9), place.technicien, "La personne a un empêchement ce jour-là.")
    return story


def _closed(place: Place, rank: int, issue: Issue, days: int) -> Story:
    kept = issue in {Issue.HONORE, Issue.ABSENT}
    story = _fixed(place, rank, -days, ago=days + 7)
    when = place.moment(days - 1 if kept else days, 16)
    if not kept:
        story.rows[-2].etat = EtatHoraire.LIBERE
    conclude(story.histoire, place, issue, when)
    story.goes_to(issue.value, when, place.agent)
    return story


def _annulled(place: Place, rank: int) -> Histoire:
    story = _wished(cancelled(3)(place), place, rank)
    story.goes_to(E.ANNULE_PERSONNE, place.moment(3), place.technicien)
    return story.done()


LIVING: tuple[Callable[[Place, int], Story], ...] = (
    lambda place, rank: _asked(place, 1, rank),
    _proposed,
    lambda place, rank: _fixed(place, rank, 2),
    lambda place, rank: _asked(place, 5, rank),
    lambda place, rank: _wished(asked(3)(place), place, rank),
    lambda place, rank: _wished(asked(7, answered=1)(place), place, rank),
    _moved,
    lambda place, rank: _fixed(place, rank, -1),
    lambda place, rank: _closed(place, rank, Issue.HONORE, 4),
    lambda place, rank: _closed(place, rank, Issue.ABSENT, 6),
    lambda place, rank: _closed(place, rank, Issue.ANNULE_PERSONNE, 9),
    lambda place, rank: _closed(place, rank, Issue.HONORE, 15),
    lambda place, rank: _closed(place, rank, Issue.ANNULE_CAISSE, 20),
)


def _open_places() -> None:
    """Agences, hours open to booking, permanences: what the appointments of the demonstration need."""
    for code, rows in AGENCES.items():
        caisse = Caisse.objects.get(code=code)
        found = [
            Agence.objects.create(
                caisse=caisse,
                nom=nom,
                adresse=adresse,
                telephone=telephone,
                horaires="Du lundi au vendredi, de 9 h à 12 h et de 13 h 30 à 16 h 30.",
                accessibilite="Entrée de plain-pied, boucle auditive à l’accueil.",
            )
            for nom, adresse, telephone in rows
        ]
        Caisse.objects.filter(pk=caisse.pk).update(rendez_vous_reservation=code == BOOKING)
        today = caisse.today()
        for type_, agence, days, start, end in (
            (TypeRendezVous.TELEPHONE, None, [1, 2, 4], time(9), time(12)),
            (TypeRendezVous.PHYSIQUE, found[0], [3, 5], time(14), time(16)),
        ):
            plage = PlageHoraire.objects.create(
                caisse=caisse,
                type=type_,
                agence=agence,
                jours=days,
                du=today,
                au=today + timedelta(days=180),
                heure_debut=start,
                heure_fin=end,
                capacite=2,
                preavis_max=30,
            )
            publish(plage, caisse)


def _permanences(place: Place) -> None:
    """One that waits for an answer, a regular one with its bilan."""
    caisse = place.caisse
    tenant = {"caisse": caisse, "partenaire": place.convention.partenaire}
    values = {
        "lieu": "Salle des permanences, rez-de-chaussée",
        "heure_debut": time(9),
        "heure_fin": time(12),
        "intervenants": "Deux agents d’accès aux droits",
        "proposee_le": place.moment(3),
        "proposee_par": place.agent,
    }
    day = _day(caisse, 9)
    Permanence.objects.create(
        **tenant,
        **values,
        nature=NaturePermanence.PONCTUELLE,
        du=day,
        au=day,
        capacite=6,
        interprete="arabe",
        public="Six familles hébergées à l’hôtel",
    )
    first = _day(caisse, -20)
    regular = Permanence(
        **tenant,
        **values,
        nature=NaturePermanence.RECURRENTE,
        du=first,
        au=first + timedelta(days=70),
        jours=[first.isoweekday()],
        semaines=2,
        capacite=10,
        public="Personnes reçues à l’accueil de jour",
        accompagnants="Une conseillère en économie sociale et familiale",
        etat=EtatPermanence.VALIDEE,
        decidee_le=place.moment(25),
        decidee_par=place.technicien,
    )
    regular.save()
    seances = [Seance(**tenant, permanence=regular, jour=jour) for jour in days_of(regular, caisse)]
    for rank, seance in enumerate(seances):
        if seance.jour < caisse.today():
            seance.recus, seance.dossiers = 6 + rank, 4 + rank
            seance.bilan_le, seance.bilan_par = place.moment(1), place.agent
    Seance.objects.bulk_create(seances)


def stories(make: MakePlace, random: Random) -> list[Histoire]:
    """A story of each step for each structure; agences, plages and permanences first."""
    _motifs.cache_clear()
    _open_places()
    _permanences(make("valbrume", "251", "tech.valbrume", "agent.251"))
    told = []
    rank = 0
    for structure, code, technicien in STRUCTURES:
        for scenario in LIVING:
            place = make(structure, code, technicien, PEOPLE[code][rank % 2])
            told.append(scenario(place, rank).done())
            rank += 1
        told.append(_annulled(make(structure, code, technicien, PEOPLE[code][0]), rank))
    return told
