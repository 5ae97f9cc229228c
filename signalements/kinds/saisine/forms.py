"""The situation signalled: forms of the saisine (domaine.md §5.2, §4.3, §5.3)."""

from typing import Any

from django import forms

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.free_text_forms import TexteLibreField
from portal.ui.dates import DatePartielle, DateTroisChamps
from portal.validators import normalise_phone
from signalements.enums import ModeAccord
from signalements.forms.drafts import DraftForm
from signalements.kinds.saisine.enums import (
    CanalPrefere,
    Complementaire,
    Hebergement,
    OuiNonInconnu,
    PlageRappel,
)
from signalements.kinds.saisine.models import Saisine

RENONCEMENT = "RENONCEMENT_SOINS"
LISTES = {
    "difficultes": ListeMotifs.DIFFICULTE,
    "types_soins": ListeMotifs.SOINS,
    "causes": ListeMotifs.CAUSE,
    "demarches_faites": ListeMotifs.DEMARCHE,
}
SECTIONS = (
    ("Les difficultés", ("difficultes", "types_soins", "causes", "demarches_faites", "description")),
    ("Les droits connus", ("droits_base", "complementaire", "medecin_traitant", "hebergement")),
    (
        "Joindre la personne",
        ("canal_prefere", "telephone", "plages_rappel", "courriel", "commune", "langue_interprete"),
    ),
    ("L’urgence", ("urgente", "motif_urgence", "date_limite")),
    ("L’information et l’accord", ("information_donnee", "accord_recueilli", "accord_le", "accord_mode")),
)
"""The blocks of the step, in order, with their fields."""
DEPENDS = {
    "types_soins": f"difficultes={RENONCEMENT}",
    "motif_urgence": "urgente",
    "date_limite": "urgente",
}
"""What only matters after an answer to another field, for `reveal.js`."""


class CasesField(forms.MultipleChoiceField):
    """Several answers among a list, as checkboxes."""

    widget = forms.CheckboxSelectMultiple


def _columns() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "ep-choices--columns"})


def _short(label: str, limit: int, **kwargs: Any) -> TexteLibreField:
    return TexteLibreField(
        label=label,
        max_length=limit,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **kwargs,
    )


