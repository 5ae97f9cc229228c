"""The preferences of an account."""

from typing import Any

from django import forms

from accounts.enums import FrequenceCourriels
from portal.ui.display import DENSITIES, THEMES


class PreferencesForm(forms.Form):
    """How often mails come, and how pages look."""

    frequence_courriels = forms.ChoiceField(
        label="Courriels",
        choices=FrequenceCourriels.choices,
        widget=forms.RadioSelect,
        help_text="Les messages urgents et ceux qui touchent à la sécurité de votre compte partent toujours "
        "tout de suite.",
    )
    theme = forms.ChoiceField(label="Thème", choices=list(THEMES.items()), widget=forms.RadioSelect)
    densite = forms.ChoiceField(
        label="Présentation", choices=list(DENSITIES.items()), widget=forms.RadioSelect
    )
    raccourcis = forms.BooleanField(
        label="Activer les raccourcis clavier",
        required=False,
        help_text="Des touches pour passer d’une demande à l’autre, sans effet dans les champs de saisie.",
    )

    def __init__(self, *args: Any, handles_demandes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not handles_demandes:
            del self.fields["raccourcis"]
