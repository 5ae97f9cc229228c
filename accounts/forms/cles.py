"""The name of a passkey."""

from django import forms


class CleForm(forms.Form):
    """What its holder calls it."""

    nom = forms.CharField(
        label="Nom de la clé d’accès",
        max_length=64,
        help_text="Pour la reconnaître. Exemple\u00a0: clé USB du bureau.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
