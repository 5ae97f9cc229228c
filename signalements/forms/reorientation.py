"""The forms that put a demande right: its urgency, its team, its service, its caisse. Cleaning only."""

from typing import Any

from django import forms

from caisses.models import Caisse, Equipe, Motif
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from portal.ui.dates import DateTroisChamps
from signalements.kinds.registry import Kind
from signalements.models import Demande
from signalements.operations.reorientation import Urgence


def _raison() -> TexteLibreField:
    return TexteLibreField(
        label="Raison",
        help_text="La structure lit cette raison. N’y mettez ni numéro de sécurité sociale, ni donnée de santé.",
        max_length=500,
    )


class UrgenceForm(ConfirmableTextMixin, forms.Form):
    """Whether the demande is urgent, and why."""

    prefix = "urgence"
    motif = forms.ChoiceField(label="Urgence", widget=forms.RadioSelect)
    date_limite = DateTroisChamps(label="Date limite connue", required=False)
    raison = _raison()

    def __init__(self, *args: Any, demande: Demande, motifs: list[Motif], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motifs = {motif.code: motif for motif in motifs}
        self.fields["motif"].choices = [
            ("NON", "La demande n’est pas urgente"),
            *((code, motif.libelle) for code, motif in self.motifs.items()),
        ]
        current = demande.motif_urgence.code if demande.motif_urgence else "NON"
        self.fields["motif"].initial = current
        self.fields["date_limite"].initial = demande.date_limite

    def urgence(self) -> Urgence:
        """What was chosen."""
        data = self.cleaned_data
        limite = data["date_limite"]
        return Urgence(self.motifs.get(data["motif"]), limite.date if limite else None)


class EquipeForm(forms.Form):
    """The team that takes the demande over."""

    prefix = "equipe"
    equipe = forms.TypedChoiceField(label="Équipe", coerce=int)

    def __init__(self, *args: Any, equipes: list[Equipe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipe"].choices = [("", "Choisir une équipe"), *((one.pk, one.nom) for one in equipes)]


class ServiceForm(ConfirmableTextMixin, forms.Form):
    """The service as one of which the demande is treated."""

    prefix = "service"
    fonction = forms.ChoiceField(label="Service", widget=forms.RadioSelect)
    raison = _raison()

    def __init__(self, *args: Any, services: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fonction"].choices = [(kind.fonction, kind.titre) for kind in services]


class CaisseForm(ConfirmableTextMixin, forms.Form):
    """The caisse a demande is passed on to."""

    prefix = "caisse"
    caisse = forms.TypedChoiceField(label="Caisse", coerce=int)
    raison = _raison()

    def __init__(self, *args: Any, caisses: list[Caisse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caisse"].choices = [("", "Choisir une caisse"), *((one.pk, one.nom) for one in caisses)]
