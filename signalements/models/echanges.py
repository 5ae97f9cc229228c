"""Messages between the structure and the caisse, and what the caisse keeps for itself."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.free_text_fields import TexteLibreModelField
from signalements.enums import CanalContact, Cote, ResultatContact
from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class Message(OfDemande):
    """A message of the thread, read by both sides.

    `relance`: the structure asks where a late demande stands; its text is what the portal wrote for it.
    """

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="messages", db_constraint=False, db_index=False
    )
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cote = models.CharField("côté", max_length=10, choices=Cote.choices)
    texte = TexteLibreModelField("texte", max_length=2000)
    le = models.DateTimeField("le")
    lu_le = models.DateTimeField("lu par l’autre côté le", null=True)
    relance = models.BooleanField("relance de la caisse", default=False, db_default=False)

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["le", "id"]
        indexes = [
            models.Index(
                fields=["partenaire", "cote"],
                name="message_non_lu_partenaire",
                condition=Q(lu_le__isnull=True),
            ),
            models.Index(
                fields=["caisse", "cote"], name="message_non_lu_caisse", condition=Q(lu_le__isnull=True)
            ),
            models.Index(fields=["demande", "le"], name="message_demande"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["demande", "cle"], name="message_cle_unique"),
            *tenant_constraints("message"),
        ]

    def __str__(self) -> str:
        return f"Message de la demande {self.demande_id}"


class NoteInterne(OfDemande):
    """A note of the caisse. The structure's role has no policy on this table: it never sees it."""

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="notes", db_constraint=False, db_index=False
    )
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    texte = TexteLibreModelField("texte", max_length=2000)
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["le", "id"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "cle"], name="note_cle_unique"),
            *tenant_constraints("note", partenaire=None),
        ]

    def __str__(self) -> str:
        return f"Note de la demande {self.demande_id}"


class Contact(OfDemande):
    """An attempt to reach the person, recorded by the conseiller; the structure does not see it."""

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="contacts", db_constraint=False, db_index=False
    )
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    canal = models.CharField("canal", max_length=12, choices=CanalContact.choices)
    resultat = models.CharField("résultat", max_length=16, choices=ResultatContact.choices)
    note = TexteLibreModelField("note", max_length=500, blank=True)
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "contact avec la personne"
        verbose_name_plural = "contacts avec la personne"
        ordering = ["le", "id"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "cle"], name="contact_cle_unique"),
            *tenant_constraints("contact", partenaire=None),
        ]

    def __str__(self) -> str:
        return f"Contact de la demande {self.demande_id}"
