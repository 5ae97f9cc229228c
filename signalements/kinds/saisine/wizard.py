"""The steps of a saisine: their forms, and how a draft is read whole."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.errors import DomainError
from portal.free_text_forms import CountFinding
from signalements.enums import Etape
from signalements.forms.drafts import DraftForm, typed_data
from signalements.forms.personne import DoublonForm, PersonneForm
from signalements.kinds.saisine.forms import SituationForm
from signalements.models import Brouillon, Demande
from signalements.operations.sending import DemandeComplete, Enveloppe
from signalements.queries.referentiel import motifs_of

STEPS_WITH_FORM = (Etape.PERSONNE, Etape.SITUATION)
DOUBLON = "raison_doublon"


class IncompleteDraft(DomainError):
    """A step is missing or wrong; `etape` says which comes first."""

    def __init__(self, etape: str) -> None:
        super().__init__(
            "Des réponses manquent ou sont à corriger avant l’envoi.", code="brouillon_incomplet"
        )
        self.etape = etape


@dataclass
class SaisineSteps:
    """The forms of one draft of a saisine."""

    caisse: Caisse
    brouillon: Brouillon
    count: CountFinding | None = None
    _motifs: dict[str, list[Motif]] | None = None

    @property
    def motifs(self) -> dict[str, list[Motif]]:
        """The reference lists of the situation, read once."""
        if self._motifs is None:
            self._motifs = motifs_of(
                self.caisse,
                ListeMotifs.DIFFICULTE,
                ListeMotifs.SOINS,
                ListeMotifs.CAUSE,
                ListeMotifs.DEMARCHE,
                ListeMotifs.URGENCE,
            )
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
        return SituationForm(data, motifs=self.motifs, **kwargs)

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

    def raison_doublon(self) -> str:
        """The reason given for a demande that looks like another, if it is one of the list."""
        form = DoublonForm(typed_data(self.stored(Etape.PERSONNE)))
        return str(form.cleaned_data[DOUBLON]) if form.is_valid() else ""

    def first_wrong(self) -> str | None:
        """The first step that is missing or wrong."""
        return next((etape.value for etape in STEPS_WITH_FORM if not self.judged(etape).is_valid()), None)


def read_saisine(demande: Demande, brouillon: Brouillon) -> DemandeComplete:
    """A locked draft read whole; what `submit_demande` needs.

    Raises:
        IncompleteDraft: a step is missing or wrong.
    """
    steps = SaisineSteps(demande.caisse, brouillon)
    personne, situation = steps.judged(Etape.PERSONNE), steps.judged(Etape.SITUATION)
    for etape, form in ((Etape.PERSONNE, personne), (Etape.SITUATION, situation)):
        if not form.is_valid():
            raise IncompleteDraft(etape)
    assert isinstance(personne, PersonneForm)  # noqa: S101 made above
    assert isinstance(situation, SituationForm)  # noqa: S101 made above
    data = situation.cleaned_data
    limite = data["date_limite"]
    urgente = data["urgente"]
    return DemandeComplete(
        personne={**personne.fields_of_personne(), **situation.fields_of_personne()},
        enveloppe=Enveloppe(
            accord_le=data["accord_le"].date,
            accord_mode=data["accord_mode"],
            information_donnee=data["information_donnee"],
            accord_recueilli=data["accord_recueilli"],
            urgente=urgente,
            motif_urgence=situation.urgences[data["motif_urgence"]] if urgente else None,
            date_limite=limite.date if limite and urgente else None,
        ),
        situation=situation.build_saisine(),
        raison_doublon=steps.raison_doublon(),
    )
