"""Forms of the permanences. Cleaning only."""

from typing import Any

from django import forms

from caisses.models import Caisse
from partners.models import Partenaire
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from signalements.forms.enveloppe import CasesField, columns, short_text
from signalements.kinds.rendez_vous.enums import Jour, NaturePermanence
from signalements.kinds.rendez_vous.fields import HeureField, JourField
from signalements.kinds.rendez_vous.models import Permanence
from signalements.kinds.rendez_vous.plage_forms import number

RECURRENTE = f"nature={NaturePermanence.RECURRENTE}"


class PermanenceForm(ConfirmableTextMixin, forms.Form):
    """What the caisse proposes to a structure."""

    DEPENDS = {"au": RECURRENTE, "jours": RECURRENTE, "semaines": RECURRENTE}

    partenaire = forms.ChoiceField(label="Structure")
    nature = forms.ChoiceField(label="Nature", choices=NaturePermanence.choices, widget=forms.RadioSelect)
    du = JourField(label="Premier jour")
    au = JourField(label="Dernier jour", required=False, help_text="Pour une permanence régulière.")
    jours = CasesField(label="Jours de la semaine", choices=Jour.choices, required=False)
    semaines = number("Toutes les combien de semaines\u00a0?", 1, 8, 1, "1\u00a0: chaque semaine.")
    heure_debut = HeureField(label="De")
    heure_fin = HeureField(label="À")
    lieu = short_text("Lieu, dans les locaux de la structure", 300, required=True)
    public = short_text(
        "Public attendu",
        200,
        help_text="Exemple\u00a0: une vingtaine de personnes, familles hébergées. Aucun nom, aucune donnée de santé.",
    )
    capacite = number("Personnes reçues au plus, par jour", 1, 60, 10)
    intervenants = short_text(
        "Qui vient de la caisse",
        200,
        required=True,
        help_text="Exemple\u00a0: deux agents d’accès aux droits.",
    )
    avec_caf = forms.BooleanField(
        label="La Caf vient aussi",
        required=False,
        help_text="Chaque organisme reçoit séparément\u00a0: aucune donnée n’est échangée entre eux.",
    )
    interprete = short_text("Interprète présent, en quelle langue", 80)

    def __init__(self, *args: Any, structures: list[Partenaire], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partenaire"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez une structure"),
            *((str(found.pk), str(found)) for found in structures),
        ]

    def clean(self) -> dict[str, Any]:
        """What a regular permanence needs; an end after its start."""
        data = super().clean() or self.cleaned_data
        if data.get("nature") == NaturePermanence.RECURRENTE:
            if not data.get("au") and "au" not in self.errors:
                self.add_error("au", "Saisissez le dernier jour de la permanence.")
            if not data.get("jours"):
                self.add_error("jours", "Cochez au moins un jour.")
        if data.get("du") and data.get("au") and data["au"] < data["du"]:
            self.add_error("au", "Le dernier jour vient après le premier.")
        if data.get("heure_debut") and data.get("heure_fin") and data["heure_fin"] <= data["heure_debut"]:
            self.add_error("heure_fin", "La fin vient après le début.")
        return data

    def lignes(self) -> list[tuple[forms.BoundField, str]]:
        """The fields to draw, each with the answer it depends on, for `reveal.js`."""
        return [(self[name], self.DEPENDS.get(name, "")) for name in self.fields]

    def build(self, caisse: Caisse) -> Permanence:
        """The permanence, not saved."""
        data = self.cleaned_data
        names = ("nature", "du", "semaines", "heure_debut", "heure_fin", "lieu", "capacite")
        return Permanence(
            caisse=caisse,
            partenaire_id=int(data["partenaire"]),
            au=data["au"] or data["du"],
            jours=[int(jour) for jour in data["jours"]],
            **{name: data[name] for name in (*names, "intervenants", "avec_caf", "interprete", "public")},
        )


class ReponseForm(ConfirmableTextMixin, forms.Form):
    """What the structure answers: who of its own will be there, or why it refuses or cancels."""

    accompagnants = short_text(
        "Travailleurs sociaux présents",
        200,
        help_text="Leur fonction, ou combien. Exemple\u00a0: deux conseillères en économie sociale et familiale.",
    )
    raison = TexteLibreField(
        label="Raison",
        max_length=300,
        required=False,
        help_text="Demandée pour refuser ou annuler. L’autre partie la lit.",
    )

    def __init__(self, *args: Any, a_repondre: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not a_repondre:
            del self.fields["accompagnants"]


class BilanForm(forms.Form):
    """What came of a day."""

    recus = number("Personnes reçues", 0, 500, 0)
    dossiers = number("Dossiers faits", 0, 500, 0)


class DossiersForm(forms.Form):
    """The demandes grouped for a day, in the order of the list."""

    demandes = CasesField(label="Demandes à regrouper", required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["demandes"].choices = choices  # type: ignore[attr-defined]
        self.fields["demandes"].widget = columns()
        self.fields["demandes"].widget.choices = choices
