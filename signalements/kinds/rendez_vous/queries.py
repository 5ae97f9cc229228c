"""Reads of the appointments: reference lists, dates of a demande, dates of a caisse or a structure."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.memberships import Membership
from accounts.querysets import all_but_names
from caisses.enums import Fonction
from caisses.models import Agence, Caisse
from portal.clock import now
from portal.compiled import CompiledQuery, IsAnyOf, Slot
from signalements.enums import Statut
from signalements.kinds.rendez_vous.enums import EtatHoraire, EtatRendezVous
from signalements.kinds.rendez_vous.models import (
    Creneau,
    EtapeRendezVous,
    Horaire,
    MotifRendezVous,
    PlageHoraire,
    RendezVous,
)
from signalements.models import Demande


def motifs_for(caisse: Caisse) -> list[MotifRendezVous]:
    """The motifs a structure may choose today, in order."""
    rows = MotifRendezVous.objects.for_caisse(caisse).valid_on(caisse.today())
    return list(rows.order_by("ordre", "libelle", "pk"))  # type: ignore[arg-type]


def agences_of(caisse: Caisse) -> list[Agence]:
    """The agences that receive people, by name."""
    return list(Agence.objects.open_in(caisse.pk).order_by("nom", "pk"))


def dates_of(demande: Demande) -> list[Horaire]:
    """Every date of a demande, in order, each with its agence and agent."""
    rows = Horaire.objects.filter(demande=demande, caisse_id=demande.caisse_id)
    return list(rows.select_related("agence", "agent").order_by("debut", "pk"))


def steps_of(demande: Demande) -> list[EtapeRendezVous]:
    """The log of an appointment, in order."""
    rows = EtapeRendezVous.objects.filter(demande=demande, caisse_id=demande.caisse_id)
    return list(rows.select_related("acteur").defer(*all_but_names("acteur")).order_by("le", "pk"))


# --- Lists

MOST_SHOWN = 200
MOST_PROPOSED = 20

_A_ACCEPTER = CompiledQuery(
    lambda: (
        Demande.objects.filter(
            IsAnyOf("caisse_id", Slot("caisses")),
            partenaire=Slot("partenaire"),
            fonction=Fonction.RENDEZ_VOUS,
            statut=Statut.EN_COURS,
            rendez_vous__statut=EtatRendezVous.PROPOSE,
        )
        .select_related("personne", "caisse")
        .order_by("modifiee_le", "pk")[:MOST_PROPOSED]
    )
)


def proposed_to(partenaire: int | Slot) -> "QuerySet[RendezVous, Any]":
    """The ids of the demandes whose dates wait for an answer of this structure."""
    rows = RendezVous.objects.filter(partenaire=partenaire, statut=EtatRendezVous.PROPOSE)
    return rows.values("demande_id")


def to_accept(membership: Membership) -> list[Demande]:
    """The appointments whose dates wait for an answer of the structure, the oldest first; at most 20."""
    caisses = membership.caisses_ouvertes
    return _A_ACCEPTER.all(caisses=caisses, partenaire=membership.partenaire_id) if caisses else []


def fixed_dates(
    caisse: Caisse,
    debut: datetime,
    fin: datetime,
    *,
    agence_id: int | None = None,
    agent_id: int | None = None,
) -> list[Horaire]:
    """The dates in force of a caisse between two moments, in order, at most MOST_SHOWN and one more."""
    rows = Horaire.objects.filter(
        caisse=caisse, etat=EtatHoraire.FIXE, debut__gte=debut, debut__lt=fin, demande__envoyee_le__lte=now()
    )
    if agence_id is not None:
        rows = rows.filter(agence_id=agence_id)
    if agent_id is not None:
        rows = rows.filter(Q(agent_id=agent_id) | Q(agent=None, demande__assignee_a_id=agent_id))
    related = ("demande__personne", "demande__rendez_vous", "partenaire", "agence", "agent")
    return list(rows.select_related(*related).order_by("debut", "pk")[: MOST_SHOWN + 1])


def free_by_day(caisse: Caisse, debut: datetime, fin: datetime) -> dict[date, int]:
    """How many places are free each day."""
    rows = (
        Creneau.objects.filter(
            caisse=caisse, pris=False, retire=False, debut__gte=max(debut, now()), debut__lt=fin
        )
        .annotate(jour=TruncDate("debut", tzinfo=ZoneInfo(caisse.fuseau)))
        .values_list("jour")
        .annotate(nombre=Count("pk"))
        .order_by("jour")
    )
    return dict(rows)


def plages_of(caisse: Caisse) -> list[PlageHoraire]:
    """The plages of a caisse that are not over, with their free places."""
    rows = PlageHoraire.objects.filter(caisse=caisse, au__gte=caisse.today())
    free = Count(
        "creneaux",
        filter=Q(creneaux__pris=False, creneaux__retire=False, creneaux__debut__gt=now()),
    )
    taken = Count("creneaux", filter=Q(creneaux__pris=True, creneaux__debut__gt=now()))
    found = rows.select_related("agence", "agent", "partenaire").annotate(libres=free, pris=taken)
    return list(found.order_by("-active", "du", "heure_debut", "pk"))


def coming_dates(membership: Membership, *, mine: bool = False) -> list[Horaire]:
    """The dates in force of a structure from now on, with the caisses open to it, in order."""
    rows = Horaire.objects.filter(
        partenaire=membership.structure,
        caisse_id__in=membership.caisses_ouvertes,
        etat=EtatHoraire.FIXE,
        fin__gt=now(),
    )
    if mine:
        rows = rows.filter(demande__auteur_id=membership.acteur_id)
    related = ("demande__personne", "demande__auteur", "demande__caisse", "agence", "agent")
    return list(rows.select_related(*related).order_by("debut", "pk")[: MOST_SHOWN + 1])
