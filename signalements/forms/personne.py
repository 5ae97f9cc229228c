"""The person helped: the identity block every kind of demande shares (domaine.md §4.2). Never a NIR."""

from typing import Any

from django import forms

from caisses.models import Caisse
from portal.departements import departement_choices
from portal.ui.dates import DatePartielle, DateTroisChamps, TroisChampsWidget
from portal.validators import LONGEST_NAME, normalise_person_name
from signalements.enums import CivilitePersonne, RaisonDoublon
from signalements.forms.drafts import DraftForm, RawStep
from signalements.models import Personne
from signalements.queries.doublons import Identite

OFF = {"autocomplete": "off", "spellcheck": "false"}


class NomField(forms.CharField):
    """A family or given name of the person helped; the browser never remembers it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_NAME, widget=forms.TextInput(attrs=dict(OFF)), **kwargs)

    def clean(self, value: Any) -> str:
        """The name in its stored form."""
        text: str = super().clean(value)
        return normalise_person_name(text) if text else ""


class PersonneForm(DraftForm):
    """Who the person is."""

    civilite = forms.ChoiceField(label="Civilité", choices=CivilitePersonne.choices, widget=forms.RadioSelect)
    nom_naissance = NomField(
        label="Nom de naissance", help_text="N’indiquez pas le numéro de sécurité sociale."
    )
    nom_usage = NomField(
        label="Nom d’usage", required=False, help_text="S’il est différent du nom de naissance."
    )
    prenom = NomField(label="Prénom")
    naissance = DateTroisChamps(label="Date de naissance", unknown_allowed=True)
    departement = forms.ChoiceField(
        label="Département de résidence", widget=forms.Select(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, caisse: Caisse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        naissance = self.fields["naissance"]
        assert isinstance(naissance, DateTroisChamps)  # noqa: S101 declared above
        naissance.latest = caisse.today
        departement = self.fields["departement"]
        assert isinstance(departement, forms.ChoiceField)  # noqa: S101 declared above
        departement.choices = [("", "Choisissez un département"), *departement_choices()]

    def identite(self) -> Identite | None:
        """What tells the person apart, once the names and the date are right."""
        data = self.cleaned_data
        if not (data.get("nom_naissance") and data.get("prenom") and data.get("naissance")):
            return None
        naissance: DatePartielle = data["naissance"]
        return Identite.read(data["nom_naissance"], data.get("nom_usage", ""), data["prenom"], naissance.date)

    def fields_of_personne(self) -> dict[str, Any]:
        """The fields of `Personne` this form gives."""
        naissance: DatePartielle = self.cleaned_data["naissance"]
        names = ("civilite", "nom_naissance", "nom_usage", "prenom", "departement")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "naissance": naissance.date,
            "naissance_precision": naissance.precision.value,
        }


class DoublonForm(forms.Form):
    """Why a demande is made although one is open: asked only then."""

    raison_doublon = forms.ChoiceField(
        label="Pourquoi faire une nouvelle demande\u00a0?",
        choices=RaisonDoublon.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Ouvrez la demande en cours, ou indiquez pourquoi vous en faites une nouvelle."
        },
    )


def typed_personne(personne: Personne) -> RawStep:
    """The step of the person as it would have been typed, from the person of a demande that was sent."""
    naissance = DatePartielle.from_date(personne.naissance, personne.naissance_precision)
    parts = (naissance.jour, naissance.mois, naissance.annee)
    names = [f"naissance{suffix}" for suffix in TroisChampsWidget().widgets_names]
    fields = ("civilite", "nom_naissance", "nom_usage", "prenom", "departement")
    return {
        **{name: [getattr(personne, name)] for name in fields},
        **{name: [str(part or "")] for name, part in zip(names, parts, strict=True)},
    }
