"""The journal: one row per sign-in, refusal, consultation, download and act. Rows are never changed."""

from django.db import models

from portal.identifiers import uuid7
from portal.tenancy.policies import CAISSE, RealmPolicy


class Verbe(models.TextChoices):
    """What can happen, as the journal says it."""

    CONNEXION = "connexion", "Connexion"
    CONNEXION_REFUSEE = "connexion_refusee", "Connexion refusée"
    DECONNEXION = "deconnexion", "Déconnexion"
    SECOND_FACTEUR = "second_facteur", "Second facteur"
    ACCES_REFUSE = "acces_refuse", "Accès refusé"
    CONSULTATION = "consultation", "Consultation"
    RECHERCHE = "recherche", "Recherche"
    TELECHARGEMENT = "telechargement", "Téléchargement"
    EXPORT = "export", "Export"
    CREATION = "creation", "Création"
    MODIFICATION = "modification", "Modification"
    TRANSITION = "transition", "Changement de statut"
    MESSAGE = "message", "Message"
    PIECE = "piece", "Pièce"
    COMPTE = "compte", "Compte"
    CGU = "cgu", "Conditions d’utilisation"
    GARDE_FOU = "garde_fou", "Garde-fou de saisie"
    BALAYAGE = "balayage", "Tâche périodique"


class Evenement(models.Model):
    """An event of the journal. It holds ids and codes, never the text of what was written.

    Without foreign keys: the journal outlives what it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    le = models.DateTimeField("le", db_index=True)
    verbe = models.CharField("verbe", max_length=24, choices=Verbe.choices)
    acteur_id = models.BigIntegerField("compte", null=True)
    role = models.CharField("rôle", max_length=24, blank=True)
    caisse_id = models.BigIntegerField("caisse", null=True)
    partenaire_id = models.BigIntegerField("structure", null=True)
    objet = models.CharField("objet", max_length=40, blank=True)
    objet_id = models.CharField("identifiant de l’objet", max_length=64, blank=True)
    details = models.JSONField("détails", default=dict)
    adresse = models.GenericIPAddressField("adresse", null=True)

    table_privileges = {"*": "SELECT, INSERT"}

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "journal"
        ordering = ["-le", "-id"]
        indexes = [
            models.Index(fields=["caisse_id", "-le"], name="evenement_caisse"),
            models.Index(fields=["objet", "objet_id", "-le"], name="evenement_objet"),
            models.Index(
                fields=["acteur_id", "-le"],
                name="evenement_compte",
                condition=models.Q(acteur_id__isnull=False),
            ),
        ]
        constraints = [
            RealmPolicy(
                name="evenement",
                rules={
                    "connexion": {"insert": "true"},
                    "partenaire": {"insert": "partenaire_id = {tenant} OR partenaire_id IS NULL"},
                    "caisse": {"select": CAISSE, "insert": "caisse_id = {tenant} OR caisse_id IS NULL"},
                    "national": {"select": "true", "insert": "true"},
                },
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verbe_display()} {self.objet} {self.objet_id}".strip()