class SituationForm(DraftForm):
    """The difficulties, what is known of the rights, how to reach the person, the urgency, the agreement."""

    difficultes = CasesField(label="Difficultés rencontrées")
    types_soins = CasesField(
        label="Soins concernés",
        required=False,
        help_text="Si la personne renonce à des soins. N’indiquez ni maladie, ni diagnostic.",
        widget=_columns(),
    )
    causes = CasesField(label="Causes", required=False, widget=_columns())
    demarches_faites = CasesField(label="Démarches déjà faites", required=False, widget=_columns())
    description = TexteLibreField(
        label="Description factuelle",
        max_length=1000,
        required=False,
        help_text=(
            "Aucune information non pertinente, inadéquate ou excessive ; aucune donnée de santé. "
            "La personne peut demander à lire ce commentaire."
        ),
    )
    droits_base = forms.ChoiceField(
        label="Ses droits de base sont-ils ouverts ?",
        choices=OuiNonInconnu.choices,
        widget=forms.RadioSelect,
        initial=OuiNonInconnu.INCONNU,
    )
    complementaire = forms.ChoiceField(
        label="Sa complémentaire", choices=Complementaire.choices, initial=Complementaire.INCONNU
    )
    medecin_traitant = forms.ChoiceField(
        label="A-t-elle déclaré un médecin traitant ?",
        choices=OuiNonInconnu.choices,
        widget=forms.RadioSelect,
        initial=OuiNonInconnu.INCONNU,
    )
    hebergement = forms.ChoiceField(
        label="Son logement", required=False, choices=[("", "Non précisé"), *Hebergement.choices]
    )
    canal_prefere = forms.ChoiceField(
        label="Comment la personne préfère-t-elle être contactée ?",
        choices=CanalPrefere.choices,
        widget=forms.RadioSelect,
    )
    telephone = forms.CharField(
        label="Téléphone de la personne",
        max_length=40,
        required=False,
        help_text="Demandé, sauf si la caisse passe par votre structure. Exemple : 06 39 98 12 34.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "ep-w-m"}),
    )
    plages_rappel = CasesField(
        label="Quand la rappeler ?",
        required=False,
        choices=PlageRappel.choices,
        widget=_columns(),
    )
    courriel = forms.EmailField(
        label="Adresse électronique de la personne",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    commune = _short("Commune", 100)
    langue_interprete = _short("Langue, si un interprète est utile", 40)
    urgente = forms.BooleanField(label="La situation est urgente", required=False)
    motif_urgence = forms.ChoiceField(
        label="Pourquoi est-ce urgent ?", required=False, help_text="Demandé si la situation est urgente."
    )
    date_limite = DateTroisChamps(
        label="Date limite connue",
        objet=" limite",
        required=False,
        year_min=2020,
        latest=None,
        help_text="Exemple : 14 3 2027.",
    )
    information_donnee = forms.BooleanField(
        label=(
            "La personne est informée que ses données sont transmises à la caisse, de leur usage et de ses droits"
        )
    )
    accord_recueilli = forms.BooleanField(label="La personne est d’accord avec cette demande")
    accord_le = DateTroisChamps(
        label="Date de l’accord", objet=" de l’accord", year_min=2020, help_text="Exemple : 14 3 2026."
    )
    accord_mode = forms.ChoiceField(
        label="Comment l’accord a été donné", choices=ModeAccord.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, caisse: Caisse, motifs: dict[str, list[Motif]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, liste in LISTES.items():
            self._offer(name, motifs[liste.value])
        self.urgences = {motif.code: motif for motif in motifs[ListeMotifs.URGENCE.value]}
        choices = [("", "Choisissez un motif"), *((code, m.libelle) for code, m in self.urgences.items())]
        self._choice("motif_urgence").choices = choices
        accord = self.fields["accord_le"]
        assert isinstance(accord, DateTroisChamps)  # noqa: S101 declared above
        accord.latest = caisse.today
        accord.initial = caisse.today()
        self.caisse = caisse
        if not caisse.types_soins_visibles:
            del self.fields["types_soins"]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        return field

    def _offer(self, name: str, motifs: list[Motif]) -> None:
        """Offer the entries of a reference list, with their hints."""
        field = self._choice(name)
        field.choices = [(motif.code, motif.libelle) for motif in motifs]
        field.widget.hints = {motif.code: motif.aide for motif in motifs if motif.aide}  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[str, list[tuple[forms.BoundField, str]]]]:
        """The blocks to draw, each field with what it depends on; a confirmation stands after its text."""
        blocks = []
        for title, names in SECTIONS:
            bound = [
                self[name] for name in self.fields if name in names or name.removesuffix("_confirme") in names
            ]
            order = {name: place for place, name in enumerate(names)}
            bound.sort(key=lambda field: (order[field.name.removesuffix("_confirme")], field.name))
            blocks.append((title, [(field, DEPENDS.get(field.name, "")) for field in bound]))
        return blocks

    def clean_telephone(self) -> str:
        """The number as E.164, or nothing."""
        text = self.cleaned_data["telephone"].strip()
        return normalise_phone(text, allow_foreign=True) if text else ""

    def clean_date_limite(self) -> DatePartielle | None:
        """A date that is not over yet."""
        value: DatePartielle | None = self.cleaned_data["date_limite"]
        if value and value.date < self.caisse.today():
            raise forms.ValidationError("La date limite est déjà passée. Vérifiez-la.", code="annee")
        return value

    def clean(self) -> dict[str, Any]:
        """What depends on several answers."""
        data = super().clean() or self.cleaned_data
        if "telephone" not in self.errors and not data.get("telephone"):
            if data.get("canal_prefere") and data["canal_prefere"] != CanalPrefere.PARTENAIRE:
                self.add_error(
                    "telephone",
                    forms.ValidationError(
                        "Saisissez le téléphone de la personne, ou choisissez un contact par votre structure. "
                        "Exemple : 06 39 98 12 34.",
                        code="required",
                    ),
                )
        if data.get("urgente") and not data.get("motif_urgence") and "motif_urgence" not in self.errors:
            self.add_error("motif_urgence", "Choisissez le motif de l’urgence.")
        if data.get("date_limite") and not data.get("urgente"):
            self.add_error(
                "date_limite", "Une date limite rend la situation urgente : cochez-le, ou effacez la date."
            )
        return data

    def build_saisine(self) -> Saisine:
        """The saisine this form gives, not saved, without its demande."""
        data = self.cleaned_data
        soins = data.get("types_soins", []) if RENONCEMENT in data["difficultes"] else []
        names = (
            "difficultes",
            "causes",
            "demarches_faites",
            "canal_prefere",
            "plages_rappel",
            "langue_interprete",
            "hebergement",
            "droits_base",
            "complementaire",
            "medecin_traitant",
            "description",
        )
        return Saisine(types_soins=soins, **{name: data[name] for name in names})

    def fields_of_personne(self) -> dict[str, Any]:
        """How to reach the person: fields of `Personne`."""
        return {name: self.cleaned_data[name] for name in ("telephone", "courriel", "commune")}
