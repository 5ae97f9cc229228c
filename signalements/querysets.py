"""Reads of the demandes."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, DateField, F, Value, When
from django.db.models.functions import Coalesce

from accounts.memberships import Membership
from portal import clock
from signalements.enums import Statut

if TYPE_CHECKING:
    from signalements.models import Demande  # noqa: F401

NEVER = date(9999, 12, 31)
RANG = Coalesce(Case(When(promesse_tenue_le__isnull=True, then=F("echeance"))), Value(NEVER, DateField()))
"""Where a demande stands in the queue: its deadline while the promise is to keep, after all the others once it is.

It is an index key (`Demande.Meta.indexes`): changed here, it must be changed there by a migration.
"""

RECENT_ORDER = ("-modifiee_le", "-id")
LINE_FIELDS = (
    "reference",
    "fonction",
    "caisse_id",
    "statut",
    "issue",
    "urgente",
    "modifiee_le",
    "envoyee_le",
    "traitee_le",
    "echeance",
    "suspendue_le",
    "jours_attente",
    "promesse_tenue_le",
    "pieces_presentes",
    "pieces_attendues",
)
"""What the line of a list reads of a demande, on either side."""


class DemandeQuerySet(models.QuerySet["Demande"]):
    """Reads of the demandes; the database policies hold the same lines."""

    def visible_to(self, membership: Membership) -> "DemandeQuerySet":
        """The demandes this membership may see.

        A technicien: every demande of the structure, for the caisses with an active convention. The staff of a
        caisse: what was sent to it. Anybody else (gestionnaire, administrators): none.
        """
        if membership.is_technicien:
            return self.filter(
                partenaire_id=membership.partenaire_id, caisse_id__in=membership.caisses_ouvertes
            )
        if membership.handles_demandes:
            rows = self.filter(caisse_id=membership.caisse_id, envoyee_le__lte=clock.now())
            if membership.fonctions_traitees is not None:
                rows = rows.filter(fonction__in=membership.fonctions_traitees)
            return rows
        return self.none()

    def brouillons(self) -> "DemandeQuerySet":
        """The drafts."""
        return self.filter(statut=Statut.BROUILLON)

    def with_envelope(self) -> "DemandeQuerySet":
        """With what a list or a detail shows of the envelope, in one query."""
        relations: tuple[Any, ...] = ("personne", "caisse", "partenaire", "auteur", "assignee_a", "equipe")
        return self.select_related(*relations)
