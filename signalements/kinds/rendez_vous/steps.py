"""The steps of a draft that asks for an appointment."""

from typing import Any

from django.http import QueryDict

from caisses.enums import Fonction
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.rendez_vous.forms import SituationForm
from signalements.kinds.rendez_vous.queries import agences_of, motifs_for
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.sending import DemandeComplete


class RendezVousSteps(Steps):
    """The person, the appointment, the pièces, the check."""

    fonction = Fonction.RENDEZ_VOUS
    situation_form = SituationForm

    def make_situation(self, data: QueryDict | None, **kwargs: Any) -> EnveloppeForm:
        """With the motifs and agences of the caisse."""
        return SituationForm(
            data,
            motifs=self.motifs,
            motifs_rdv=motifs_for(self.caisse),
            agences=agences_of(self.caisse),
            **kwargs,
        )

    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """The appointment and what its form says on the demande."""
        assert isinstance(situation, SituationForm)  # noqa: S101 made above
        return DemandeComplete(enveloppe=situation.enveloppe(), situation=situation.build())
