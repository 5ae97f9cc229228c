"""What is asked of a caisse about the gestionnaires of a structure (art. 2.2.1 to 2.2.3)."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.enums import (
    HABILITATIONS_OUVERTES,
    Civilite,
    MotifInactivation,
    MotifRefus,
    NatureHabilitation,
    StatutHabilitation,
)
from accounts.models.utilisateur import Utilisateur
from caisses.models import Caisse
from partners.models import Partenaire
from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import CAISSE, PARTENAIRE, RealmPolicy, TenantForeignKey

S, N = StatutHabilitation, NatureHabilitation
DEPART_EN_ATTENTE = Q(nature=N.INACTIVATION, statut=S.ACCEPTEE, effectuee_le=None)
"""Departures the caisse accepted, whose day has not come."""


class DemandeHabilitationQuerySet(models.QuerySet["DemandeHabilitation"]):
    """Reads of the requests."""

    def visible_to(self, membership: Any) -> "DemandeHabilitationQuerySet":
        """Those of one's own structure; those sent to one's caisse; all for the national administrator.

        One whose address nobody confirmed yet has reached no caisse.
        """
        if membership is None:
            return self.none()
        rows = self.exclude(statut=S.A_CONFIRMER)
        if membership.partenaire_id is not None:
            return rows.filter(partenaire_id=membership.partenaire_id)
        return rows if membership.caisse_id is None else rows.filter(caisse_id=membership.caisse_id)

    def awaiting(self) -> "DemandeHabilitationQuerySet":
        """Received by the caisse and not decided."""
        return self.filter(statut__in=HABILITATIONS_OUVERTES)

    def leaving(self) -> "DemandeHabilitationQuerySet":
        """Departures asked for or accepted, that have not happened."""
        asked = Q(nature=N.INACTIVATION, statut__in=HABILITATIONS_OUVERTES)
        return self.filter(asked | DEPART_EN_ATTENTE)


class DemandeHabilitation(models.Model):
    """A request to habilitate a gestionnaire, to change one of the four fields of one, or to end an access.

    The identity holds what is asked: everything for a creation, only what changes for a modification, nothing for a
    departure.
    """

    reference = models.CharField("référence", max_length=20, unique=True)
    cle = models.UUIDField("clé de création", unique=True, default=uuid.uuid4, editable=False)
    nature = models.CharField("nature", max_length=12, choices=NatureHabilitation.choices)
    statut = models.CharField("statut", max_length=12, choices=StatutHabilitation.choices)
    caisse = models.ForeignKey(
        Caisse, models.PROTECT, related_name="+", verbose_name="caisse", db_index=False
    )
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="habilitations", verbose_name="structure"
    )
    compte = models.ForeignKey(
        Utilisateur,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="compte",
        help_text="Celui qui change ou qui part\u00a0; celui qui a été créé, une fois la demande acceptée.",
    )
    demandeur = models.ForeignKey(
        Utilisateur,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandée par",
        help_text="Vide\u00a0: par le formulaire public.",
        db_index=False,
    )
    successeur = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="depart",
        verbose_name="demande d’habilitation du remplaçant",
    )

    civilite = models.CharField("civilité", max_length=3, choices=Civilite.choices, blank=True)
    nom = models.CharField("nom", max_length=100, blank=True)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    date_souhaitee = models.DateField("fin d’accès souhaitée le", null=True)
    motif = models.CharField("motif du départ", max_length=24, choices=MotifInactivation.choices, blank=True)

    cree_le = models.DateTimeField("créée le")
    recue_le = models.DateTimeField("reçue complète le", null=True)
    delai_depuis = models.DateTimeField(
        "délai courant depuis", null=True, help_text="Vide\u00a0: suspendu, ou pas commencé."
    )
    delai_consomme = models.PositiveSmallIntegerField("jours ouvrés déjà écoulés", default=0)
    message = TexteLibreModelField("message de la caisse", blank=True)
    motif_refus = models.CharField("motif du refus", max_length=16, choices=MotifRefus.choices, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True)
    decidee_par = models.ForeignKey(
        Utilisateur,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="décidée par",
        db_index=False,
    )
    effectuee_le = models.DateTimeField("accès fermé le", null=True)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = DemandeHabilitationQuerySet.as_manager()
    register = (
        "Requests about the gestionnaires of a structure (art. 2.2.1 to 2.2.3)",
        "identity: 6 calendar months after the decision, or with the account; never confirmed: 72 hours",
    )
    table_privileges = {
        "connexion": "",
        "partenaire": "SELECT, INSERT, UPDATE",
        "caisse": "SELECT, UPDATE",
        "national": "SELECT",
    }

    class Meta:
        verbose_name = "demande d’habilitation"
        verbose_name_plural = "demandes d’habilitation"
        ordering = ["-cree_le", "-id"]
        indexes = [
            models.Index(
                fields=["caisse", "delai_depuis", "id"],
                name="habilitation_a_decider",
                condition=Q(statut__in=HABILITATIONS_OUVERTES),
            ),
            models.Index(fields=["caisse", "-cree_le", "-id"], name="habilitation_caisse"),
            models.Index(fields=["date_souhaitee"], name="habilitation_depart", condition=DEPART_EN_ATTENTE),
            models.Index(
                fields=["cree_le"], name="habilitation_a_confirmer", condition=Q(statut=S.A_CONFIRMER)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="habilitation_locataire"),
            models.UniqueConstraint(
                fields=["partenaire", "courriel"],
                condition=Q(nature=N.CREATION, statut__in=HABILITATIONS_OUVERTES),
                name="habilitation_creation_unique",
                violation_error_message="Une demande est déjà en cours pour cette adresse.",
            ),
            models.UniqueConstraint(
                fields=["compte", "nature"],
                condition=Q(statut__in=HABILITATIONS_OUVERTES, compte__isnull=False),
                name="habilitation_compte_unique",
                violation_error_message="Une demande est déjà en cours pour ce compte.",
            ),
            models.UniqueConstraint(
                fields=["compte"],
                condition=DEPART_EN_ATTENTE,
                name="habilitation_depart_unique",
                violation_error_message="Le départ de ce gestionnaire est déjà accepté.",
            ),
            models.CheckConstraint(
                name="habilitation_compte",
                condition=Q(nature=N.CREATION) | Q(compte__isnull=False),
                violation_error_message="La demande porte sur un compte.",
            ),
            models.CheckConstraint(
                name="habilitation_depart_date",
                condition=Q(nature=N.INACTIVATION, date_souhaitee__isnull=False)
                | ~Q(nature=N.INACTIVATION) & Q(date_souhaitee__isnull=True),
                violation_error_message="Un départ, et lui seul, a une date souhaitée.",
            ),
            models.CheckConstraint(
                name="habilitation_refus_motive",
                condition=Q(statut=S.REFUSEE) & ~Q(motif_refus="") | ~Q(statut=S.REFUSEE) & Q(motif_refus=""),
                violation_error_message="Un refus, et lui seul, a un motif.",
            ),
            TenantForeignKey(
                name="habilitation_successeur",
                columns=("successeur_id", "partenaire_id", "caisse_id"),
                to="accounts_demandehabilitation",
                to_columns=("id", "partenaire_id", "caisse_id"),
            ),
            RealmPolicy(
                name="habilitation",
                rules={
                    "partenaire": {"select": PARTENAIRE, "insert": PARTENAIRE, "update": PARTENAIRE},
                    "caisse": {"select": CAISSE, "update": CAISSE},
                    "national": {"select": "true"},
                },
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def ouverte(self) -> bool:
        """Whether the caisse has it and has not decided."""
        return self.statut in HABILITATIONS_OUVERTES

    @property
    def retirable(self) -> bool:
        """Whether the structure may still give it up: not answered, or a departure that has not happened."""
        leaving = self.nature == N.INACTIVATION and self.statut == S.ACCEPTEE and self.effectuee_le is None
        return self.ouverte or leaving
