"""What a structure asks of the caisse about its référents."""

import uuid
from typing import Any

from django import forms

from partners.enums import NatureChangement
from partners.models import Referent
from partners.operations.referents import Coordonnees
from portal.validators import normalise_person_name, normalise_phone

N = NatureChangement
LABELS = {
    N.REMPLACEMENT: "Remplacer un référent, ou corriger ses coordonnées",
    N.AJOUT: "Ajouter un référent",
    N.RETRAIT: "Retirer un référent",
}


class ChangementReferentForm(forms.Form):
    """Which référent of the structure changes, and who it becomes."""

    mark_optional = False
    cle = forms.UUIDField(widget=forms.HiddenInput)
    nature = forms.ChoiceField(
        label="Que demandez-vous\u00a0?", choices=list(LABELS.items()), widget=forms.RadioSelect
    )
    referent = forms.ModelChoiceField(
        label="Référent concerné",
        queryset=None,
        required=False,
        widget=forms.RadioSelect,
        help_text="Pour un remplacement ou un retrait.",
    )
    nom = forms.CharField(
        label="Nom et prénom",
        max_length=160,
        required=False,
        help_text="Pour un remplacement ou un ajout.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    fonction = forms.CharField(
        label="Fonction",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    courriel = forms.EmailField(
        label="Adresse électronique professionnelle",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    telephone = forms.CharField(
        label="Téléphone professionnel",
        max_length=40,
        required=False,
        help_text="Exemple\u00a0: 03 81 00 00 00.",
        widget=forms.TextInput(attrs={"type": "tel", "class": "ep-w-m", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, referents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["referent"]
        field.queryset, field.empty_label = referents, None
        field.label_from_instance = _name
        self.initial.setdefault("cle", uuid.uuid4())

    def clean_nom(self) -> str:
        """The name in its stored form."""
        value = self.cleaned_data["nom"]
        return normalise_person_name(value) if value else ""

    def clean_telephone(self) -> str:
        """The telephone as E.164."""
        value = self.cleaned_data["telephone"]
        return normalise_phone(value) if value else ""

    def coordonnees(self) -> Coordonnees:
        """The coordinates to hand to the operation."""
        names = ("nom", "fonction", "courriel", "telephone")
        return Coordonnees(**{name: self.cleaned_data[name] for name in names})


def _name(referent: Referent) -> str:
    return ", ".join(filter(None, (referent.nom, referent.fonction, referent.courriel)))
