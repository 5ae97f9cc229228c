"""Reads of the accounts. The table has no row-level security: `visible_to` is what keeps tenants apart here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from accounts.enums import EtatCompte, Profil
from accounts.transitions import TABLE
from partners.models import Partenaire

if TYPE_CHECKING:
    from accounts.memberships import Membership
    from accounts.models import RevueHabilitation, Utilisateur  # noqa: F401 named in strings
    from caisses.models import Caisse


SEEN = Greatest("last_login", "active_le")
"""When an account was last there; PostgreSQL leaves out the one that is NULL."""
NAMED = frozenset({"id", "prenom", "nom", "telephone"})


def all_but_names(*relations: str) -> list[str]:
    """What a page that only names the accounts behind these relations leaves unread, for `defer`."""
    fields = apps.get_model("accounts", "Utilisateur")._meta.concrete_fields
    return [
        f"{relation}__{field.name}" for relation in relations for field in fields if field.name not in NAMED
    ]


def _roles(model: str, **of: Any) -> Any:
    return apps.get_model("accounts", model)._default_manager.filter(**of).order_by().values("user_id")


class UtilisateurQuerySet(models.QuerySet["Utilisateur"]):
    """Accounts, by the organisation their role is on and by what happened to them."""

    def of_partenaire(self, partenaire: Partenaire | int) -> UtilisateurQuerySet:
        """The accounts whose role is on this structure."""
        return self.filter(pk__in=_roles("RolePartenaire", content_object=partenaire))

    def of_caisse(self, caisse: Caisse | int) -> UtilisateurQuerySet:
        """The accounts whose role is on this caisse itself."""
        return self.filter(pk__in=_roles("RoleCaisse", content_object=caisse))

    def handling_demandes_of(self, caisse: Caisse | int) -> UtilisateurQuerySet:
        """The active accounts of a caisse that work on demandes."""
        profils = (Profil.AGENT, Profil.CONSEILLER_MAS, Profil.SUPERVISEUR)
        return self.of_caisse(caisse).filter(is_active=True, profil__in=profils)

    def of_partners_of(self, caisse: Caisse) -> UtilisateurQuerySet:
        """The accounts of the structures this caisse follows."""
        followed = Partenaire.objects.of_caisse(caisse).order_by().values("pk")
        return self.filter(pk__in=_roles("RolePartenaire", content_object__in=followed))

    def visible_to(self, membership: Membership | None) -> UtilisateurQuerySet:
        """The accounts this membership may know of, by role rows: the rows' tenant, never a column of the account.

        The partner side knows its own structure; a caisse knows its own accounts and, for its administrators,
        those of the structures it follows; the national administrator knows all.
        """
        if membership is None:
            return self.none()
        if membership.partenaire is not None:
            return self.of_partenaire(membership.partenaire)
        if membership.caisse is None:
            return self.filter(supprime_le__isnull=True)
        own = Q(pk__in=_roles("RoleCaisse", content_object=membership.caisse))
        if membership.profil != Profil.ADMIN_CAISSE:
            return self.filter(own)
        followed = Partenaire.objects.of_caisse(membership.caisse).order_by().values("pk")
        return self.filter(own | Q(pk__in=_roles("RolePartenaire", content_object__in=followed)))

    def techniciens(self) -> UtilisateurQuerySet:
        """Those who make demandes."""
        return self.filter(profil=Profil.TECHNICIEN)

    def gestionnaires(self) -> UtilisateurQuerySet:
        """Those who run the accounts of a structure."""
        return self.filter(profil=Profil.GESTIONNAIRE)

    def in_state(self, etat: str) -> UtilisateurQuerySet:
        """Invited, active, inactive or deleted, as `Utilisateur.etat` says it."""
        if etat == EtatCompte.SUPPRIME:
            return self.filter(supprime_le__isnull=False)
        if etat == EtatCompte.INACTIF:
            return self.filter(is_active=False, supprime_le__isnull=True)
        return self.filter(is_active=True, active_le__isnull=etat == EtatCompte.INVITE)

    def not_seen_since(self, moment: datetime) -> UtilisateurQuerySet:
        """Active accounts whose last sign-in (their activation if they never came since) is before `moment`."""
        return self.in_state(EtatCompte.ACTIF).alias(seen=SEEN).filter(seen__lt=moment)

    def in_zone(self, fuseau: str) -> UtilisateurQuerySet:
        """The accounts whose days are those of this time zone: their caisse's, or that of their structure's caisse."""
        structures = _roles("RolePartenaire", content_object__caisse_referente__fuseau=fuseau)
        return self.filter(
            Q(pk__in=structures) | Q(pk__in=_roles("RoleCaisse", content_object__fuseau=fuseau))
        )

    def close_all(self, *, motif: str, now: datetime) -> int:
        """Inactivate these active accounts at once, sessions closed; how many. Journal and mails are the caller's.

        Does what the table of states says, for all of them in one statement. The password goes with the access: no
        session and no link of before works again.
        """
        for source in (EtatCompte.INVITE, EtatCompte.ACTIF):
            TABLE.find(source, EtatCompte.INACTIF, "systeme")
        apps.get_model("accounts", "SessionOuverte")._default_manager.filter(utilisateur__in=self).delete()
        return self.update(
            is_active=False,
            inactive_le=now,
            inactive_par=None,
            motif_inactivation=motif,
            invitation=models.F("invitation") + 1,
            password=make_password(None),
        )

    def matching(self, text: str) -> UtilisateurQuerySet:
        """Whose name, first name, identifiant, fonction or address holds every word of `text`."""
        rows = self
        for word in text.split()[:5]:
            found = Q(identifiant__icontains=word) | Q(courriel__icontains=word)
            for field in ("nom", "prenom", "fonction"):
                found |= Q(**{f"{field}__unaccent__icontains": word})
            rows = rows.filter(found)
        return rows


class RevueQuerySet(models.QuerySet["RevueHabilitation"]):
    """Revues d’habilitations, by who may know of them and by how far they are."""

    def visible_to(self, membership: Membership | None) -> RevueQuerySet:
        """Those of one's own structure for its gestionnaires, of one's own caisse for its administrators."""
        if membership is None:
            return self.none()
        if membership.partenaire is not None:
            return self.filter(partenaire=membership.partenaire)
        return self.all() if membership.caisse is None else self.filter(caisse=membership.caisse)

    def a_faire(self) -> RevueQuerySet:
        """Those that wait for the structure."""
        return self.filter(confirmee_le__isnull=True, close_le__isnull=True)

    def with_progress(self) -> RevueQuerySet:
        """With `comptes_actifs`, how many accounts are to be reviewed now, and `repondus`, how many have an answer."""
        roles = apps.get_model("accounts", "RolePartenaire")._default_manager
        lignes = apps.get_model("accounts", "LigneRevue")._default_manager
        comptes = roles.filter(content_object=OuterRef("partenaire"), user__is_active=True)
        repondus = lignes.filter(revue=OuterRef("pk"), compte__is_active=True)
        return self.annotate(comptes_actifs=_count_of(comptes), repondus=_count_of(repondus))


def _count_of(rows: models.QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(un=Value(1)).values("un").annotate(n=models.Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class UtilisateurManager(BaseUserManager.from_queryset(UtilisateurQuerySet)):  # type: ignore[misc]
    """Finds accounts by their identifiant, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Utilisateur:
        """The account with this identifiant."""
        found: Utilisateur = self.get(identifiant=(username or "").strip().lower())
        return found
