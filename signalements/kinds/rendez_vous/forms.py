"""The situation of an appointment: why, how, where, when, what the person needs (domaine.md §7.1)."""

from typing import Any

from django import forms

from caisses.models import Agence, Caisse, Motif
from portal.errors import DomainError
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
from signalements.kinds.rendez_vous.dates import check_agence
from signalements.kinds.rendez_vous.enums import Besoin, ModeRendezVous, TypeRendezVous
from signalements.kinds.rendez_vous.fields import DisponibiliteField
from signalements.kinds.rendez_vous.models import MotifRendezVous, RendezVous

MOST_FREE = 5
FREE = tuple(f"disponibilite_{number}" for number in range(1, MOST_FREE + 1))
PHYSIQUE = f"type={TypeRendezVous.PHYSIQUE}"


class DisponibilitesMixin:
    """Five times the person is free, the first one needed."""

    def set_up_free(self, caisse: Caisse) -> None:
        """Reckon with the days of this caisse."""
        for name in FREE:
            self.fields[name].caisse = caisse  # type: ignore[attr-defined]

    def free_days(self) -> list[list[str]]:
        """What was given, as it is stored; the form has been cleaned."""
        given = (self.cleaned_data.get(name) for name in FREE)  # type: ignore[attr-defined]
        return [list(libre) for libre in given if libre]


def free_fields() -> dict[str, DisponibiliteField]:
    """The fields of `DisponibilitesMixin`."""
    found = {}
    for rank, name in enumerate(FREE, start=1):
        help_text = (
            "Un jour, ou une période d’au plus deux mois. Les jours de fermeture ne comptent pas."
            if rank == 1
            else ""
        )
        found[name] = DisponibiliteField(
            label="Quand la personne est-elle disponible ?" if rank == 1 else f"Disponibilité {rank}",
            required=rank == 1,
            help_text=help_text,
        )
    return found


class SituationForm(DisponibilitesMixin, EnveloppeForm):
    """Why, how, where and when; what the person needs; the urgency, the agreement."""

    SECTIONS = (
        ("Le rendez-vous", ("motif", "type", "agence", "telephone")),
        ("Les disponibilités", FREE),
        ("L’accueil", ("accompagnee", "accompagnant", "langue_interprete", "besoins", "precision")),
        URGENCE,
        ACCORD,
    )
    DEPENDS = {**EnveloppeForm.DEPENDS, "agence": PHYSIQUE, "accompagnant": "accompagnee"}

    motif = forms.ChoiceField(label="Motif du rendez-vous", widget=forms.RadioSelect)
    type = forms.ChoiceField(
        label="Comment recevoir la personne ?", widget=forms.RadioSelect, initial=TypeRendezVous.TELEPHONE
    )
    agence = forms.ChoiceField(
        label="Agence", required=False, help_text="Demandée pour un rendez-vous dans une agence."
    )
    telephone = TelephoneField(
        required=False, help_text="Demandé pour un rendez-vous par téléphone. Exemple : 06 39 98 12 34."
    )
    accompagnee = forms.BooleanField(
        label="Une personne de la structure l’accompagne au rendez-vous", required=False
    )
    accompagnant = short_text("Qui l’accompagne ?", 80)
    langue_interprete = short_text("Langue, si un interprète est utile", 40)
    besoins = CasesField(
        label="Pour bien la recevoir",
        required=False,
        choices=Besoin.choices,
        widget=columns(),
        help_text="Ce qu’il faut prévoir. N’indiquez ni maladie, ni handicap.",
    )
    precision = TexteLibreField(
        label="Précision",
        max_length=500,
        required=False,
        help_text="Aucune donnée de santé. La personne peut demander à lire ce texte.",
    )

    def __init__(
        self,
        *args: Any,
        caisse: Caisse,
        motifs: dict[str, list[Motif]],
        motifs_rdv: list[MotifRendezVous],
        agences: list[Agence],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, caisse=caisse, motifs=motifs, **kwargs)
        self.motifs_rdv = {motif.code: motif for motif in motifs_rdv}
        self.agences = {str(agence.pk): agence for agence in agences}
        self.fields.update(free_fields())
        self.set_up_free(caisse)
        self.offer("motif", motifs_rdv)  # type: ignore[arg-type]
        self.choice("type").choices = [
            (code, label)
            for code, label in TypeRendezVous.choices
            if code != TypeRendezVous.VISIO or caisse.rendez_vous_visio
        ]
        self.choice("agence").choices = [
            ("", "Choisissez une agence"),
            *((pk, agence.nom) for pk, agence in self.agences.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """A form the motif allows, an open agence, a telephone to call."""
        data = super().clean()
        self._check_form(data)
        if data.get("accompagnant") and not data.get("accompagnee"):
            data["accompagnant"] = ""
        return data

    def _check_form(self, data: dict[str, Any]) -> None:
        type_, motif = data.get("type"), self.motifs_rdv.get(data.get("motif") or "")
        if not type_:
            return
        if motif is not None and type_ not in motif.types:
            allowed = ", ".join(str(TypeRendezVous(code).label).lower() for code in motif.types)
            self.add_error("type", f"Pour ce motif, la personne est reçue : {allowed}.")
        if type_ == TypeRendezVous.TELEPHONE and not data.get("telephone") and "telephone" not in self.errors:
            self.add_error(
                "telephone",
                "Saisissez le téléphone de la personne : la caisse l’appelle. Exemple : 06 39 98 12 34.",
            )
        if "agence" not in self.errors:
            try:
                check_agence(self.caisse, type_, self.agences.get(data.get("agence") or ""))
            except DomainError as error:
                self.add_error("agence", error.message)

    def build(self) -> RendezVous:
        """The appointment this form gives, not saved, without its demande."""
        data = self.cleaned_data
        agence = self.agences[data["agence"]] if data["type"] == TypeRendezVous.PHYSIQUE else None
        return RendezVous(
            mode=ModeRendezVous.DEMANDE,
            type=data["type"],
            motif=self.motifs_rdv[data["motif"]],
            agence=agence,
            disponibilites=self.free_days(),
            **{
                name: data[name]
                for name in ("accompagnee", "accompagnant", "langue_interprete", "besoins", "precision")
            },
        )
