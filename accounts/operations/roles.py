"""Giving a role: the guardian row that is the membership."""

from contextlib import AbstractContextManager
from functools import lru_cache

from django.contrib.auth.models import Permission

from accounts.enums import PROFILS_CAISSE, PROFILS_PARTENAIRE, Profil
from accounts.models import RoleCaisse, RolePartenaire, Utilisateur
from caisses.models import Caisse
from partners.models import Partenaire
from portal.errors import DomainError
from portal.refusals import said_by

CONTENT_LABELS = {"partenaire": ("partners", "partenaire"), "caisse": ("caisses", "caisse")}


@lru_cache(maxsize=16)
def _permission_id(codename: str) -> int:
    return Permission.objects.get(codename=codename).pk


def give_role(user: Utilisateur, organisation: Partenaire | Caisse | None = None) -> None:
    """Give `user` the role of its profile on `organisation` (None for the national profile).

    Raises:
        DomainError: the profile does not go with this kind of organisation, or the quota of gestionnaires of
            the structure is reached (art. 2.2.1; the trigger holds it under concurrency).
    """
    profil = Profil(user.profil)
    permission_id = _permission_id(profil.permission)
    if profil in PROFILS_PARTENAIRE and isinstance(organisation, Partenaire):
        with quota_errors(organisation):
            RolePartenaire.objects.create(user=user, permission_id=permission_id, content_object=organisation)
    elif profil in PROFILS_CAISSE and isinstance(organisation, Caisse):
        RoleCaisse.objects.create(user=user, permission_id=permission_id, content_object=organisation)
    elif profil == Profil.NATIONAL and organisation is None:
        user.user_permissions.add(permission_id)
    else:
        raise DomainError("Ce profil ne correspond pas à cette organisation.", code="profil_organisation")


def quota_errors(partenaire: Partenaire) -> AbstractContextManager[None]:
    """Turn the refusals of the quota triggers into sentences, and leave the transaction usable."""

    def refusal(constraint: str) -> DomainError | None:
        if constraint == "quota_gestionnaires":
            return DomainError(
                f"Le nombre maximal de gestionnaires ({partenaire.quota_gestionnaires}) est atteint pour "
                f"une structure de {partenaire.nombre_membres} membres.",
                code="quota_gestionnaires",
            )
        if constraint == "dernier_gestionnaire":
            return DomainError(
                "Impossible\u00a0: c’est le seul gestionnaire actif. Habilitez d’abord un remplaçant.",
                code="dernier_gestionnaire",
            )
        return None

    return said_by(refusal)
