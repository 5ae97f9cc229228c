"""The days of accounts and of the requests about gestionnaires: what they promise, and how that is said."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import HABILITATIONS_OUVERTES, NatureHabilitation, StatutHabilitation
from accounts.models import DemandeHabilitation, Utilisateur
from caisses.closures import closures_of
from caisses.models import Caisse
from partners.models import Partenaire
from portal import clock
from portal.calendar import ZoneFeries, add_jours_ouvres, add_months, count_jours_ouvres

PREAVIS_DEPART_JOURS = 15
"""How many calendar days before the wanted date the departure of a gestionnaire is announced (art. 2.2.3-d)."""

MOIS_AVANT_SUPPRESSION = 6
PARIS = "Europe/Paris"


def zone_of(organisation: object) -> str:
    """The time zone whose days count for an account: its caisse's, or that of its structure's caisse."""
    caisse = organisation.caisse_referente if isinstance(organisation, Partenaire) else organisation
    return str(getattr(caisse, "fuseau", PARIS))


def deletion_date(user: Utilisateur, fuseau: str) -> date | None:
    """The day an inactive account is deleted (art. 2.2.3): six calendar months after its inactivation, where it is."""
    if user.inactive_le is None:
        return None
    return add_months(clock.local_date(user.inactive_le, fuseau), MOIS_AVANT_SUPPRESSION)


@dataclass(frozen=True)
class Delai:
    """A delay as it is shown: the words first, the tone of the badge, its icon; `jours` is what is left of it."""

    texte: str
    ton: str
    icone: str
    jours: int | None = None


def consumed(demande: DemandeHabilitation) -> int:
    """How many jours ouvrés of the caisse's delay are gone, at the end of the day before today's."""
    if demande.delai_depuis is None:
        return demande.delai_consomme
    caisse = demande.caisse
    start = clock.local_date(demande.delai_depuis, caisse.fuseau)
    run = count_jours_ouvres(start, caisse.today(), ZoneFeries(caisse.zone_feries), closures_of(caisse))
    return demande.delai_consomme + max(run, 0)


def due_on(demande: DemandeHabilitation) -> date | None:
    """The last good day of the answer (art. 2.2.1): jours ouvrés of the caisse's zone; None while it is suspended.

    Computed from the dates each time it is read: a closure declared meanwhile counts.
    """
    if demande.delai_depuis is None or demande.statut != StatutHabilitation.DEMANDEE:
        return None
    caisse = demande.caisse
    start = clock.local_date(demande.delai_depuis, caisse.fuseau)
    left = caisse.delai_habilitation - demande.delai_consomme
    return add_jours_ouvres(start, left, ZoneFeries(caisse.zone_feries), closures_of(caisse))


def read_delay(demande: DemandeHabilitation) -> Delai | None:
    """What to say of the delay today; None once the request is decided."""
    if demande.statut not in HABILITATIONS_OUVERTES:
        return None
    due = due_on(demande)
    if due is None:
        return Delai("Délai suspendu\u00a0: en attente de la structure", "neutral", "pause")
    caisse = demande.caisse
    today = caisse.today()
    left = _between(caisse, today, due)
    if due < today:
        left = min(left, -1)
        return Delai(f"En retard de {_days(-left)}", "danger-plein", "attention", left)
    if due == today:
        return Delai("Échéance aujourd’hui", "danger", "horloge", 0)
    tone = ("neutral", "calendrier")
    if left <= caisse.seuil_proche:
        tone = ("danger" if left <= caisse.seuil_imminent else "warning", "horloge")
    return Delai(f"Échéance le {due:%d/%m/%Y} (dans {_days(left)})", *tone, left)


def is_late(demande: DemandeHabilitation) -> bool:
    """Whether the promised day is gone and the caisse has not answered."""
    due = due_on(demande)
    return due is not None and due < demande.caisse.today()


def state_in_words(demande: DemandeHabilitation) -> str:
    """Where a request stands; a departure accepted says its day."""
    statut = StatutHabilitation(demande.statut)
    if statut != StatutHabilitation.ACCEPTEE or demande.nature != NatureHabilitation.INACTIVATION:
        return str(statut.label)
    if demande.effectuee_le is not None:
        return f"Accès fermé le {clock.local_date(demande.effectuee_le, demande.caisse.fuseau):%d/%m/%Y}"
    return f"Acceptée, effet le {demande.date_souhaitee:%d/%m/%Y}"


def _between(caisse: Caisse, start: date, end: date) -> int:
    return count_jours_ouvres(start, end, ZoneFeries(caisse.zone_feries), closures_of(caisse))


def _days(count: int) -> str:
    return f"{count}\u00a0jour{'s' if count > 1 else ''} ouvré{'s' if count > 1 else ''}"
