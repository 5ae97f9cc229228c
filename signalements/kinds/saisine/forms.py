"""The situation signalled: forms of the saisine (domaine.md §5.2, §4.3, §5.3)."""

from typing import Any

from django import forms

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.free_text_forms import TexteLibreField
from signalements.forms.enveloppe import (
    ACCORD,
    URGENCE,
    CasesField,
    EnveloppeForm,
    TelephoneField,
    columns,
    short_text,
)
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
    URGENCE,
    ACCORD,
)
"""The blocks of the step, in order, with their fields."""


class SituationForm(EnveloppeForm):
    """The difficulties, what is known of the rights, how to reach the person, the urgency, the agreement."""

    SECTIONS = SECTIONS
    DEPENDS = {**EnveloppeForm.DEPENDS, "types_soins": f"difficultes={RENONCEMENT}"}

    difficultes = CasesField(label="Difficultés rencontrées")
    types_soins = CasesField(
        label="Soins concernés",
        required=False,
        help_text="Si la personne renonce à des soins. N’indiquez ni maladie, ni diagnostic.",
        widget=columns(),
    )
    causes = CasesField(label="Causes", required=False, widget=columns())
    demarches_faites = CasesField(label="Démarches déjà faites", required=False, widget=columns())
    description = TexteLibreField(
        label="Description factuelle",
        max_length=1000,
        required=False,
        help_text=(
            "Aucune information non pertinente, inadéquate ou excessive\u00a0; aucune donnée de santé. "
            "La personne peut demander à lire ce commentaire."
        ),
    )
    droits_base = forms.ChoiceField(
        label="Ses droits de base sont-ils ouverts\u00a0?",
        choices=OuiNonInconnu.choices,
        widget=forms.RadioSelect,
        initial=OuiNonInconnu.INCONNU,
    )
    complementaire = forms.ChoiceField(
        label="Sa complémentaire", choices=Complementaire.choices, initial=Complementaire.INCONNU
    )
    medecin_traitant = forms.ChoiceField(
        label="A-t-elle déclaré un médecin traitant\u00a0?",
        choices=OuiNonInconnu.choices,
        widget=forms.RadioSelect,
        initial=OuiNonInconnu.INCONNU,
    )
    hebergement = forms.ChoiceField(
        label="Son logement", required=False, choices=[("", "Non précisé"), *Hebergement.choices]
    )
    canal_prefere = forms.ChoiceField(
        label="Comment la personne préfère-t-elle être contactée\u00a0?",
        choices=CanalPrefere.choices,
        widget=forms.RadioSelect,
    )
    telephone = TelephoneField(
        required=False,
        help_text="Demandé, sauf si la caisse passe par votre structure. Exemple\u00a0: 06 39 98 12 34.",
    )
    plages_rappel = CasesField(
        label="Quand la rappeler\u00a0?",
        required=False,
        choices=PlageRappel.choices,
        widget=columns(),
    )
    courriel = forms.EmailField(
        label="Adresse électronique de la personne",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    commune = short_text("Commune", 100)
    langue_interprete = short_text("Langue, si un interprète est utile", 40)

    def __init__(self, *args: Any, caisse: Caisse, motifs: dict[str, list[Motif]], **kwargs: Any) -> None:
        super().__init__(*args, caisse=caisse, motifs=motifs, **kwargs)
        for name, liste in LISTES.items():
            self.offer(name, motifs[liste.value])
        if not caisse.types_soins_visibles:
            del self.fields["types_soins"]

    def clean(self) -> dict[str, Any]:
        """What depends on several answers."""
        data = super().clean()
        if "telephone" not in self.errors and not data.get("telephone"):
            if data.get("canal_prefere") and data["canal_prefere"] != CanalPrefere.PARTENAIRE:
                self.add_error(
                    "telephone",
                    forms.ValidationError(
                        "Saisissez le téléphone de la personne, ou choisissez un contact par votre structure. "
                        "Exemple\u00a0: 06 39 98 12 34.",
                        code="required",
                    ),
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
