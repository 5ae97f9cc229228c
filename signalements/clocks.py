"""The promised delays: when they end, how they are suspended, how they are said (decisions.md §3).

Days are jours ouvrés of the caisse's zone, its local closures excepted; those of a dossier are calendar days.
The day of sending is day 0. A deadline is the last good day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from caisses.closures import closures_of
from caisses.enums import Fonction
from caisses.models import Caisse
from portal import clock
from portal.calendar import ZoneFeries, add_jours_ouvres, count_jours_ouvres, last_good_day_calendar
from portal.workflow import ClockEffect, Transition
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS, Statut
from signalements.kinds.registry import kind_of
from signalements.models import Demande

DELAIS = {
    Fonction.CONTACT: "delai_contact",
    Fonction.DOSSIER: "delai_dossier",
    Fonction.SAISINE: "delai_saisine",
    Fonction.RENDEZ_VOUS: "delai_rendez_vous",
    Fonction.DOCUMENT: "delai_document",
}


def is_calendar(fonction: str, urgente: bool) -> bool:
    """Whether the delay counts calendar days: a dossier that is not urgent."""
    return fonction == Fonction.DOSSIER and not urgente


def restarts(fonction: str) -> bool:
    """Whether a return is an answer, and a completed demande begins a whole delay again: a dossier."""
    return fonction == Fonction.DOSSIER


def promised_days(caisse: Caisse, fonction: str, urgente: bool) -> int:
    """The delay the caisse promises, in jours ouvrés (calendar days for a dossier)."""
    if urgente:
        return caisse.delai_urgence
    return int(getattr(caisse, DELAIS[Fonction(fonction)]))


def delay_of(demande: Demande) -> int:
    """The delay promised for a demande: that of what it asks for where it has one, else the caisse's; as above."""
    kind = kind_of(demande)
    if kind.delai_propre is not None and not demande.urgente:
        own = kind.delai_propre(demande)
        if own is not None:
            return own
    return promised_days(demande.caisse, demande.fonction, demande.urgente)


def add_days(caisse: Caisse, start: date, days: int, *, calendar: bool) -> date:
    """The last good day, `days` after `start` (day 0)."""
    if calendar:
        return last_good_day_calendar(start, days)
    return add_jours_ouvres(start, days, ZoneFeries(caisse.zone_feries), closures_of(caisse))


def remaining_days(caisse: Caisse, today: date, deadline: date, *, calendar: bool) -> int:
    """How many days are left from `today` to `deadline`; negative once it is passed."""
    if calendar:
        return (deadline - today).days
    return count_jours_ouvres(today, deadline, ZoneFeries(caisse.zone_feries), closures_of(caisse))


def move_clock(demande: Demande, transition: Transition) -> Iterable[str]:
    """Do to the demande's clock what the transition says; name the fields that changed."""
    caisse = demande.caisse
    today = caisse.today()
    calendar = is_calendar(demande.fonction, demande.urgente)
    effect = transition.clock_for(demande.fonction)
    if effect is ClockEffect.CLEAR:
        demande.delai_jours = demande.echeance = None
        return ("delai_jours", "echeance")
    if effect is ClockEffect.START:
        today = max(today, _day_of_sending(demande, today))
        demande.delai_jours = delay_of(demande)
        demande.echeance = add_days(caisse, today, demande.delai_jours, calendar=calendar)
        demande.promesse_tenue_le = demande.rappel_proche_le = demande.retard_annonce_le = None
        return (
            "delai_jours",
            "echeance",
            "promesse_tenue_le",
            "rappel_proche_le",
            "retard_annonce_le",
        )
    if effect is ClockEffect.SUSPEND:
        deadline = demande.echeance or today
        demande.suspendue_le = today
        demande.reste_jours = remaining_days(caisse, today, deadline, calendar=calendar)
        demande.rappel_complement_le = None
        return ("suspendue_le", "reste_jours", "rappel_complement_le")
    if demande.suspendue_le is None:
        return ()
    waited = max((today - demande.suspendue_le).days, 0)
    demande.jours_attente += waited
    if effect in {ClockEffect.RESUME, ClockEffect.RESTART}:
        demande.echeance = _resumed(demande, today, calendar)
        demande.rappel_proche_le = None
    if effect is ClockEffect.RESTART:
        days = delay_of(demande)
        demande.delai_jours, demande.retard_annonce_le = days, None
        demande.echeance = add_days(caisse, today, days, calendar=calendar)
    demande.suspendue_le = demande.reste_jours = None
    return (
        "jours_attente",
        "delai_jours",
        "echeance",
        "rappel_proche_le",
        "retard_annonce_le",
        "suspendue_le",
        "reste_jours",
    )


