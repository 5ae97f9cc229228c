"""The situation of an appointment: why, how, where, when, what the person needs (domaine.md §7.1)."""

from itertools import pairwise
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
from signalements.kinds.rendez_vous.fields import DisponibiliteField, offer_slots
from signalements.kinds.rendez_vous.models import MotifRendezVous, RendezVous
from signalements.kinds.rendez_vous.slots import Libre

MOST_FREE = 5
FREE = tuple(f"disponibilite_{number}" for number in range(1, MOST_FREE + 1))
AFTER = {after: f"{before}_du" for before, after in pairwise(FREE)}
"""What each further time waits for: the first day of the one before."""
ASKING = f"mode={ModeRendezVous.DEMANDE}"
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
        ("Le rendez-vous", ("motif", "mode", "creneau", "type", "telephone", "agence")),
        ("Les disponibilités", FREE),
        ("L’accueil", ("accompagnee", "accompagnant", "langue_interprete", "besoins", "precision")),
        URGENCE,
        ACCORD,
    )
    DEPENDS = {
        **EnveloppeForm.DEPENDS,
        **AFTER,
        "agence": PHYSIQUE,
        "accompagnant": "accompagnee",
        "creneau": f"mode={ModeRendezVous.RESERVATION}",
    }

    motif = forms.ChoiceField(label="Motif du rendez-vous", widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label="Comment fixer la date ?", choices=ModeRendezVous.choices, widget=forms.RadioSelect
    )
    creneau = forms.ChoiceField(
        label="Créneau",
        required=False,
        widget=forms.RadioSelect,
        help_text="Réservé à l’envoi de la demande, pour vous seul.",
        error_messages={"invalid_choice": "Ce créneau vient d’être pris. Choisissez-en un autre."},
    )
    type = forms.ChoiceField(
        label="Comment recevoir la personne ?", widget=forms.RadioSelect, initial=TypeRendezVous.TELEPHONE
    )
    agence = forms.ChoiceField(
        label="Agence", required=False, help_text="Demandée pour un rendez-vous dans une agence."
    )
    telephone = TelephoneField(
        required=False, help_text="Demandé pour un rendez-vous par téléphone. Exemple\u00a0: 06 39 98 12 34."
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
        libres: list[Libre],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, caisse=caisse, motifs=motifs, **kwargs)
        self.libres = {libre.cle: libre for libre in libres}
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
        offer_slots(self.fields["creneau"], list(self.libres.values()))
        self._keep_modes()

    def _keep_modes(self) -> None:
        """Leave out the way the caisse does not offer; with both, what either needs is asked by `clean`."""
        asking, booking = self.caisse.rendez_vous_sur_demande, self.caisse.rendez_vous_reservation
        if asking and booking:
            self.fields["type"].initial = None
            for name in ("type", FREE[0]):
                self.fields[name].required = False
            for name in ("type", FREE[0], "creneau"):
                self.fields[name].mark_optional = False  # type: ignore[attr-defined]
            return
        del self.fields["mode"]
        for name in ("type", "agence", *FREE) if booking else ("creneau",):
            del self.fields[name]

    def depends(self) -> dict[str, str]:
        """See EnveloppeForm; with a free slot to choose, the wishes are those of the other way."""
        if "mode" not in self.fields:
            return self.DEPENDS
        return {**self.DEPENDS, **dict.fromkeys(("type", FREE[0]), ASKING)}

    def depends_whole(self) -> dict[str, str]:
        """See EnveloppeForm; further times wait for the one before, none is asked of who books a slot."""
        return {"Les disponibilités": ASKING} if "mode" in self.fields else {}

    @property
    def books(self) -> bool:
        """Whether a slot is chosen rather than dates asked for; the form has been cleaned."""
        if "mode" in self.fields:
            return bool(self.cleaned_data.get("mode") == ModeRendezVous.RESERVATION)
        return "creneau" in self.fields

    def clean(self) -> dict[str, Any]:
        """A slot for this motif, or a form the motif allows and when the person is free; a telephone to call."""
        data = super().clean()
        if self.books:
            self._check_slot(data)
        elif "type" in self.fields:
            self._check_wish(data)
        if data.get("accompagnant") and not data.get("accompagnee"):
            data["accompagnant"] = ""
        return data

    def _check_slot(self, data: dict[str, Any]) -> None:
        libre = self.libres.get(data.get("creneau") or "")
        if libre is None:
            if "creneau" not in self.errors:
                self.add_error("creneau", "Choisissez un créneau de la liste.")
            return
        if libre.plage.motifs and data.get("motif") not in libre.plage.motifs:
            self.add_error("creneau", "Ce créneau ne reçoit pas ce motif. Choisissez-en un autre.")
        self._require_phone(data, libre.plage.type)

    def _check_wish(self, data: dict[str, Any]) -> None:
        type_, motif = data.get("type"), self.motifs_rdv.get(data.get("motif") or "")
        if not data.get(FREE[0]) and FREE[0] not in self.errors:
            self.add_error(FREE[0], "Indiquez au moins un jour où la personne est disponible.")
        if not type_:
            if "type" not in self.errors:
                self.add_error("type", "Choisissez comment recevoir la personne.")
            return
        if motif is not None and type_ not in motif.types:
            allowed = ", ".join(str(TypeRendezVous(code).label).lower() for code in motif.types)
            self.add_error("type", f"Pour ce motif, la personne est reçue : {allowed}.")
        self._require_phone(data, type_)
        if "agence" not in self.errors:
            try:
                check_agence(self.caisse, type_, self.agences.get(data.get("agence") or ""))
            except DomainError as error:
                self.add_error("agence", error.message)

    def _require_phone(self, data: dict[str, Any], type_: str) -> None:
        if type_ == TypeRendezVous.TELEPHONE and not data.get("telephone") and "telephone" not in self.errors:
            self.add_error(
                "telephone",
                "Saisissez le téléphone de la personne : la caisse l’appelle. Exemple : 06 39 98 12 34.",
            )

    def build(self) -> RendezVous:
        """The appointment this form gives, not saved, without its demande."""
        data = self.cleaned_data
        if self.books:
            plage = self.libres[data["creneau"]].plage
            type_, agence, free = plage.type, plage.agence, []
        else:
            type_, free = data["type"], self.free_days()
            agence = self.agences[data["agence"]] if type_ == TypeRendezVous.PHYSIQUE else None
        return RendezVous(
            mode=ModeRendezVous.RESERVATION if self.books else ModeRendezVous.DEMANDE,
            type=type_,
            motif=self.motifs_rdv[data["motif"]],
            agence=agence,
            disponibilites=free,
            **{
                name: data[name]
                for name in ("accompagnee", "accompagnant", "langue_interprete", "besoins", "precision")
            },
        )
