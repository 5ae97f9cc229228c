"""The steps of a question: what it is about comes first, the person only when there is one."""

from typing import Any

from django.http import QueryDict

from caisses.enums import Fonction, ListeMotifs
from signalements.enums import Etape
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.contact.enums import Portee
from signalements.kinds.contact.forms import QuestionForm
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.sending import DemandeComplete


class QuestionSteps(Steps):
    """The question, the person it is about if there is one, the pièces, the check."""

    fonction = Fonction.CONTACT
    situation_form = QuestionForm
    listes = (ListeMotifs.OBJET_CONTACT,)
    premiere = Etape.SITUATION
    titres = {Etape.SITUATION: "Votre question"}

    def sequence(self) -> tuple[Etape, ...]:
        """The person's step stands only for a question about somebody."""
        portee = self.stored(Etape.SITUATION).get("portee", [])
        personne = (Etape.PERSONNE,) if portee == [Portee.PERSONNE.value] else ()
        return (Etape.SITUATION, *personne, Etape.PIECES, Etape.VERIFICATION)

    def annoncees(self) -> tuple[Etape, ...]:
        """See Steps; the person is counted whether the question is about somebody or not."""
        return (Etape.SITUATION, Etape.PERSONNE, Etape.PIECES, Etape.VERIFICATION)

    def make_situation(self, data: QueryDict | None, **kwargs: Any) -> EnveloppeForm:
        """The form of the question; begun from the demande of somebody, it is about them."""
        if data is None and self.stored(Etape.PERSONNE):
            kwargs["initial"] = {"portee": Portee.PERSONNE.value}
        return super().make_situation(data, **kwargs)

    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """The question and what its form says on the demande."""
        assert isinstance(situation, QuestionForm)  # noqa: S101 `situation_form` above
        return DemandeComplete(enveloppe=situation.enveloppe(), situation=situation.build_question())
