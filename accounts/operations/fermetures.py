"""Accounts that the portal closes by itself: at their expected end, after a long absence, without a convention.

Many at once, in a few statements. The last active gestionnaire of a structure never goes this way (art. 2.2.3-e).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import departures
from accounts.courriels import COMPTE_FERME, COMPTES_FERMES, DERNIER_GESTIONNAIRE
from accounts.enums import EtatCompte, MotifInactivation, Profil
from accounts.models import RoleCaisse, RolePartenaire, Utilisateur
from accounts.queries import admins_by_caisse, gestionnaires_by_structure
from accounts.querysets import UtilisateurQuerySet
from caisses.models import Caisse
from partners.models import Partenaire
from portal import clock
from portal.audit.journal import record_all
from portal.audit.models import Verbe
from portal.compiled import IsAnyOf
from portal.courriels.outbox import Envoi, queue_all
from portal.workflow import SYSTEME


@dataclass(frozen=True)
class Place:
    """Whose account it is: a structure and the caisse that declared it, or a caisse."""

    caisse_id: int | None
    partenaire_id: int | None = None


def zones() -> Iterator[tuple[str, date]]:
    """Each time zone of the caisses, with its date."""
    for fuseau in Caisse.objects.order_by("fuseau").values_list("fuseau", flat=True).distinct():
        yield fuseau, clock.today(fuseau)


def places_of(accounts: Iterable[int]) -> dict[int, Place]:
    """The place of each of these accounts, by its id."""
    ids = list(accounts)
    structures = RolePartenaire.objects.filter(IsAnyOf("user", ids)).order_by()
    found = {
        user: Place(caisse, structure)
        for user, structure, caisse in structures.values_list(
            "user_id", "content_object_id", "content_object__caisse_referente_id"
        )
    }
    caisses = (
        RoleCaisse.objects.filter(IsAnyOf("user", ids)).order_by().values_list("user_id", "content_object_id")
    )
    return found | {user: Place(caisse) for user, caisse in caisses}


def journal_all(accounts: Iterable[Utilisateur], places: dict[int, Place], **details: object) -> None:
    """One event for each account, which the caisse that answers for it reads."""
    nowhere = Place(None)
    record_all(
        Verbe.COMPTE,
        (
            {
                "role": "systeme",
                "caisse_id": places.get(user.pk, nowhere).caisse_id,
                "partenaire_id": places.get(user.pk, nowhere).partenaire_id,
                "objet": "compte",
                "objet_id": user.pk,
                "details": {"profil": user.profil, **details},
            }
            for user in accounts
        ),
    )


def close_accounts(
    accounts: Iterable[int],
    motif: MotifInactivation,
    places: dict[int, Place],
    *,
    hand_over: bool = True,
) -> int:
    """Inactivate these locked, active accounts; how many.

    Order of effects: accounts inactive, sessions closed, what they hold left to their structure (unless nobody of it
    is left to take it), journal, mail to each address. Whoever manages them is told by the caller.
    """
    ids = list(accounts)
    rows = Utilisateur.objects.filter(IsAnyOf("pk", ids))
    rows.close_all(motif=motif, now=clock.now())
    closed = list(rows.order_by("pk"))
    held = departures.holders(ids) if hand_over else set()
    for user in closed:
        if user.pk in held:
            departures.hand_over(SYSTEME, user, None)
    journal_all(closed, places, acte="inactivation", motif=motif.value)
    queue_all(
        COMPTE_FERME,
        (
            Envoi(
                f"{user.pk}:{user.invitation}",
                user.courriel,
                partenaire_id=places[user.pk].partenaire_id,
                caisse_id=None if places[user.pk].partenaire_id else places[user.pk].caisse_id,
            )
            for user in closed
        ),
    )
    return len(closed)


def close_due(
    limit: int, due: Callable[[], UtilisateurQuerySet], motif: MotifInactivation, *, day: date
) -> int:
    """Inactivate the accounts that `due` finds; how many, at most `limit`.

    `due` is asked again once a row is locked: whoever changed meanwhile stays. A gestionnaire goes one by one, the
    structure locked before the account, and stays when no other is active: the caisse is told instead, once.
    """
    others = due().exclude(profil=Profil.GESTIONNAIRE).order_by("pk")
    ids = list(others.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    places = places_of(ids)
    done = close_accounts(ids, motif, places) if ids else 0
    _tell_gestionnaires(places.values(), motif, day)
    kept_last = F("maintien_signale_le").asc(nulls_first=True)
    candidates = due().gestionnaires().order_by(kept_last, "pk").values_list("pk", flat=True)
    for pk in candidates[: limit - done]:
        done += _close_gestionnaire(pk, due, motif, day)
    return done


def _close_gestionnaire(
    pk: int, due: Callable[[], UtilisateurQuerySet], motif: MotifInactivation, day: date
) -> int:
    place = places_of([pk]).get(pk)
    if place is None or place.partenaire_id is None:
        return 0
    with transaction.atomic():
        Partenaire.objects.select_for_update(no_key=True).get(pk=place.partenaire_id)
        user = due().select_for_update().filter(pk=pk).first()
        if user is None:
            return 0
        rest = Utilisateur.objects.of_partenaire(place.partenaire_id).gestionnaires().filter(is_active=True)
        if rest.exclude(pk=pk).exists():
            done = close_accounts([pk], motif, {pk: place})
            _tell_gestionnaires([place], motif, day)
            return done
        if user.maintien_signale_le is None:
            _keep(user, place)
    return 0


def _keep(user: Utilisateur, place: Place) -> None:
    """The last active gestionnaire stays; the caisse hears of it once."""
    Utilisateur.objects.filter(pk=user.pk).update(maintien_signale_le=clock.now())
    journal_all([user], {user.pk: place}, acte="maintien_dernier_gestionnaire")
    caisse = place.caisse_id or 0
    link = reverse("admin:partners_partenaire_change", args=[place.partenaire_id])
    queue_all(
        DERNIER_GESTIONNAIRE,
        (
            Envoi(f"{user.pk}:{clock.now().isoformat()}", admin, link, caisse_id=caisse)
            for admin in admins_by_caisse([caisse]).get(caisse, [])
        ),
    )


def _tell_gestionnaires(places: Iterable[Place], motif: MotifInactivation, day: date) -> None:
    """One mail to each gestionnaire of each structure concerned, however many of its accounts were closed."""
    structures = {place.partenaire_id for place in places if place.partenaire_id is not None}
    link = reverse("accounts:techniciens") + f"?etat={EtatCompte.INACTIF}"
    queue_all(
        COMPTES_FERMES,
        (
            Envoi(f"{motif}:{structure}:{day}:{clock.now().isoformat()}", user, link, partenaire_id=structure)
            for structure, users in gestionnaires_by_structure(structures).items()
            for user in users
        ),
    )
