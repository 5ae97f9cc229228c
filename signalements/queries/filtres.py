"""What narrows a view of the queue, and whose queue it is: the parts its compiled queries are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.memberships import Membership
from caisses.enums import Fonction
from portal import clock
from portal.compiled import Slot
from signalements.models import PoseEtiquette
from signalements.querysets import DemandeQuerySet

SANS_AGENT = "personne"
MOI = "moi"
SANS_EQUIPE = "aucune"
URGENTES = "oui"


@dataclass(frozen=True)
class Cadre:
    """Whose queue is read, by whom and when; `proche` is the last day that is close.

    All but the kinds of demande are slots in a query that is compiled once.
    """

    fonctions: frozenset[str] | None
    caisse: int | Slot
    acteur: int | Slot
    aujourdhui: date | Slot
    proche: date | Slot
    maintenant: datetime | Slot

    @classmethod
    def slotted(cls, fonctions: frozenset[str] | None) -> "Cadre":
        """That of a query to compile."""
        names = ("caisse", "acteur", "aujourdhui", "proche", "maintenant")
        return cls(fonctions, **{name: Slot(name) for name in names})


def slots_of(membership: Membership) -> dict[str, Any]:
    """What goes into the slots of a Cadre, for somebody of a caisse, today in its time zone."""
    caisse = membership.caisse
    if caisse is None:
        raise ValueError("the queue is that of a caisse")
    today = caisse.today()
    return {
        "caisse": caisse.pk,
        "acteur": membership.acteur_id,
        "aujourdhui": today,
        "proche": today + timedelta(days=caisse.seuil_proche),
        "maintenant": clock.now(),
    }


@dataclass(frozen=True)
class Filtres:
    """What narrows a view: a structure, a service, a team, whoever it is assigned to, urgency, a label, age.

    `equipe` is an id or « aucune », `agent` an id, « moi » or « personne », `urgence` « oui »; `anciennete` is the
    least number of days since the demande was received.
    """

    structure: int | Slot | None = None
    service: str | Slot = ""
    equipe: str | Slot = ""
    agent: str | Slot = ""
    urgence: str = ""
    etiquette: int | Slot | None = None
    anciennete: int | Slot | None = None

    @property
    def actifs(self) -> bool:
        """Whether anything is narrowed."""
        return self != Filtres()

    def slotted(self) -> "Filtres":
        """The same filters, with slots for their values: one compiled query serves them all."""
        return Filtres(
            Slot("structure") if self.structure else None,
            Slot("service") if self.service else "",
            self.equipe if self.equipe in {SANS_EQUIPE, ""} else Slot("equipe"),
            self.agent if self.agent in {SANS_AGENT, MOI, ""} else Slot("agent"),
            self.urgence,
            Slot("etiquette") if self.etiquette else None,
            Slot("recue_avant") if self.anciennete else None,
        )

    def slots(self, membership: Membership) -> dict[str, Any]:
        """What goes into those slots, and into those of the Cadre."""
        named = slots_of(membership)
        if isinstance(self.anciennete, int) and membership.caisse is not None:
            day = named["aujourdhui"] - timedelta(days=self.anciennete - 1)
            named["recue_avant"] = datetime.combine(day, time(), tzinfo=ZoneInfo(membership.caisse.fuseau))
        return {
            **named,
            "structure": self.structure,
            "service": self.service,
            "equipe": _number(self.equipe),
            "agent": _number(self.agent),
            "etiquette": self.etiquette,
        }

    def values(self) -> dict[str, str]:
        """The same, as an address says them; what narrows nothing is left out."""
        said: Mapping[str, object] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(value) for name, value in said.items() if value}

    def apply(self, rows: DemandeQuerySet, cadre: Cadre) -> DemandeQuerySet:
        """The rows that match; made of slots."""
        if self.structure:
            rows = rows.filter(partenaire=self.structure)
        if self.service:
            rows = rows.filter(fonction=self.service)
        if self.equipe == SANS_EQUIPE:
            rows = rows.filter(equipe__isnull=True)
        elif self.equipe:
            rows = rows.filter(Q(equipe=self.equipe))
        if self.agent == SANS_AGENT:
            rows = rows.filter(assignee_a__isnull=True)
        elif self.agent:
            agent: Any = cadre.acteur if self.agent == MOI else self.agent
            rows = rows.filter(assignee_a=agent)
        if self.urgence:
            rows = rows.filter(urgente=True)
        if self.etiquette:
            labelled = PoseEtiquette.objects.filter(etiquette=self.etiquette, caisse=cadre.caisse)
            rows = rows.filter(pk__in=labelled.values("demande_id"))
        if self.anciennete:
            rows = rows.filter(envoyee_le__lt=self.anciennete)
        return rows


SANS_FILTRE = Filtres()


def read_filters(params: Mapping[str, str]) -> Filtres:
    """The filters that an address kept by the portal names; what cannot be read narrows nothing."""

    def value(name: str, *words: str) -> str:
        text = params.get(name, "")
        return text if text in words or (text.isascii() and text.isdigit() and len(text) < 10) else ""

    return Filtres(
        structure=_number(value("structure")),
        service=params.get("service", "") if params.get("service") in Fonction.values else "",
        equipe=value("equipe", SANS_EQUIPE),
        agent=value("agent", MOI, SANS_AGENT),
        urgence=URGENTES if params.get("urgence") == URGENTES else "",
        etiquette=_number(value("etiquette")),
        anciennete=_number(value("anciennete")),
    )


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() else None
