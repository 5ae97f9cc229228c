"""The membership: who is signed in, with which role, on which organisation. Read once per request."""

from dataclasses import dataclass
from functools import cached_property

from accounts.enums import PROFILS_CAISSE, PROFILS_PARTENAIRE, Profil
from accounts.models import RoleCaisse, RolePartenaire, Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse
from partners.models import Convention, Partenaire
from portal.compiled import CompiledQuery, Slot

OF_PARTENAIRE = CompiledQuery(
    lambda: (
        RolePartenaire.objects.filter(user=Slot("user"), permission__codename=Slot("permission"))
        .select_related("content_object")
        .order_by("pk")[:1]
    )
)
OF_CAISSE = CompiledQuery(
    lambda: (
        RoleCaisse.objects.filter(user=Slot("user"), permission__codename=Slot("permission"))
        .select_related("content_object")
        .order_by("pk")[:1]
    )
)
CONVENTIONS = CompiledQuery(
    lambda: Convention.objects.utilisations().filter(partenaire=Slot("partenaire")).order_by("caisse__code")
)


@dataclass(frozen=True)
class Membership:
    """An account and its role. The guardian row is the membership; nothing else grants anything."""

    user: Utilisateur
    profil: Profil
    partenaire: Partenaire | None = None
    caisse: Caisse | None = None

    @property
    def role(self) -> str:
        """The role, as transition tables and the journal name it."""
        return self.profil.value

    @property
    def acteur_id(self) -> int | None:
        """The account's id, for the journal."""
        return self.user.pk

    @property
    def partenaire_id(self) -> int | None:
        """The partner's id, for the partner side."""
        return self.partenaire.pk if self.partenaire else None

    @property
    def structure(self) -> Partenaire:
        """The partner, for what only its accounts do.

        Raises:
            LookupError: this account is not a partner's.
        """
        if self.partenaire is None:
            raise LookupError("this account belongs to no partner")
        return self.partenaire

    @property
    def caisse_id(self) -> int | None:
        """The caisse's id, for the caisse side."""
        return self.caisse.pk if self.caisse else None

    @property
    def realm(self) -> str:
        """The realm of the database scope."""
        if self.partenaire:
            return "partenaire"
        return "caisse" if self.caisse else "national"

    @property
    def tenant(self) -> int | None:
        """The tenant of the database scope."""
        return self.partenaire_id or self.caisse_id

    @property
    def is_technicien(self) -> bool:
        """Whether this account makes demandes."""
        return self.profil == Profil.TECHNICIEN

    @property
    def is_gestionnaire(self) -> bool:
        """Whether this account runs the partner's accounts."""
        return self.profil == Profil.GESTIONNAIRE

    @property
    def handles_demandes(self) -> bool:
        """Whether this account works on the demandes a caisse receives."""
        return self.profil in {Profil.AGENT, Profil.CONSEILLER_MAS, Profil.SUPERVISEUR}

    @property
    def fonctions_traitees(self) -> frozenset[str] | None:
        """The kinds of demande this account handles; None means every kind."""
        return frozenset({Fonction.SAISINE}) if self.profil == Profil.CONSEILLER_MAS else None

    @cached_property
    def conventions(self) -> list[Convention]:
        """The conventions d'utilisation that open the portal to this partner today, in the order of the caisses.

        Each caisse reckons « today » in its own time zone.
        """
        if self.partenaire is None or self.partenaire.suspendu_le is not None:
            return []
        rows = CONVENTIONS.all(partenaire=self.partenaire.pk)
        return [c for c in rows if c.opens_on(c.caisse.today())]

    @property
    def caisses_ouvertes(self) -> list[int]:
        """The ids of the caisses this partner may work with today."""
        return [convention.caisse_id for convention in self.conventions]

    def caisses_avec(self, fonction: str) -> list[int]:
        """The ids of the caisses with which this function is open to this partner today."""
        return [c.caisse_id for c in self.conventions if fonction in c.fonctions_ouvertes]

    @property
    def caisses_sortantes(self) -> list[int]:
        """The ids of the caisses that may give documents to this partner today (art. 1.3)."""
        return [c.caisse_id for c in self.conventions if c.documents_sortants]

    def convention_with(self, caisse_id: int) -> Convention | None:
        """The convention that opens the portal with this caisse today, if any."""
        return next((c for c in self.conventions if c.caisse_id == caisse_id), None)


def membership_of(user: Utilisateur) -> Membership | None:
    """The membership of an account, in one query; None when no role was given or the account is inactive."""
    if not user.is_active:
        return None
    profil = Profil(user.profil)
    if profil in PROFILS_PARTENAIRE:
        row = OF_PARTENAIRE.first(user=user.pk, permission=profil.permission)
        return Membership(user, profil, partenaire=row.content_object) if row else None
    if profil in PROFILS_CAISSE:
        held = OF_CAISSE.first(user=user.pk, permission=profil.permission)
        return Membership(user, profil, caisse=held.content_object) if held else None
    national = user.user_permissions.filter(codename=profil.permission).exists()
    return Membership(user, profil) if national else None
