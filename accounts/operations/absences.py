"""Accounts nobody signs in to: their holder and whoever manages them are told, then they are inactivated."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.courriels import COMPTE_ABSENT, COMPTES_ABSENTS
from accounts.enums import PROFILS_CAISSE, PROFILS_PARTENAIRE, MotifInactivation, Profil
from accounts.models import Utilisateur
from accounts.operations.fermetures import Place, close_due, journal_all, places_of
from accounts.queries import admins_by_caisse, gestionnaires_by_structure
from accounts.querysets import SEEN, UtilisateurQuerySet
from portal import clock
from portal.compiled import IsAnyOf
from portal.courriels.outbox import Envoi, queue_all

SUIVIS = sorted(PROFILS_PARTENAIRE | PROFILS_CAISSE - {Profil.ADMIN_CAISSE})
"""An administrator of a caisse stays: nobody there could give the account back."""


def steps() -> list[int]:
    """After how many days without a sign-in people are told, in order; none when the rule is off."""
    last = settings.COMPTE_ABSENT_JOURS
    return sorted(days for days in settings.COMPTE_ABSENT_RAPPELS_JOURS if 0 < days < last)


def warn_absent(limit: int) -> int:
    """Tell of the accounts without a sign-in since 120, then 150 days (settings); how many, at most `limit`.

    Run late, only the nearest reminder leaves. A sign-in begins the count again.
    """
    told = 0
    for days in reversed(steps()):
        rows = (
            _absent(days)
            .filter(
                Q(rappel_absence_le__isnull=True) | Q(rappel_absence_le__lt=SEEN) | Q(rappel_absence__lt=days)
            )
            .select_for_update(skip_locked=True)
            .order_by("pk")
        )
        found = list(rows[: limit - told])
        if found:
            _tell(found, days)
        told += len(found)
    return told


def _tell(found: list[Utilisateur], days: int) -> None:
    now = clock.now()
    Utilisateur.objects.filter(IsAnyOf("pk", [user.pk for user in found])).update(
        rappel_absence=days, rappel_absence_le=now, maintien_signale_le=None
    )
    left = {"jours": settings.COMPTE_ABSENT_JOURS - days}
    places = places_of(user.pk for user in found)
    journal_all(found, places, acte="absence_annoncee", jours=days)
    event = f"{days}:{now.isoformat()}"
    queue_all(COMPTE_ABSENT, (Envoi(f"{user.pk}:{event}", user, "/", left) for user in found))
    queue_all(COMPTES_ABSENTS, _to_managers(found, places.values(), event, left))


def _to_managers(
    found: list[Utilisateur], places: Iterable[Place], event: str, left: dict[str, int]
) -> Iterable[Envoi]:
    """One mail to each gestionnaire of a structure or administrator of a caisse, but to those told for themselves."""
    absent = {user.pk for user in found}
    link = reverse("accounts:techniciens") + "?vue=absents"
    structures = gestionnaires_by_structure(place.partenaire_id for place in places if place.partenaire_id)
    for structure, users in structures.items():
        for user in users:
            if user.pk not in absent:
                yield Envoi(f"{structure}:{event}", user, link, left, partenaire_id=structure)
    own = {place.caisse_id for place in places if place.caisse_id and not place.partenaire_id}
    link = reverse("admin:accounts_comptecaisse_changelist") + "?connexion=90"
    for caisse, admins in admins_by_caisse(own).items():
        for admin in admins:
            yield Envoi(f"caisse:{caisse}:{event}", admin, link, left, caisse)


def close_absent(limit: int) -> int:
    """Inactivate the accounts without a sign-in since 180 days (settings) that were told; how many, at most `limit`.

    Nobody loses an access without the announced delay: late reminders put the end off.
    """
    if not settings.COMPTE_ABSENT_JOURS:
        return 0
    return close_due(limit, _lost, MotifInactivation.INACTIVITE, day=clock.today())


def _lost() -> UtilisateurQuerySet:
    rows = _absent(settings.COMPTE_ABSENT_JOURS)
    told = steps()
    if not told:
        return rows
    since = clock.now() - timedelta(days=settings.COMPTE_ABSENT_JOURS - told[-1])
    return rows.filter(rappel_absence=told[-1], rappel_absence_le__gte=SEEN, rappel_absence_le__lte=since)


def _absent(days: int) -> UtilisateurQuerySet:
    rows: UtilisateurQuerySet = Utilisateur.objects.not_seen_since(clock.now() - timedelta(days=days)).filter(
        profil__in=SUIVIS
    )
    return rows
