"""The form that asks for a complément: kinds of pièce to tick, informations to name, a message."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from caisses.models import Motif, TypePiece
from portal.free_text_forms import TexteLibreField
from signalements.forms.caisse import KeyedForm
from signalements.operations.complements import ElementDemande

INFORMATIONS = 3
LONGEST_MESSAGE = 1000


@dataclass(frozen=True)
class Ligne:
    """One thing that may be asked, as the template draws it."""

    titre: str
    choix: BoundField
    details: list[BoundField]


class ComplementForm(KeyedForm):
    """What the caisse asks. An item is asked when it is ticked, an information when it is named."""

    mark_optional = False

    def __init__(self, *args: Any, types: list[TypePiece], raisons: list[Motif], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = {kind.pk: kind for kind in types}
        self.raisons = {str(raison.pk): raison for raison in raisons}
        reasons = [("", "Sans précision"), *((pk, raison.libelle) for pk, raison in self.raisons.items())]
        for kind in types:
            self.fields[f"piece_{kind.pk}"] = forms.BooleanField(label=kind.libelle, required=False)
            self.fields[f"raison_{kind.pk}"] = forms.ChoiceField(
                label="Raison", choices=reasons, required=False
            )
            self.fields[f"precision_{kind.pk}"] = _line("Précision")
        for number in range(1, INFORMATIONS + 1):
            self.fields[f"information_{number}"] = _line(f"Information {number}", 160)
        self.fields["message"] = TexteLibreField(
            label="Message à la structure",
            help_text="Laissez vide\u00a0: l’aperçu propose une introduction. La liste de ce que "
            "vous demandez la suit.",
            max_length=LONGEST_MESSAGE,
            required=False,
        )

    def pieces(self) -> list[Ligne]:
        """The kinds of pièce."""
        return [
            Ligne(
                kind.libelle,
                self[f"piece_{pk}"],
                self._with_confirmation(f"raison_{pk}", f"precision_{pk}"),
            )
            for pk, kind in self.types.items()
        ]

    def informations(self) -> list[BoundField]:
        """The lines where an information is named."""
        return self._with_confirmation(*(f"information_{number}" for number in range(1, INFORMATIONS + 1)))

    def message_fields(self) -> list[BoundField]:
        """The message, and its confirmation when it needs one."""
        return self._with_confirmation("message")

    def _with_confirmation(self, *names: str) -> list[BoundField]:
        wanted = [other for name in names for other in (name, f"{name}_confirme")]
        return [self[name] for name in wanted if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Something is asked."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.elements():
            first = f"piece_{next(iter(self.types))}" if self.types else "information_1"
            message = "Cochez au moins une pièce, ou décrivez une information à fournir."
            self.add_error(first, forms.ValidationError(message, code="rien_demande"))
        return data

    def elements(self) -> list[ElementDemande]:
        """What is asked, in the order of the page."""
        data = self.cleaned_data
        asked = [
            ElementDemande(
                libelle=kind.libelle,
                type_piece=kind,
                raison=self.raisons.get(data.get(f"raison_{pk}", "")),
                precision=data.get(f"precision_{pk}", ""),
            )
            for pk, kind in self.types.items()
            if data.get(f"piece_{pk}")
        ]
        named = (data.get(f"information_{number}", "") for number in range(1, INFORMATIONS + 1))
        return asked + [ElementDemande(libelle=text) for text in named if text]

    def ticked(self) -> list[str]:
        """The kinds of pièce ticked so far, whether the rest is right or not."""
        names = ((kind.libelle, self.add_prefix(f"piece_{pk}")) for pk, kind in self.types.items())
        return [libelle for libelle, name in names if name in self.data]

    def propose_message(self) -> None:
        """Write the proposed text into an empty message."""
        name = self.add_prefix("message")
        if not self.cleaned_data.get("message"):
            text = proposed_text(self.elements())
            self.data = self.data.copy()
            self.data[name] = self.cleaned_data["message"] = text


def _line(label: str, max_length: int = 300) -> TexteLibreField:
    return TexteLibreField(label=label, max_length=max_length, required=False, widget=forms.TextInput)


def proposed_text(elements: list[ElementDemande]) -> str:
    """An introduction to what is asked; the structure reads the list below it."""
    what = "l’élément demandé" if len(elements) == 1 else "les éléments demandés"
    return f"Bonjour,\nPour poursuivre le traitement de cette demande, il nous manque {what}."
