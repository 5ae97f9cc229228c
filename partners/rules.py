"""What a convention means on a given day, for people."""

from datetime import date
from typing import NamedTuple

from partners.enums import EtatConvention
from partners.models import Convention

EXPIRE_BIENTOT_JOURS = 60


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


def displayed_state(convention: Convention, day: date) -> EtatAffiche:
    """« Active », « Expire dans 45 jours », « Terminée le … » or the state somebody set, on `day`."""
    if convention.etat != EtatConvention.ACTIVE:
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
    if end is not None and (end - day).days <= EXPIRE_BIENTOT_JOURS:
        days = (end - day).days
        text = "Expire aujourd’hui" if days == 0 else f"Expire dans {days}\u00a0jour{'s' if days > 1 else ''}"
        return EtatAffiche(text, "warning", "sablier")
    return EtatAffiche("Active", "success", "coche")
