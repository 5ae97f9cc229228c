"""Forms that choose a password; the policy is checked by the operation."""

from django import forms

NEW_PASSWORD = {"autocomplete": "new-password", "aria-describedby": "regles"}


class NouveauMotDePasseForm(forms.Form):
    """A new password, typed twice."""

    mot_de_passe = forms.CharField(
        label="Nouveau mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
    )
    confirmation = forms.CharField(
        label="Nouveau mot de passe, une seconde fois",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("mot_de_passe"), cleaned.get("confirmation")
        if password and again and password != again:
            self.add_error("confirmation", "Les deux saisies sont différentes. Recommencez.")
        return cleaned


class ChangementMotDePasseForm(NouveauMotDePasseForm):
    """The same, after the current password."""

    mot_de_passe_actuel = forms.CharField(
        label="Mot de passe actuel",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["mot_de_passe_actuel", "mot_de_passe", "confirmation"]
