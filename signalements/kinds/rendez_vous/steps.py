"""The steps of a draft that asks for an appointment."""

from functools import partial
from typing import Any

from django.http import QueryDict

from accounts.enums import Profil
from accounts.memberships import Membership
from caisses.enums import Fonction
from signalements.enums import Etape
from signalements.forms.drafts import DraftForm
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.rendez_vous.forms import SituationForm
from signalements.kinds.rendez_vous.operations.agenda import book_slot
from signalements.kinds.rendez_vous.queries import agences_of, motifs_for
from signalements.kinds.rendez_vous.slots import free_slots
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.sending import DemandeComplete


class RendezVousSteps(Steps):
    """The person, the appointment, the pièces, the check."""

    fonction = Fonction.RENDEZ_VOUS
    situation_form = SituationForm

    def make_situation(self, data: QueryDict | None, **kwargs: Any) -> EnveloppeForm:
        """With the motifs, the agences and the free slots of the caisse, those of the chosen motif if it is known."""
        motif = data.get("motif", "") if data is not None else ""
        return SituationForm(
            data,
            motifs=self.motifs,
            motifs_rdv=motifs_for(self.caisse),
            agences=agences_of(self.caisse),
            libres=free_slots(self.caisse, self.brouillon.partenaire_id, motif or "")
            if self.caisse.rendez_vous_reservation
            else [],
            **kwargs,
        )

    def tient_la_promesse(self, judged: dict[Etape, DraftForm]) -> bool:
        """A chosen slot is a date already."""
        situation = judged[Etape.SITUATION]
        return isinstance(situation, SituationForm) and situation.is_valid() and situation.books

    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """The appointment and what its form says on the demande; a chosen slot is booked with the sending."""
        assert isinstance(situation, SituationForm)  # noqa: S101 made above
        apres = None
        if situation.books:
            apres = partial(_book, cle=situation.cleaned_data["creneau"])
        return DemandeComplete(enveloppe=situation.enveloppe(), situation=situation.build(), apres=apres)


def _book(demande: Demande, *, cle: str) -> None:
    """Book in the name of whoever sends."""
    assert demande.auteur is not None  # noqa: S101 just set by the sending
    sender = Membership(demande.auteur, Profil.TECHNICIEN, partenaire=demande.partenaire)
    book_slot(demande, actor=sender, cle=cle)
