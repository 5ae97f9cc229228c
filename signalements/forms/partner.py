"""Forms of the technicien on a demande that was sent."""

import uuid
from typing import Any

from django import forms

from accounts.models import Utilisateur
from caisses.models import Motif
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from signalements.forms.keyed import KeyedForm
from signalements.models import ElementComplement
from signalements.operations.completion import ReponseElement


class EcritForm(KeyedForm):
    """A text to the caisse. It is never lost for want of its key: then it has a new one."""

    cle = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_cle(self) -> uuid.UUID:
        """The key; a new one when the form came without."""
        found: uuid.UUID | None = self.cleaned_data["cle"]
        return found or uuid.uuid4()


class MessageForm(EcritForm):
    """A message to the caisse."""

    texte = TexteLibreField(
        label="Votre message",
        max_length=2000,
        help_text="N’indiquez ni numéro de sécurité sociale, ni donnée de santé.",
    )


class AjoutForm(MessageForm):
    """A message that brings a pièce to a demande under way, written from a draft that it replaces."""

    supprimer = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, brouillon: str, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "cle": uuid.uuid4(),
            "texte": "Bonjour,\nVoici un élément de plus pour cette demande.",
            "supprimer": True,
        }
        super().__init__(*args, **kwargs)
        self.fields["supprimer"].label = f"Supprimer le brouillon {brouillon}, devenu inutile"
        self.fields["supprimer"].mark_optional = False  # type: ignore[attr-defined]
        if not brouillon:
            del self.fields["supprimer"]


class RelanceForm(EcritForm):
    """What may be added to the polite text of a relance."""

    precision = TexteLibreField(
        label="Ajouter une précision",
        max_length=500,
        required=False,
        help_text="N’indiquez ni numéro de sécurité sociale, ni donnée de santé.",
    )


class AnnulationForm(ConfirmableTextMixin, forms.Form):
    """Why a demande is cancelled."""

    motif = forms.ChoiceField(label="Pourquoi annulez-vous cette demande\u00a0?", widget=forms.RadioSelect)
    precision = TexteLibreField(label="Précision", max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, motifs: list[Motif], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motifs = {motif.code: motif for motif in motifs}
        motif = self.fields["motif"]
        assert isinstance(motif, forms.ChoiceField)  # noqa: S101 declared above
        motif.choices = [(motif.code, motif.libelle) for motif in motifs]


class ComplementForm(ConfirmableTextMixin, forms.Form):
    """The answer to a complément: for each asked item a text, or why the pièce is missing."""

    def __init__(
        self, *args: Any, elements: list[ElementComplement], absences: list[Motif], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.elements = elements
        self.absences = {motif.code: motif for motif in absences}
        for element in elements:
            self._add_fields(element)
        self.fields["message"] = TexteLibreField(label="Message à la caisse", max_length=1000, required=False)

    def _add_fields(self, element: ElementComplement) -> None:
        if element.type_piece_id is None:
            answer = TexteLibreField(label="Votre réponse", max_length=1000, required=False)
            answer.mark_optional = False  # type: ignore[attr-defined]
            self.fields[f"texte_{element.pk}"] = answer
            return
        choices = [("", "J’ai cette pièce"), *((code, m.libelle) for code, m in self.absences.items())]
        self.fields[f"absence_{element.pk}"] = forms.ChoiceField(
            label="Je n’ai pas cette pièce\u00a0: pourquoi\u00a0?", choices=choices, required=False
        )
        self.fields[f"absence_{element.pk}"].mark_optional = False  # type: ignore[attr-defined]

    def field_of(self, element: ElementComplement) -> forms.BoundField:
        """The field that answers an item."""
        return self[self.field_name(element)]

    def confirmation_of(self, element: ElementComplement) -> forms.BoundField | None:
        """The confirmation a doubtful answer calls for."""
        name = f"{self.field_name(element)}_confirme"
        return self[name] if name in self.fields else None

    def field_name(self, element: ElementComplement) -> str:
        """The name of the field that answers an item."""
        return f"{'texte' if element.type_piece_id is None else 'absence'}_{element.pk}"

    def reponses(self) -> dict[int, ReponseElement]:
        """The answers, by item."""
        data = self.cleaned_data
        return {
            element.pk: ReponseElement(
                texte=data.get(f"texte_{element.pk}", ""),
                absence=self.absences.get(data.get(f"absence_{element.pk}", "")),
            )
            for element in self.elements
        }


class SuiveurForm(forms.Form):
    """Which colleague is told of a demande."""

    compte = forms.TypedChoiceField(
        label="Collègue à prévenir",
        coerce=int,
        help_text="Un technicien de votre structure, dont le compte est actif.",
    )

    def __init__(self, *args: Any, collegues: list[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        compte = self.fields["compte"]
        assert isinstance(compte, forms.TypedChoiceField)  # noqa: S101 declared above
        names = [(collegue.pk, collegue.get_full_name()) for collegue in collegues]
        compte.choices = [("", "Choisissez un collègue"), *names]
