"""The steps of a draft: which, in what order, their forms, and how a draft is read whole.

Each kind has its own subclass; the views of the wizard know nothing else of a kind.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif, TypePiece
from portal.errors import DomainError
from portal.free_text_forms import CountFinding
from signalements.enums import Etape
from signalements.forms.checklist import ChecklistForm
from signalements.forms.drafts import DraftForm, typed_data
from signalements.forms.enveloppe import EnveloppeForm
from signalements.forms.personne import DoublonForm, PersonneForm
from signalements.models import Brouillon, Demande
from signalements.operations.sending import DemandeComplete
from signalements.queries.pieces import FichierLu
from signalements.queries.referentiel import motifs_of, types_pieces_of

DOUBLON = "raison_doublon"


class IncompleteDraft(DomainError):
    """A step is missing or wrong; `etape` says which comes first."""

    def __init__(self, etape: str) -> None:
        super().__init__(
            "Des réponses manquent ou sont à corriger avant l’envoi.", code="brouillon_incomplet"
        )
        self.etape = etape


@dataclass
class Steps(ABC):
    """The forms of one draft."""

    caisse: Caisse
    brouillon: Brouillon
    count: CountFinding | None = None
    _motifs: dict[str, list[Motif]] | None = None

    fonction: ClassVar[str]
    situation_form: ClassVar[type[EnveloppeForm]]
    listes: ClassVar[tuple[ListeMotifs, ...]] = ()
    premiere: ClassVar[Etape] = Etape.PERSONNE
    etape_doublon: ClassVar[Etape] = Etape.PERSONNE
    """The step at which the person and what is asked for are both known: duplicates are looked for there."""
    titres: ClassVar[dict[Etape, str]] = {}
    templates: ClassVar[dict[Etape, str]] = {}
    """The template of a step the envelope does not draw."""
    volet_verification: ClassVar[str] = ""
    """A template drawn on the check page, above what will be sent; it reads `contexte_verification`."""

    def sequence(self) -> tuple[Etape, ...]:
        """The steps of this draft, in order, as far as it is filled in."""
        return (Etape.PERSONNE, Etape.SITUATION, Etape.PIECES, Etape.VERIFICATION)

    def annoncees(self) -> tuple[Etape, ...]:
        """The steps as the page counts them: the same from the first one to the last."""
        return self.sequence()

    def titre(self, etape: Etape) -> str:
        """The title of a step."""
        return self.titres.get(etape) or str(etape.label)

    def after(self, etape: str) -> Etape:
        """The step that follows; the last one follows itself."""
        order = self.sequence()
        return order[min(order.index(Etape(etape)) + 1, len(order) - 1)]

    def before(self, etape: str) -> Etape | None:
        """The step that comes before, if there is one."""
        order = self.sequence()
        place = order.index(Etape(etape))
        return order[place - 1] if place else None

    @property
    def with_form(self) -> tuple[Etape, ...]:
        """The steps of the draft that are a form."""
        return tuple(etape for etape in self.sequence() if etape not in (Etape.PIECES, Etape.VERIFICATION))

    @property
    def motifs(self) -> dict[str, list[Motif]]:
        """The reference lists of the situation, read once."""
        if self._motifs is None:
            self._motifs = motifs_of(self.caisse, ListeMotifs.URGENCE, *self.listes)
        return self._motifs

    def stored(self, etape: str) -> dict[str, list[str]]:
        """What the draft holds of a step."""
        found: dict[str, list[str]] = self.brouillon.donnees.get(etape, {})
        return found

    def form(self, etape: str, data: QueryDict | None = None) -> DraftForm:
        """The form of a step over `data`, empty without."""
        kwargs: dict[str, Any] = {"caisse": self.caisse, "count": self.count if data is not None else None}
        if etape == Etape.PERSONNE:
            return PersonneForm(data, **kwargs)
        return self.make_situation(data, **kwargs)

    def make_situation(self, data: QueryDict | None, **kwargs: Any) -> EnveloppeForm:
        """The form of the situation; a kind that needs more than the reference lists gives it here."""
        return self.situation_form(data, motifs=self.motifs, **kwargs)

    def shown(self, etape: str) -> DraftForm:
        """The form of a step as it was left: filled, not judged."""
        stored = self.stored(etape)
        if not stored:
            return self.form(etape)
        form = self.form(etape, typed_data(stored))
        form.show_as_typed()
        return form

    def judged(self, etape: str) -> DraftForm:
        """The form of a step over what the draft holds, to be cleaned."""
        form = self.form(etape, typed_data(self.stored(etape)))
        # What the guard sees was counted when it was typed.
        form._count_finding = None
        return form

    def edited(self, etape: str, posted: QueryDict) -> tuple[QueryDict, str] | None:
        """What becomes of a step when one of its own buttons is pressed (add a line, take one away), and the anchor
        to go back to; None when it was another button."""
        return None

    def checklist(
        self, files: Sequence[FichierLu], data: QueryDict | None = None, *, judged: bool = True
    ) -> "ChecklistForm | None":
        """The checklist of the step of the files, over `data` or what the draft holds; None for a kind without."""
        return None

    def contexte_pieces(self) -> dict[str, Any]:
        """What the step of the files says before its zones: `intro_pieces`, a sentence or two."""
        return {"intro_pieces": ""}

    def contexte_verification(
        self, judged: Mapping[Etape, DraftForm], files: Sequence[FichierLu]
    ) -> dict[str, Any]:
        """What `volet_verification` needs. `envoi_impossible` takes the button that sends away."""
        return {}

    def pieces(self) -> list[TypePiece]:
        """The kinds of pièce the step of the files offers, in order."""
        return types_pieces_of(self.caisse, self.fonction)

    def raison_doublon(self) -> str:
        """The reason given for a demande that looks like another, if it is one of the list."""
        for etape in (self.etape_doublon, Etape.PERSONNE):
            form = DoublonForm(typed_data(self.stored(etape)))
            if form.is_valid():
                return str(form.cleaned_data[DOUBLON])
        return ""

    def objet(self) -> dict[str, Any]:
        """What else than the service tells its duplicates, as a filter on the demandes, as far as it is typed."""
        return {}

    @property
    def delai_propre(self) -> int | None:
        """The delay of what is asked, in jours ouvrés, when it is not the caisse's, said before the sending."""
        return None

    def tient_la_promesse(self, judged: dict[Etape, DraftForm]) -> bool:
        """Whether the sending itself keeps what the caisse promises (a slot is booked); the forms have been cleaned."""
        return False

    def alertes(self, judged: dict[Etape, DraftForm]) -> list[str]:
        """What the check page warns of, without refusing; the forms have been cleaned."""
        return []

    @abstractmethod
    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """What is sent, from a situation found right; the person and the duplicate's reason are added by `read`.

        Raises:
            DomainError: the kind refuses it for a reason no field holds.
        """

    def read(self, demande: Demande) -> DemandeComplete:
        """A locked draft read whole; what `submit_demande` needs.

        Raises:
            IncompleteDraft: a step is missing or wrong.
            DomainError: as `complete`.
        """
        forms = {etape: self.judged(etape) for etape in self.with_form}
        for etape, form in forms.items():
            if not form.is_valid():
                raise IncompleteDraft(etape)
        situation = forms[Etape.SITUATION]
        assert isinstance(situation, EnveloppeForm)  # noqa: S101 made above
        complete = self.complete(demande, situation)
        personne = forms.get(Etape.PERSONNE)
        if isinstance(personne, PersonneForm):
            complete.personne = {**personne.fields_of_personne(), **situation.fields_of_personne()}
            complete.raison_doublon = self.raison_doublon()
            complete.objet = self.objet()
        return complete
