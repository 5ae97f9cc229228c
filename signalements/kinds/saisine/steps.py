"""The steps of a saisine."""

from caisses.enums import Fonction, ListeMotifs
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.saisine.forms import SituationForm
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.sending import DemandeComplete


class SaisineSteps(Steps):
    """The person, the situation, the pièces, the check."""

    fonction = Fonction.SAISINE
    situation_form = SituationForm
    listes = (ListeMotifs.DIFFICULTE, ListeMotifs.SOINS, ListeMotifs.CAUSE, ListeMotifs.DEMARCHE)

    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """The saisine and what its form says on the demande."""
        assert isinstance(situation, SituationForm)  # noqa: S101 `situation_form` above
        return DemandeComplete(enveloppe=situation.enveloppe(), situation=situation.build_saisine())
