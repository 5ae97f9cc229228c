"""What is asked of whoever takes away somebody's second factor."""

from django import forms

IDENTITE = {
    "label": "J’ai vérifié que c’est bien cette personne qui me le demande",
    "help_text": "De vive voix, ou en la rappelant à un numéro que vous connaissiez déjà. Jamais sur un "
    "simple message.",
    "error_messages": {"required": "Vérifiez d’abord que c’est bien cette personne qui vous le demande."},
}


class RepriseForm(forms.Form):
    """That the person who asks is the holder of the account."""

    identite_verifiee = forms.BooleanField(**IDENTITE)
