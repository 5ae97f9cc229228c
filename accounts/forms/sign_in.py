"""Forms of the sign-in: identifiant and password, code, link."""

from django import forms


class ConnexionForm(forms.Form):
    """An identifiant and a password; whether they go together is another matter."""

    identifiant = forms.CharField(
        label="Identifiant",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_identifiant(self) -> str:
        return self.cleaned_data["identifiant"].lower()


class CodeForm(forms.Form):
    """A code of the application, six digits typed in one or two groups."""

    code = forms.RegexField(
        r"^\s*\d{3}\s*\d{3}\s*$",
        label="Code à usage unique",
        max_length=12,
        error_messages={
            "invalid": "Saisissez les 6 chiffres affichés par votre application. Exemple : 123 456."
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "ep-w-s"}
        ),
    )


class CodeSecoursForm(forms.Form):
    """A recovery code."""

    code = forms.RegexField(
        r"^\s*[0-9A-Za-z]{5}[-\s]*[0-9A-Za-z]{5}\s*$",
        label="Code de secours",
        max_length=16,
        error_messages={
            "invalid": "Saisissez les 10 caractères d’un code de secours. Exemple : 7K3M4-9QX2A."
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "ep-w-m",
            }
        ),
    )


class LienForm(forms.Form):
    """Whose link: by identifiant, or by e-mail address when it is forgotten."""

    compte = forms.CharField(
        label="Identifiant ou adresse électronique professionnelle",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
