"""How a revue d’habilitations stands on a given day, for people."""

from datetime import date

from accounts.models import RevueHabilitation
from partners.rules import EtatAffiche
from portal import clock

BIENTOT_JOURS = 7


def is_late(revue: RevueHabilitation, today: date) -> bool:
    """Whether the day to confirm it is over."""
    return revue.is_open and today > revue.echeance


def review_state(revue: RevueHabilitation, today: date) -> EtatAffiche:
    """Confirmed, closed, late, or how many days are left, in words, with the tone and icon of its badge."""
    if revue.confirmee_le is not None:
        day = clock.local_date(revue.confirmee_le, revue.caisse.fuseau)
        return EtatAffiche(f"Confirmée le {day:%d/%m/%Y}", "success", "coche")
    if revue.close_le is not None:
        return EtatAffiche("Close sans réponse", "neutral", "croix-cercle")
    left = (revue.echeance - today).days
    if left < 0:
        return EtatAffiche(
            f"En retard de {-left}\u00a0jour{'s' if left < -1 else ''}", "danger-plein", "attention"
        )
    if left == 0:
        return EtatAffiche("À faire aujourd’hui", "danger", "horloge")
    said = f"À faire\u00a0: encore {left}\u00a0jour{'s' if left > 1 else ''}"
    return EtatAffiche(said, "warning" if left <= BIENTOT_JOURS else "info", "horloge")


def progress_of(revue: RevueHabilitation) -> str:
    """« 12 sur 15 » of a review read with its progress; nothing once it is over."""
    if not revue.is_open:
        return ""
    return f"{revue.repondus} sur {revue.comptes_actifs}"  # type: ignore[attr-defined]
