"""What a question adds to the envelope (domaine.md §5.1)."""

from django.db import models

from portal.free_text_fields import TexteLibreModelField
from signalements.models.base import OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande

LONGEST_MESSAGE = 2000


class Question(OfDemande):
    """The question asked. `objet` is a code of the list OBJET_CONTACT, so that it outlives its edition."""

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="question", db_constraint=False
    )
    objet = models.CharField("objet", max_length=40)
    message = TexteLibreModelField("message", max_length=LONGEST_MESSAGE)

    register = ("The question asked to the caisse (art. 1.2)", "as the demande")

    class Meta:
        verbose_name = "question"
        verbose_name_plural = "questions"
        constraints = tenant_constraints(
            "question", caisse=seen_through("signalements_demande", "demande_id")
        )

    def __str__(self) -> str:
        return f"Question {self.demande_id}"
