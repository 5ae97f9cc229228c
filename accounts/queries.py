"""Reads the gates and the profile need."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import (
    AcceptationCgu,
    CleAcces,
    CodeSecours,
    RoleCaisse,
    RolePartenaire,
    Utilisateur,
    VersionCgu,
)
from partners.enums import VIVANTES, Partie
from partners.models import Referent
from portal import clock
from portal.compiled import IsAnyOf
from portal.validators import readable_phone

CURRENT_CGU_KEY = "accounts.cgu_en_vigueur"
CURRENT_CGU_SECONDS = 30


def current_cgu() -> VersionCgu | None:
    """The version of the conditions in force, or None before the first one is published."""
    return VersionCgu.objects.filter(publiee_le__lte=clock.now()).first()


def current_cgu_id() -> int | None:
    """The id of the version in force, read at most every 30 seconds by each process."""
    known = cache.get(CURRENT_CGU_KEY)
    if known is None:
        version = current_cgu()
        known = version.pk if version else 0
        cache.set(CURRENT_CGU_KEY, known, CURRENT_CGU_SECONDS)
    return known or None


def last_acceptance(user: Utilisateur) -> AcceptationCgu | None:
    """The latest version this account accepted."""
    return AcceptationCgu.objects.filter(utilisateur=user).select_related("version").first()


def changes_since(version: VersionCgu, accepted: AcceptationCgu) -> list[VersionCgu]:
    """The versions published after the one that was accepted, up to `version`, that say what they change."""
    later = VersionCgu.objects.filter(
        publiee_le__gt=accepted.version.publiee_le, publiee_le__lte=version.publiee_le
    )
    return list(later.exclude(changements="").order_by("publiee_le", "pk"))


def acceptances_of(user: Utilisateur) -> list[AcceptationCgu]:
    """Every version this account accepted, the latest first."""
    return list(AcceptationCgu.objects.filter(utilisateur=user).select_related("version"))


def has_accepted(user: Utilisateur, version_id: int) -> bool:
    """Whether the account accepted this version."""
    return AcceptationCgu.objects.filter(utilisateur=user, version_id=version_id).exists()


def totp_device_of(user: Utilisateur) -> TOTPDevice | None:
    """The application the account confirmed, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("id").first()


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in account has an application or a passkey; read with its session."""
    session: Any = request.session
    return bool(session.appareils or session.cles)


def passkeys_of(user: Utilisateur) -> list[CleAcces]:
    """The passkeys of the account, the oldest first."""
    return list(CleAcces.objects.filter(user=user, confirmed=True))


def recovery_codes_of(user: Utilisateur) -> CodeSecours | None:
    """The recovery codes of the account, if it has any."""
    return CodeSecours.objects.filter(user=user).order_by("id").first()


def second_factor_in_words(user: Utilisateur) -> str:
    """What protects an account beside its password, for whoever answers for it."""
    keys, codes = len(passkeys_of(user)), recovery_codes_of(user)
    held = ["application"] if totp_device_of(user) else []
    if keys:
        held.append("une clé d’accès" if keys == 1 else f"{keys}\N{NO-BREAK SPACE}clés d’accès")
    if held:
        words = " et ".join(held)
        return words[0].upper() + words[1:]
    if codes is None or codes.valable_jusqu_au is None:
        return "Aucun"
    made, until = localtime(codes.genere_le), localtime(codes.valable_jusqu_au)
    return f"Retiré le {date_format(made, 'd/m/Y')}, code de reprise valable jusqu’au {date_format(until, 'd/m/Y')}"


def second_factor_required(membership: Membership) -> bool:
    """Whether this role needs a second factor: caisse and national always; for a partner, as soon as one caisse
    it works with wants it (a setting of the caisse, on by default), and while it works with none.
    """
    if membership.partenaire is None:
        return True
    conventions = membership.conventions
    return not conventions or any(c.caisse.second_facteur_partenaires for c in conventions)


def gestionnaires_of(partenaire_id: int) -> list[str]:
    """The names of the active gestionnaires of a structure: whom a technicien asks for help."""
    rows = RolePartenaire.objects.filter(
        content_object_id=partenaire_id,
        permission__codename=Profil.GESTIONNAIRE.permission,
        user__is_active=True,
    ).select_related("user")
    return [row.user.get_full_name() for row in rows.order_by("user__nom", "user__prenom", "user_id")]


def gestionnaires_by_structure(structures: Iterable[int]) -> dict[int, list[Utilisateur]]:
    """The active gestionnaires of many structures, by structure; none for a structure left without."""
    return _active_by(RolePartenaire, structures, Profil.GESTIONNAIRE)


def admins_by_caisse(caisses: Iterable[int]) -> dict[int, list[Utilisateur]]:
    """The active administrators of many caisses, by caisse."""
    return _active_by(RoleCaisse, caisses, Profil.ADMIN_CAISSE)


def _active_by(roles: Any, organisations: Iterable[int], profil: Profil) -> dict[int, list[Utilisateur]]:
    rows = roles.objects.filter(
        IsAnyOf("content_object", list(set(organisations))),
        permission__codename=profil.permission,
        user__is_active=True,
    )
    found: dict[int, list[Utilisateur]] = {}
    for row in rows.select_related("user").order_by("user_id"):
        found.setdefault(row.content_object_id, []).append(row.user)
    return found


class NamedAccount(NamedTuple):
    """What the journal says of the account somebody tried to sign in to; empty when there is none."""

    pk: int | None = None
    profil: str = ""
    partenaire_id: int | None = None
    caisse_id: int | None = None


def account_named(identifiant: str) -> NamedAccount:
    """The account of this identifiant and the caisse that answers for it, in one query, found or not."""
    row = (
        Utilisateur.objects.filter(identifiant=identifiant)
        .values_list(
            "pk",
            "profil",
            "rolepartenaire__content_object",
            "rolepartenaire__content_object__caisse_referente",
            "rolecaisse__content_object",
        )
        .first()
    )
    if row is None:
        return NamedAccount()
    pk, profil, partenaire, referente, caisse = row
    return NamedAccount(pk, profil, partenaire, caisse or referente)


def interlocuteurs_of(membership: Membership) -> list[tuple[str, str]]:
    """Whom a structure may write to at each of its caisses: its référents in force (métier, art. 4), named once."""
    if membership.partenaire_id is None:
        return []
    rows = Referent.objects.filter(
        partie=Partie.CAISSE,
        convention__partenaire=membership.partenaire_id,
        convention__etat__in=VIVANTES,
    )
    rows = rows.select_related("convention__caisse").order_by("convention__caisse__nom", "nom", "pk")
    said = {}
    for row in rows:
        parts = (row.nom, row.fonction, row.courriel, readable_phone(row.telephone))
        said[row.convention.caisse.nom, row.courriel.lower()] = ", ".join(filter(None, parts))
    return [(caisse, words) for (caisse, _), words in said.items()]
