"""What a convention means on a given day, for people."""

from datetime import date, timedelta
from typing import NamedTuple

from partners.enums import EN_VIGUEUR, DepartDelai, EtatConvention, Reconduction, RegimePreavis
from partners.models import Convention, MiseEnDemeure
from portal.calendar import add_months

EXPIRE_BIENTOT_JOURS = 60
RAPPELS_JOURS = (120, 90, 60, 30)
"""How many calendar days before the échéance both parties are reminded of it."""


class EtatAffiche(NamedTuple):
    """How a convention stands, in words, with the tone and icon of its badge."""

    texte: str
    ton: str
    icone: str


def end_of(convention: Convention) -> date | None:
    """The last day of a convention: its own, or that of the métier it leans on when that one ends first (art. 8.2)."""
    ends = [convention.date_fin]
    if convention.adossee_a is not None:
        ends.append(convention.adossee_a.date_fin)
    known = [end for end in ends if end is not None]
    return min(known) if known else None


def term_after(convention: Convention, day: date) -> date:
    """The échéance: the first day of the period that follows the one `day` is in; anniversaries of the date d'effet.

    Raises:
        ValueError: the convention has no date d'effet, or no duration.
    """
    if convention.date_effet is None or not convention.duree_mois:
        raise ValueError("a convention without a beginning has no échéance")
    periods = 1
    while (term := add_months(convention.date_effet, convention.duree_mois * periods)) <= day:
        periods += 1
    return term


def end_by_itself(convention: Convention, term: date | None) -> date | None:
    """The last day of a convention that nobody ends: the eve of its échéance `term`, None when it is renewed."""
    if convention.reconduction == Reconduction.TACITE or term is None:
        return None
    return term - timedelta(days=1)


def last_day_to_denounce(convention: Convention, day: date) -> date | None:
    """The last day on which to denounce for the échéance that comes, None when the text has no such day.

    The wording « dans un délai de trois mois précédant l’échéance » is read as: three months before, at the latest
    (domaine.md §15.6).
    """
    if convention.regime_preavis != RegimePreavis.ECHEANCE or convention.date_effet is None:
        return None
    return add_months(term_after(convention, day), -(convention.preavis_mois or 0)) - timedelta(days=1)


def end_if_denounced(convention: Convention, day: date) -> date | None:
    """The last day of a convention denounced on `day`; None when a day has to be chosen.

    Too late for the échéance that comes, it ends at the one after.

    Raises:
        ValueError: the convention cannot be denounced.
    """
    if convention.regime_preavis == RegimePreavis.AUCUN:
        raise ValueError("no denunciation is provided for")
    limit = last_day_to_denounce(convention, day)
    if limit is None:
        return None
    term = term_after(convention, day)
    if day > limit:
        term = term_after(convention, term)
    return term - timedelta(days=1)


def notice_deadline(notice: MiseEnDemeure) -> date | None:
    """The day after which the other party may terminate; None until the letter has come, when that starts the delay.

    Calendar days: 15 from the sending (métier, art. 9.4), 30 from the reception (utilisation, art. 8.2-b).
    """
    convention = notice.convention
    sent = convention.mise_en_demeure_depart == DepartDelai.ENVOI
    start = notice.envoyee_le if sent else notice.recue_le
    return None if start is None else start + timedelta(days=convention.mise_en_demeure_jours)


def awaits_evaluation(convention: Convention, day: date) -> bool:
    """Whether the first year is over without the evaluation that its tacit renewal supposes (métier, art. 9.2)."""
    return (
        convention.evaluation_requise
        and convention.evaluee_le is None
        and convention.reconduction == Reconduction.TACITE
        and convention.etat in EN_VIGUEUR
        and convention.date_effet is not None
        and add_months(convention.date_effet, convention.duree_mois) <= day
    )


def displayed_state(convention: Convention, day: date) -> EtatAffiche:
    """« Active », « Expire dans 45 jours », « Terminée le … » or the state somebody set, on `day`."""
    if convention.etat not in EN_VIGUEUR:
        calm = convention.etat in {EtatConvention.BROUILLON, EtatConvention.EN_SIGNATURE}
        tone, icon = ("neutral", "crayon") if calm else ("danger", "croix-cercle")
        return EtatAffiche(str(convention.get_etat_display()), tone, icon)
    end = end_of(convention)
    if end is not None and end < day:
        return EtatAffiche(f"Terminée le {end:%d/%m/%Y}", "danger", "croix-cercle")
    if convention.date_effet is not None and convention.date_effet > day:
        return EtatAffiche(f"Prend effet le {convention.date_effet:%d/%m/%Y}", "info", "calendrier")
    metier = convention.adossee_a
    if metier is not None and not metier.in_force_on(day):
        return EtatAffiche("Sans convention métier active", "danger", "croix-cercle")
    if convention.etat == EtatConvention.MISE_EN_DEMEURE:
        return EtatAffiche(str(convention.get_etat_display()), "warning", "attention")
    if end is not None and (end - day).days <= EXPIRE_BIENTOT_JOURS:
        days = (end - day).days
        text = "Expire aujourd’hui" if days == 0 else f"Expire dans {days}\u00a0jour{'s' if days > 1 else ''}"
        return EtatAffiche(text, "warning", "sablier")
    return EtatAffiche("Active", "success", "coche")
