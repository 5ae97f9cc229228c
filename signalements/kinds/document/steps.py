"""The steps of a document request: which document, for whom, what it asks for, the pièces, the check."""

from typing import Any

from django.http import QueryDict

from caisses.enums import Fonction
from documents.models import EntreeCatalogue
from portal.ui.dates import DatePartielle
from signalements.enums import Etape
from signalements.forms.drafts import DraftForm
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.document.catalogue import entries_of, may_receive
from signalements.kinds.document.forms import ChoixForm, DocumentForm
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.sending import DemandeComplete


class DocumentSteps(Steps):
    """The document comes first: its fields and its warnings depend on it."""

    fonction = Fonction.DOCUMENT
    situation_form = DocumentForm
    premiere = Etape.CHOIX
    titres = {Etape.CHOIX: "Le document", Etape.SITUATION: "La demande"}
    _entrees: list[EntreeCatalogue] | None = None

    def sequence(self) -> tuple[Etape, ...]:
        """The document first."""
        return (Etape.CHOIX, Etape.PERSONNE, Etape.SITUATION, Etape.PIECES, Etape.VERIFICATION)

    @property
    def entrees(self) -> list[EntreeCatalogue]:
        """What may be asked for today, read once."""
        if self._entrees is None:
            self._entrees = entries_of(self.caisse, self.brouillon.partenaire)
        return self._entrees

    @property
    def entree(self) -> EntreeCatalogue | None:
        """The document that was chosen, while it is still offered."""
        chosen = self.stored(Etape.CHOIX).get("document", [])
        return next((entree for entree in self.entrees if [entree.code] == chosen), None)

    @property
    def delai_propre(self) -> int | None:
        """That of the document, if it has one."""
        return self.entree.delai_jours if self.entree else None

    def form(self, etape: str, data: QueryDict | None = None) -> DraftForm:
        """The form of a step; that of the choice is this kind's own."""
        if etape == Etape.CHOIX:
            return ChoixForm(
                data, caisse=self.caisse, entrees=self.entrees, count=self.count if data is not None else None
            )
        return super().form(etape, data)

    def make_situation(self, data: QueryDict | None, **kwargs: Any) -> EnveloppeForm:
        """The form of what the chosen document asks for."""
        sortants = may_receive(self.brouillon.partenaire_id, self.caisse)
        return DocumentForm(data, motifs=self.motifs, entree=self.entree, sortants=sortants, **kwargs)

    def alertes(self, judged: dict[Etape, DraftForm]) -> list[str]:
        """What to warn of before sending; the forms have been cleaned."""
        situation, personne = judged.get(Etape.SITUATION), judged.get(Etape.PERSONNE)
        if not isinstance(situation, DocumentForm):
            return []
        data = personne.cleaned_data if personne is not None else {}
        naissance = data.get("naissance")
        day = naissance.date if isinstance(naissance, DatePartielle) else None
        return situation.warnings(day, data.get("civilite", ""))

    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """The request and what its form says on the demande."""
        assert isinstance(situation, DocumentForm)  # noqa: S101 made above
        forms: dict[Etape, DraftForm] = {
            Etape.SITUATION: situation,
            Etape.PERSONNE: self.judged(Etape.PERSONNE),
        }
        forms[Etape.PERSONNE].is_valid()
        return DemandeComplete(
            enveloppe=situation.enveloppe(),
            situation=situation.build_document(self.alertes(forms)),
        )
