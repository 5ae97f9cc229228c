"""The form of a plage, and the filters of the list of appointments."""

from typing import Any

from django import forms

from accounts.models import Utilisateur
from caisses.models import Agence, Caisse
from partners.models import Partenaire
from portal.ui.light_select import LightSelect
from signalements.forms.enveloppe import CasesField, columns
from signalements.kinds.rendez_vous.enums import Jour, TypeRendezVous
from signalements.kinds.rendez_vous.fields import HeureField, JourField, offer_slots
from signalements.kinds.rendez_vous.models import MotifRendezVous, PlageHoraire
from signalements.kinds.rendez_vous.slots import Libre

FILTER = {"class": "form-select"}


def number(label: str, low: int, high: int, initial: int, help_text: str = "") -> forms.IntegerField:
    """A small number."""
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        initial=initial,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "ep-w-s"}),
    )


class PlageForm(forms.Form):
    """Hours open to booking."""

    type = forms.ChoiceField(label="Forme", widget=forms.RadioSelect)
    agence = forms.ChoiceField(label="Agence", required=False)
    agent = forms.ChoiceField(label="Avec qui\u00a0?", required=False)
    partenaire = forms.ChoiceField(label="Réservée à une structure", required=False)
    motifs = CasesField(
        label="Motifs reçus",
        required=False,
        widget=columns(),
        help_text="Tous, si aucun n’est coché.",
    )
    du = JourField(label="Premier jour")
    au = JourField(label="Dernier jour", help_text="Le même que le premier pour une plage d’un jour.")
    jours = CasesField(label="Jours de la semaine", choices=Jour.choices)
    heure_debut = HeureField(label="De")
    heure_fin = HeureField(label="À")
    duree = number("Durée d’un créneau, en minutes", 5, 240, 30)
    capacite = number("Personnes par créneau", 1, 20, 1)
    preavis_min = number("Réservable au moins (jours ouvrés avant)", 0, 30, 2)
    preavis_max = number("Réservable au plus (jours avant)", 1, 180, 60)
    active = forms.BooleanField(label="Ouverte à la réservation", required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        caisse: Caisse,
        agences: list[Agence],
        agents: list[Utilisateur],
        structures: list[Partenaire],
        motifs: list[MotifRendezVous],
        plage: PlageHoraire | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(plage) if plage else None
        super().__init__(*args, **kwargs)
        self.caisse = caisse
        self.agences = {str(agence.pk): agence for agence in agences}
        self._offer(
            "type", [c for c in TypeRendezVous.choices if c[0] != "VISIO" or caisse.rendez_vous_visio]
        )
        self._offer("agence", [("", "Aucune"), *((pk, a.nom) for pk, a in self.agences.items())])
        self._offer(
            "agent",
            [("", "Personne en particulier"), *((str(a.pk), a.get_full_name()) for a in agents)],
        )
        self._offer("partenaire", [("", "Toutes"), *((str(p.pk), str(p)) for p in structures)])
        self._offer("motifs", [(m.code, m.libelle) for m in motifs])

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An end after its start, at least one slot, a structure for its own premises."""
        data = super().clean() or self.cleaned_data
        if data.get("du") and data.get("au") and data["au"] < data["du"]:
            self.add_error("au", "Le dernier jour vient après le premier.")
        start, end = data.get("heure_debut"), data.get("heure_fin")
        if start and end:
            minutes = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute)
            if minutes <= 0:
                self.add_error("heure_fin", "La fin vient après le début.")
            elif data.get("duree") and minutes < data["duree"]:
                self.add_error("duree", "La plage est plus courte que son premier créneau.")
        if data.get("type") == TypeRendezVous.PHYSIQUE and not data.get("agence"):
            self.add_error("agence", "Choisissez l’agence qui reçoit.")
        if data.get("type") == TypeRendezVous.PERMANENCE and not data.get("partenaire"):
            self.add_error("partenaire", "Choisissez la structure chez qui la caisse se déplace.")
        if data.get("au") and data["au"] < self.caisse.today() and data.get("active"):
            self.add_error("au", "Ce jour est déjà passé.")
        return data

    def fill(self, plage: PlageHoraire) -> PlageHoraire:
        """Put what was given in a plage, not saved."""
        data = self.cleaned_data
        for name in ("type", "motifs", "du", "au", "heure_debut", "heure_fin", "duree", "capacite"):
            setattr(plage, name, data[name])
        for name in ("preavis_min", "preavis_max", "active"):
            setattr(plage, name, data[name])
        physique = data["type"] == TypeRendezVous.PHYSIQUE
        plage.agence = self.agences[data["agence"]] if physique else None
        plage.agent_id = int(data["agent"]) if data["agent"] else None
        plage.partenaire_id = int(data["partenaire"]) if data["partenaire"] else None
        plage.jours = [int(jour) for jour in data["jours"]]
        return plage


def _initial(plage: PlageHoraire) -> dict[str, Any]:
    names = ("type", "motifs", "du", "au", "duree", "capacite", "preavis_min", "preavis_max", "active")
    return {
        **{name: getattr(plage, name) for name in names},
        "heure_debut": f"{plage.heure_debut:%H:%M}",
        "heure_fin": f"{plage.heure_fin:%H:%M}",
        "jours": [str(jour) for jour in plage.jours],
        "agence": str(plage.agence_id or ""),
        "agent": str(plage.agent_id or ""),
        "partenaire": str(plage.partenaire_id or ""),
    }


class FiltresForm(forms.Form):
    """What narrows the list of appointments."""

    agence = forms.ChoiceField(label="Agence", required=False, widget=LightSelect(FILTER))
    agent = forms.ChoiceField(label="Agent", required=False, widget=LightSelect(FILTER))

    def __init__(
        self, *args: Any, agences: list[Agence], agents: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(agence.pk), agence.nom) for agence in agences]
        people = [(str(pk), name) for pk, name in agents]
        self.fields["agence"].choices = [("", "Toutes"), *places]  # type: ignore[attr-defined]
        self.fields["agent"].choices = [("", "Tous"), ("moi", "Moi"), *people]  # type: ignore[attr-defined]


class CreneauForm(forms.Form):
    """A slot to choose."""

    creneau = forms.ChoiceField(
        label="Créneau libre",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Ce créneau vient d’être pris. Choisissez-en un autre."},
    )

    def __init__(self, *args: Any, libres: list[Libre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_slots(self.fields["creneau"], libres)
