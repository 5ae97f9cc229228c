"""Forms of the page where the caisse prepares a document."""

from django import forms

from portal.free_text_forms import TexteLibreField
from signalements.forms.keyed import KeyedForm


class FichierForm(KeyedForm):
    """A file to give."""

    prefix = "fichier"
    fichier = forms.FileField(
        label="Fichier à remettre",
        help_text="PDF, JPEG, PNG ou HEIC, 10 Mo au plus. Il est analysé, puis marqué au nom de la structure.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.heic"}),
        allow_empty_file=True,
        error_messages={"required": "Choisissez un fichier."},
    )


class ProductionForm(KeyedForm):
    """What the agent adds to a document the portal lays out."""

    prefix = "production"
    texte = TexteLibreField(
        label="Texte à ajouter",
        max_length=1000,
        required=False,
        help_text="Ni numéro de sécurité sociale, ni donnée de santé. Le portail n’ajoute aucun droit de lui-même.",
    )
