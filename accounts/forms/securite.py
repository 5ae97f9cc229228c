"""The form by which a structure tells its caisse of a fraud, a theft or a loss."""

from django import forms

from accounts.enums import MOTIFS_SECURITE, MotifInactivation
from accounts.forms.comptes import DomainErrorMixin
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField


class SignalementSecuriteForm(DomainErrorMixin, ConfirmableTextMixin, forms.Form):
    """What happened, and to which account; never anything about a person helped."""

    motif = forms.ChoiceField(
        label="Que s’est-il passé\u00a0?",
        widget=forms.RadioSelect,
        choices=[(motif.value, motif.label) for motif in MOTIFS_SECURITE],
        error_messages={"required": "Choisissez ce qui s’est passé."},
    )
    faits = TexteLibreField(
        label="Faits",
        required=False,
        max_length=2000,
        help_text="Quand et comment vous l’avez constaté. Rien sur une personne accompagnée.",
    )

    def chosen(self) -> MotifInactivation:
        """The motif chosen."""
        return MotifInactivation(self.cleaned_data["motif"])
