"""The outbox: a mail is a row until it has left."""

from django.conf import settings
from django.db import models

from portal.identifiers import uuid7
from portal.tenancy.policies import RealmPolicy


class Courriel(models.Model):
    """A mail to send: who, which event, which reference and link. Never any personal data.

    `cle` makes an event announced once to each recipient, however often it is queued.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cle = models.CharField("clé", max_length=160)
    evenement = models.CharField("événement", max_length=48)
    # No constraint in the database: recipients are read from the accounts in the statement that queues the mail, and
    # checking each of them again took a tenth of the sweeps' time. One that is gone is given up at the sending.
    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        db_constraint=False,
        verbose_name="destinataire",
        related_name="+",
        db_index=False,
    )
    adresse = models.EmailField("adresse d’équipe", blank=True)
    reference = models.CharField("référence", max_length=24, blank=True)
    lien = models.CharField("lien", max_length=300, blank=True)
    donnees = models.JSONField("données", default=dict)
    caisse_id = models.BigIntegerField("caisse", null=True)
    partenaire_id = models.BigIntegerField("structure", null=True)
    cree_le = models.DateTimeField("créé le")
    recapitulatif = models.BooleanField("dans le récapitulatif", default=False)
    a_envoyer_le = models.DateTimeField("à envoyer le")
    envoye_le = models.DateTimeField("envoyé le", null=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    erreur = models.CharField("dernière erreur", max_length=200, blank=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-cree_le", "-id"]
        indexes = [
            models.Index(
                fields=["recapitulatif", "a_envoyer_le", "id"],
                name="courriel_a_envoyer",
                condition=models.Q(envoye_le__isnull=True, abandonne_le__isnull=True),
            ),
            models.Index(
                fields=["destinataire", "a_envoyer_le"],
                name="courriel_recapitulatif",
                condition=models.Q(recapitulatif=True, envoye_le__isnull=True, abandonne_le__isnull=True),
            ),
        ]
        constraints = [
            # Not on the field: it would bring a second index, for LIKE.
            models.UniqueConstraint(fields=["cle"], name="courriel_cle_unique"),
            models.CheckConstraint(
                name="courriel_un_destinataire",
                condition=models.Q(destinataire__isnull=False) ^ ~models.Q(adresse=""),
                violation_error_message="Un courriel va à un compte ou à une équipe.",
            ),
            RealmPolicy(
                name="courriel",
                rules={
                    "connexion": {"insert": "true"},
                    "partenaire": {"insert": "true"},
                    "caisse": {"insert": "true"},
                    "national": {"insert": "true"},
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evenement} {self.reference}".strip()
