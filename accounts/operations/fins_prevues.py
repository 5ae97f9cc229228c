"""The expected end of an account: set by whoever manages it, announced 15 days before, applied the day after."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts.courriels import FIN_PREVUE_PROCHE, FINS_PREVUES_PROCHES
from accounts.enums import PROFILS_CAISSE, MotifInactivation, Profil
from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.operations import comptes
from accounts.operations.fermetures import Place, close_due, journal_all, places_of, zones
from accounts.permissions import Act, can
from accounts.queries import admins_by_caisse, gestionnaires_by_structure
from accounts.querysets import UtilisateurQuerySet
from accounts.rules import zone_of
from portal import clock
from portal.compiled import IsAnyOf
from portal.courriels.outbox import Envoi, queue_all
from portal.errors import DomainError

ANNONCE_JOURS = 15


def set_expected_end(*, actor: Membership, compte: Utilisateur, fin: date | None) -> bool:
    """Set the last day of an account, or none; whether it changed. A day that changes is announced anew.

    The gestionnaire for the techniciens, the caisse for the gestionnaires and its own accounts.

    Raises:
        DomainError: not within reach, inactive, or a day that is over.
    """
    if can(actor, Act.GERER_TECHNICIENS):
        comptes.ensure_within(actor, compte, Profil.TECHNICIEN)
    elif can(actor, Act.ADMINISTRER_CAISSE):
        comptes.ensure_within(actor, compte, Profil.GESTIONNAIRE, *PROFILS_CAISSE)
    else:
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    organisation = comptes.organisation_of(compte)
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=compte.pk)
        if not locked.is_active:
            raise DomainError("Ce compte est inactif\u00a0: réactivez-le d’abord.", code="inactif")
        if locked.fin_prevue == fin:
            return False
        if fin is not None and fin < clock.today(zone_of(organisation)):
            raise DomainError(
                "La date de fin prévue est aujourd’hui ou plus tard. Pour fermer l’accès tout de suite, "
                "inactivez le compte.",
                field="fin_prevue",
                code="passee",
            )
        locked.fin_prevue, locked.maintien_signale_le = fin, None
        locked.save(update_fields=["fin_prevue", "maintien_signale_le"])
        comptes.journal(
            actor, locked, "fin_prevue", organisation, le=fin.isoformat() if fin is not None else None
        )
    return True


def announce_expected_ends(limit: int) -> int:
    """Tell the holders, and those who manage their accounts, 15 days before; how many, at most `limit`.

    Days are those of the caisse's time zone. Twice, or late, tells nobody twice.
    """
    told = 0
    for fuseau, today in zones():
        rows = (
            Utilisateur.objects.in_zone(fuseau)
            .filter(is_active=True, fin_prevue__gte=today)
            .filter(fin_prevue__lte=today + timedelta(days=ANNONCE_JOURS))
            .filter(Q(fin_annoncee__isnull=True) | ~Q(fin_annoncee=F("fin_prevue")))
        )
        found = list(rows.select_for_update(skip_locked=True).order_by("pk")[: limit - told])
        if found:
            _announce(found)
        told += len(found)
    return told


def _announce(found: list[Utilisateur]) -> None:
    Utilisateur.objects.filter(IsAnyOf("pk", [user.pk for user in found])).update(
        fin_annoncee=F("fin_prevue")
    )
    places = places_of(user.pk for user in found)
    journal_all(found, places, acte="fin_annoncee")
    queue_all(
        FIN_PREVUE_PROCHE,
        (
            Envoi(f"{user.pk}:{user.fin_prevue}", user, "/", {"echeance": f"{user.fin_prevue:%d/%m/%Y}"})
            for user in found
        ),
    )
    queue_all(FINS_PREVUES_PROCHES, _to_managers(found, places))


def _to_managers(found: list[Utilisateur], places: dict[int, Place]) -> Iterator[Envoi]:
    """To the colleagues who manage it: the gestionnaires for a technicien, the caisse for everybody else too."""
    known = [place for place in places.values() if place.partenaire_id]
    gestionnaires = gestionnaires_by_structure(place.partenaire_id or 0 for place in known)
    admins = admins_by_caisse(place.caisse_id for place in places.values() if place.caisse_id)
    for user in found:
        place = places.get(user.pk)
        if place is None:
            continue
        said = {"echeance": f"{user.fin_prevue:%d/%m/%Y}"}
        whom = [
            (other, reverse("accounts:techniciens"))
            for other in gestionnaires.get(place.partenaire_id or 0, [])
        ]
        if user.profil != Profil.TECHNICIEN:
            page = "comptepartenaire" if place.partenaire_id else "comptecaisse"
            link = reverse(f"admin:accounts_{page}_change", args=[user.pk])
            whom += [(admin, link) for admin in admins.get(place.caisse_id or 0, [])]
        for other, link in whom:
            if other.pk != user.pk:
                yield Envoi(
                    f"{user.pk}:{user.fin_prevue}", other, link, said, place.caisse_id, place.partenaire_id
                )


def apply_expected_ends(limit: int) -> int:
    """Inactivate the accounts whose last day is over where their caisse stands; how many, at most `limit`."""
    done = 0
    for fuseau, today in zones():
        if done < limit:
            done += close_due(
                limit - done, partial(_over, fuseau, today), MotifInactivation.FIN_PREVUE, day=today
            )
    return done


def _over(fuseau: str, today: date) -> UtilisateurQuerySet:
    rows: UtilisateurQuerySet = Utilisateur.objects.in_zone(fuseau).filter(
        is_active=True, fin_prevue__lt=today
    )
    return rows
