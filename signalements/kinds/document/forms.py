"""Which document, then what it asks for, the way it is given, the urgency and the agreement."""

from typing import Any

from django import forms

from caisses.models import Caisse, Motif
from documents.catalogue import warnings_for
from documents.models import EntreeCatalogue
from signalements.forms.drafts import DraftForm
from signalements.forms.enveloppe import ACCORD, URGENCE, EnveloppeForm
from signalements.kinds.document.catalogue import modes_of
from signalements.kinds.document.fields import (
    PREFIX,
    answers_in_words,
    depends_of,
    form_fields,
    judge,
    names_of,
    read_answers,
)
from signalements.kinds.document.models import DemandeDocument

ENDED = "Ce document n’est plus au catalogue. Choisissez-en un autre à l’étape «\u00a0Le document\u00a0»."


class ChoixForm(DraftForm):
    """Which document of the catalogue."""

    document = forms.ChoiceField(
        label="Quel document demandez-vous\u00a0?",
        widget=forms.RadioSelect(attrs={"class": "ep-choices--cards"}),
        error_messages={
            "required": "Choisissez un document.",
            "invalid_choice": "Ce document n’est pas proposé à votre structure. Choisissez-en un de la liste.",
        },
    )

    def __init__(self, *args: Any, caisse: Caisse, entrees: list[EntreeCatalogue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = [(entree.code, entree.libelle) for entree in entrees]
        field.widget.hints = {entree.code: entree.aide for entree in entrees if entree.aide}  # type: ignore[attr-defined]


class DocumentForm(EnveloppeForm):
    """What the chosen document asks for."""

    remise = forms.ChoiceField(
        label="Comment la personne souhaite-t-elle le recevoir\u00a0?",
        widget=forms.RadioSelect,
        help_text="La caisse choisit selon ce qui est possible.",
    )

    def __init__(
        self,
        *args: Any,
        caisse: Caisse,
        motifs: dict[str, list[Motif]],
        entree: EntreeCatalogue | None,
        sortants: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, caisse=caisse, motifs=motifs, **kwargs)
        self.entree = entree
        self.champs = entree.champs_lus if entree else ()
        names: list[str] = []
        depends = dict(self.DEPENDS)
        for champ in self.champs:
            names += names_of(champ)
            depends |= dict.fromkeys(names_of(champ), depends_of(champ))
            self.fields.update(form_fields(champ, caisse))
        modes = modes_of(entree, sortants=sortants) if entree else []
        self.choice("remise").choices = [(mode.value, mode.label) for mode in modes]
        self.DEPENDS = depends
        title = entree.libelle if entree else "Le document"
        self.SECTIONS = ((title, (*names, "remise")), URGENCE, ACCORD)

    def clean(self) -> dict[str, Any]:
        """What depends on several answers, and that the document can still be asked for."""
        data = super().clean()
        if self.entree is None:
            raise forms.ValidationError(ENDED, code="hors_catalogue")
        for name, message in judge(self.champs, self.answers(), self.caisse.today()).items():
            if name not in self.errors:
                self.add_error(name, message)
        return data

    def answers(self) -> dict[str, Any]:
        """The answers to the document's own fields, by code."""
        return read_answers(self.champs, self.cleaned_data)

    def warnings(self, naissance: Any = None, civilite: str = "") -> list[str]:
        """What to warn of, given the person as far as they are known."""
        if self.entree is None:
            return []
        return warnings_for(
            self.entree.alertes_lues,
            answers=self.answers(),
            today=self.caisse.today(),
            naissance=naissance,
            civilite=civilite,
        )

    def build_document(self, alertes: list[str]) -> DemandeDocument:
        """The request this form gives, not saved, without its demande; the form has been cleaned."""
        assert self.entree is not None  # noqa: S101 cleaned
        return DemandeDocument(
            entree=self.entree,
            libelle=self.entree.libelle,
            reponses=[list(row) for row in answers_in_words(self.champs, self.answers())],
            alertes=alertes,
            remise=self.cleaned_data["remise"],
        )


__all__ = ["PREFIX", "ChoixForm", "DocumentForm"]
