"""Changes of référents: proposed by a structure, decided by the caisse, kept with their dates (métier, art. 4)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.enums import EtatChangement, NatureChangement, Partie
from partners.models.convention import Convention
from partners.models.parties import OF_CONVENTION, Referent
from portal.tenancy.policies import RealmPolicy

OWN = (
    "EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id "
    "AND c.partenaire_id = {tenant})"
)


class ChangementReferent(models.Model):
    """One change of a référent: who it was, who it becomes, and what became of the proposal."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="changements_referents")
    nature = models.CharField("nature", max_length=12, choices=NatureChangement.choices)
    partie = models.CharField("partie", max_length=10, choices=Partie.choices)
    referent = models.ForeignKey(
        Referent, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="référent concerné"
    )
    ancien_nom = models.CharField("ancien nom", max_length=160, blank=True)
    ancien_fonction = models.CharField("ancienne fonction", max_length=120, blank=True)
    ancien_courriel = models.EmailField("ancienne adresse électronique", blank=True)
    ancien_telephone = models.CharField("ancien téléphone", max_length=20, blank=True)
    nom = models.CharField("nom", max_length=160, blank=True)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    etat = models.CharField(
        "état", max_length=10, choices=EtatChangement.choices, default=EtatChangement.PROPOSE
    )
    propose_le = models.DateTimeField("proposé le")
    propose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    motif_refus = models.CharField("motif du refus", max_length=300, blank=True)
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4, unique=True)

    register = ("Who was and becomes a référent, since when (métier, art. 4)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT, INSERT, UPDATE"}

    class Meta:
        verbose_name = "changement de référent"
        verbose_name_plural = "changements de référents"
        ordering = ["-propose_le", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referent"],
                condition=Q(etat=EtatChangement.PROPOSE),
                name="changement_referent_un_ouvert",
                violation_error_message="Un changement de ce référent attend déjà la caisse.",
            ),
            models.CheckConstraint(
                name="changement_referent_decide",
                condition=Q(etat=EtatChangement.PROPOSE) ^ Q(decide_le__isnull=False),
                violation_error_message="Un changement décidé porte la date de la décision.",
            ),
            RealmPolicy(
                name="changement_referent",
                rules={
                    # A structure proposes for itself and takes back what it proposed; the caisse decides.
                    "partenaire": {
                        "select": OWN,
                        "insert": f"{OWN} AND partie = 'PARTENAIRE' AND etat = 'PROPOSE'",
                        "update": f"{OWN} AND partie = 'PARTENAIRE' AND etat IN ('PROPOSE', 'RETIRE')",
                    },
                    "caisse": OF_CONVENTION,
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.propose_le:%d/%m/%Y}"
