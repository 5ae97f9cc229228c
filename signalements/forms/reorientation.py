"""The forms that put a demande right: its urgency, its team, its service, its caisse. Cleaning only."""

from typing import Any

from django import forms

from caisses.models import Caisse, Equipe, Motif
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from signalements.forms.enveloppe import limit_day
from signalements.kinds.mouvements import Motifs
from signalements.models import Demande
from signalements.operations.reorientation import Urgence
from signalements.queries.reorientation import KindOffered


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
    date_limite = limit_day()
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


class MotifForm(ConfirmableTextMixin, forms.Form):
    """What the demande is about, within its service."""

    prefix = "motif"

    def __init__(self, *args: Any, motifs: Motifs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motif"] = motifs.champ
        self.fields["raison"] = _raison()


class EquipeForm(forms.Form):
    """The team that takes the demande over."""

    prefix = "equipe"
    equipe = forms.TypedChoiceField(label="Équipe", coerce=int)

    def __init__(self, *args: Any, equipes: list[Equipe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipe"].choices = [("", "Choisir une équipe"), *((one.pk, one.nom) for one in equipes)]


class ServiceForm(ConfirmableTextMixin, forms.Form):
    """The service as one of which the demande is treated, and what that service needs to be chosen."""

    prefix = "service"
    fonction = forms.ChoiceField(label="Service", widget=forms.RadioSelect)

    def __init__(self, *args: Any, services: list[KindOffered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {one.kind.fonction: one for one in services}
        self.fields["fonction"].choices = [(one.kind.fonction, one.kind.nom) for one in services]
        self.depends: dict[str, str] = {}
        self.requis: dict[str, str] = {}
        for one in services:
            for name, field in one.choix.items():
                key = self._key(one, name)
                self.requis[key] = str(field.error_messages["required"])
                # Needed for this service only: `clean` judges it.
                field.required, field.mark_optional = False, False
                self.fields[key] = field
                self.depends[key] = f"{self.add_prefix('fonction')}={one.kind.fonction}"
        self.fields["raison"] = _raison()

    @staticmethod
    def _key(one: KindOffered, name: str) -> str:
        return f"{one.kind.relation}_{name}"

    def lignes(self) -> list[tuple[forms.BoundField, str]]:
        """The fields to draw, each with the answer it depends on, for `reveal.js`."""
        return [(field, self.depends.get(field.name, "")) for field in self.visible_fields()]

    def clean(self) -> dict[str, Any]:
        """What the chosen service needs is chosen."""
        data = super().clean() or self.cleaned_data
        one = self.services.get(data.get("fonction", ""))
        for name in one.choix if one is not None else ():
            key = self._key(one, name)
            if not data.get(key) and key not in self.errors:
                self.add_error(key, self.requis[key])
        return data

    def choix(self) -> dict[str, Any]:
        """What was chosen for the service; the form has been cleaned."""
        one = self.services[self.cleaned_data["fonction"]]
        return {name: self.cleaned_data[self._key(one, name)] for name in one.choix}

    def name_of(self, field: str) -> str:
        """The field of this form that a refusal names."""
        one = self.services.get(self.cleaned_data.get("fonction", ""))
        return self._key(one, field) if one is not None and field in one.choix else field


class CaisseForm(ConfirmableTextMixin, forms.Form):
    """The caisse a demande is passed on to."""

    prefix = "caisse"
    caisse = forms.TypedChoiceField(label="Caisse", coerce=int)
    raison = _raison()

    def __init__(self, *args: Any, caisses: list[Caisse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caisse"].choices = [("", "Choisir une caisse"), *((one.pk, one.nom) for one in caisses)]
