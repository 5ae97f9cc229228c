"""The form of a reply template, and the insertion of one into a text being written."""

from typing import Any

from django import forms

from caisses.enums import MomentModele
from caisses.models import ModeleReponse
from caisses.variables import VARIABLES, check_template
from portal.errors import DomainError
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from signalements.kinds.registry import kinds
from signalements.operations.modeles import Modele

PALETTE = ", ".join(f"{{{name}}} ({words})" for name, words in VARIABLES.items())


class ModeleForm(ConfirmableTextMixin, forms.Form):
    """A reply template."""

    nom = forms.CharField(
        label="Nom", max_length=80, help_text="Tel que l’agent le choisit. Exemple\u00a0: Pièce illisible."
    )
    moment = forms.ChoiceField(label="Moment", choices=MomentModele.choices, widget=forms.RadioSelect)
    fonctions = forms.MultipleChoiceField(
        label="Services",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun coché\u00a0: le modèle est proposé pour tous les services.",
    )
    texte = TexteLibreField(
        label="Texte",
        max_length=1000,
        help_text=f"Variables possibles\u00a0: {PALETTE}. N’y mettez rien qui concerne une personne.",
    )
    actif = forms.BooleanField(label="Proposer ce modèle aux agents", required=False, initial=True)

    def __init__(self, *args: Any, modele: ModeleReponse | None = None, **kwargs: Any) -> None:
        if modele is not None:
            kwargs["initial"] = {
                "nom": modele.nom,
                "moment": modele.moment,
                "fonctions": modele.fonctions,
                "texte": modele.texte,
                "actif": modele.actif,
            }
        super().__init__(*args, **kwargs)
        self.fields["fonctions"].choices = [(kind.fonction, kind.titre) for kind in kinds().values()]
        self.fields["texte"].widget.attrs["rows"] = 10

    def clean_texte(self) -> str:
        """The text; a variable that is not of the palette is named."""
        texte: str = self.cleaned_data["texte"]
        try:
            check_template(texte)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        return texte

    def modele(self) -> Modele:
        """What was written."""
        data = self.cleaned_data
        return Modele(data["nom"], data["moment"], data["texte"], data["fonctions"], data["actif"])


def with_text_added(form: Any, champ: str, texte: str) -> None:
    """Put a text after what was typed in a field of a bound form, and draw the form as it stands, not judged."""
    name = form.add_prefix(champ)
    typed = form.data.get(name, "").rstrip()
    form.data = form.data.copy()
    form.data[name] = f"{typed}\n\n{texte}" if typed else texte
    form.show_as_typed()
    form.fields[champ].widget.attrs["autofocus"] = True