def _day_of_sending(demande: Demande, today: date) -> date:
    """The day a demande reaches the caisse: tomorrow, for one sent at the last minute of a day."""
    if demande.envoyee_le is None:
        return today
    return clock.local_date(demande.envoyee_le, demande.caisse.fuseau)


def _resumed(demande: Demande, today: date, calendar: bool) -> date:
    """The deadline with what was left: the day of the answer is day 0 again."""
    left = demande.reste_jours or 0
    if calendar:
        return today + timedelta(days=left)
    return add_jours_ouvres(today, left, ZoneFeries(demande.caisse.zone_feries), closures_of(demande.caisse))


def gross_and_net(demande: Demande, day: date) -> tuple[int | None, int | None]:
    """Calendar days from the sending to `day`, with and without the days spent waiting for the structure."""
    if demande.envoyee_le is None:
        return None, None
    gross = max((day - clock.local_date(demande.envoyee_le, demande.caisse.fuseau)).days, 0)
    waiting = demande.jours_attente
    if demande.suspendue_le is not None:
        waiting += max((day - demande.suspendue_le).days, 0)
    return gross, max(gross - waiting, 0)


def kept_promise(demande: Demande, statut: str, day: date) -> bool | None:
    """Whether what was promised happened in time, when the caisse answers by bringing the demande to `statut` on `day`.

    A return for what is missing is an answer too where the delay is that of a complete file (decisions.md §3).
    None for what is no answer.
    """
    returned = statut == Statut.A_COMPLETER and restarts(demande.fonction)
    if demande.echeance is None or not (statut == Statut.TRAITEE or returned):
        return None
    kept = demande.promesse_tenue_le
    return (clock.local_date(kept, demande.caisse.fuseau) if kept else day) <= demande.echeance


@dataclass(frozen=True)
class EcheanceLue:
    """A deadline as it is shown: the words first, the tone second (neutral, warning, danger, late, paused, done)."""

    texte: str
    ton: str


def days_in_words(count: int) -> str:
    """« 1 jour », « 3 jours »."""
    return f"{count} jour" if abs(count) <= 1 else f"{count} jours"


def read_deadline(demande: Demande, today: date | None = None) -> EcheanceLue | None:
    """What to say of the deadline today, computed from the dates (ecrans.md §B.0); None when there is none."""
    caisse = demande.caisse
    day = today or caisse.today()
    if demande.statut in STATUTS_CLOS:
        return _closed(demande)
    if demande.statut == Statut.A_COMPLETER and demande.suspendue_le is not None:
        waited = (day - demande.suspendue_le).days
        since = f"depuis {days_in_words(waited)}" if waited else "depuis aujourd’hui"
        if restarts(demande.fonction):
            return EcheanceLue(f"Dossier retourné\u00a0: en attente du partenaire {since}", "paused")
        return EcheanceLue(f"Délai suspendu\u00a0: en attente du partenaire {since}", "paused")
    if demande.promesse_tenue_le is not None:
        kept = clock.local_date(demande.promesse_tenue_le, caisse.fuseau)
        return EcheanceLue(f"{kind_of(demande).tenue} le {kept:%d/%m}", "done")
    if demande.echeance is None:
        return None
    left = (demande.echeance - day).days
    if left < 0:
        return EcheanceLue(f"En retard de {days_in_words(-left)}", "late")
    if left == 0:
        return EcheanceLue("Échéance aujourd’hui", "danger")
    if left <= caisse.seuil_imminent:
        return EcheanceLue(f"Échéance dans {days_in_words(left)}", "danger")
    if left <= caisse.seuil_proche:
        return EcheanceLue(f"Échéance proche\u00a0: dans {days_in_words(left)}", "warning")
    return EcheanceLue(f"Échéance le {demande.echeance:%d/%m} (dans {days_in_words(left)})", "neutral")


def due_day(demande: Demande) -> date | None:
    """The day the caisse's answer is due, while its clock runs: not once it was kept, nor while it is suspended."""
    running = demande.statut in STATUTS_CHEZ_LA_CAISSE and demande.promesse_tenue_le is None
    return demande.echeance if running else None


def abandon_day(demande: Demande) -> date | None:
    """The day a complément that nobody answers closes the demande; None while none is awaited."""
    if demande.statut != Statut.A_COMPLETER or demande.suspendue_le is None:
        return None
    return demande.suspendue_le + timedelta(days=demande.caisse.abandon_complement)


def _closed(demande: Demande) -> EcheanceLue | None:
    if demande.statut != Statut.TRAITEE or demande.traitee_le is None:
        return None
    day = clock.local_date(demande.traitee_le, demande.caisse.fuseau)
    gross, net = gross_and_net(demande, day)
    if gross is None:
        return None
    if not gross:
        return EcheanceLue("Traitée le jour même", "done")
    detail = f" ({net} hors attente)" if net != gross else ""
    return EcheanceLue(f"Traitée en {days_in_words(gross)}{detail}", "done")
