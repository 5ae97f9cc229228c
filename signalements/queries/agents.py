"""The staff of a caisse, what each may handle, and the partners it works with."""

from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import RoleCaisse, Utilisateur
from accounts.permissions import MATRICE, Act
from caisses.enums import Fonction
from caisses.models import Caisse, Equipe
from partners.models import Partenaire
from portal.compiled import CompiledQuery, Slot

NAMES_SECONDS = 30


def may_handle(profil: Profil, fonction: str) -> bool:
    """Whether a profile handles this kind of demande: a conseiller handles saisines only."""
    if profil not in MATRICE[Act.TRAITER_DEMANDE]:
        return False
    return profil != Profil.CONSEILLER_MAS or fonction == Fonction.SAISINE


def staff_caisse(membership: Membership) -> Caisse:
    """The caisse of somebody who works on its demandes.

    Raises:
        PermissionDenied: nobody of the kind.
    """
    if membership.caisse is None or not membership.handles_demandes:
        raise PermissionDenied
    return membership.caisse


def staff_names(caisse: Caisse) -> list[tuple[int, str]]:
    """The ids and names of the staff, for a filter; read again at most every 30 seconds."""
    key = f"agents:{caisse.pk}"
    found: list[tuple[int, str]] | None = cache.get(key)
    if found is None:
        found = [(agent.pk, agent.get_full_name()) for agent in staff_of(caisse)]
        cache.set(key, found, NAMES_SECONDS)
    return found


def team_names(caisse: Caisse) -> list[tuple[int, str]]:
    """The ids and names of the caisse's active teams, in their order; read again at most every 30 seconds."""
    key = f"equipes:{caisse.pk}"
    found: list[tuple[int, str]] | None = cache.get(key)
    if found is None:
        rows = Equipe.objects.filter(caisse=caisse, active=True).order_by("ordre", "nom", "pk")
        found = list(rows.values_list("pk", "nom"))
        cache.set(key, found, NAMES_SECONDS)
    return found


def structure_names(caisse: Caisse) -> list[tuple[int, str]]:
    """The ids and names of the caisse's partners, for a filter; read again at most every 30 seconds."""
    key = f"structures:{caisse.pk}"
    found: list[tuple[int, str]] | None = cache.get(key)
    if found is None:
        rows = Partenaire.objects.of_caisse(caisse).order_by("raison_sociale", "pk")
        found = list(rows.values_list("pk", "raison_sociale"))
        cache.set(key, found, NAMES_SECONDS)
    return found


_STAFF: CompiledQuery[RoleCaisse] = CompiledQuery(
    lambda: (
        RoleCaisse.objects.filter(
            content_object=Slot("caisse"),
            user__is_active=True,
            user__profil__in=[profil.value for profil in MATRICE[Act.TRAITER_DEMANDE]],
        )
        .select_related("user")
        .order_by("user__nom", "user__prenom", "user_id")
    )
)


def staff_of(caisse: Caisse) -> list[Utilisateur]:
    """The active accounts of a caisse that handle demandes, by name."""
    return [role.user for role in _STAFF.all(caisse=caisse.pk)]
