"""The staff of a caisse, and what each may handle."""

from accounts.enums import Profil
from accounts.models import RoleCaisse, Utilisateur
from accounts.permissions import MATRICE, Act
from caisses.enums import Fonction
from caisses.models import Caisse


def may_handle(profil: Profil, fonction: str) -> bool:
    """Whether a profile handles this kind of demande: a conseiller handles saisines only."""
    if profil not in MATRICE[Act.TRAITER_DEMANDE]:
        return False
    return profil != Profil.CONSEILLER_MAS or fonction == Fonction.SAISINE


def staff_of(caisse: Caisse) -> list[Utilisateur]:
    """The active accounts of a caisse that handle demandes, by name."""
    profils = [profil.value for profil in MATRICE[Act.TRAITER_DEMANDE]]
    roles = RoleCaisse.objects.filter(content_object=caisse, user__is_active=True, user__profil__in=profils)
    return [
        role.user for role in roles.select_related("user").order_by("user__nom", "user__prenom", "user_id")
    ]
