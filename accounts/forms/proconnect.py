"""Confirming that an identity is one's own."""

from django import forms


class RelierForm(forms.Form):
    """The password of the account that is being bound."""

    mot_de_passe = forms.CharField(
        label="Mot de passe de ce compte",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
