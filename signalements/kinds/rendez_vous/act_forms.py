"""Forms of the acts on an appointment. Cleaning only."""

from datetime import timedelta
from typing import Any

from django import forms

from accounts.models import Utilisateur
from caisses.models import Agence
from portal.errors import DomainError
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from signalements.kinds.rendez_vous.dates import Quand, check_start, moment_of
from signalements.kinds.rendez_vous.enums import TypeRendezVous
from signalements.kinds.rendez_vous.fields import HeureField, JourField
from signalements.kinds.rendez_vous.forms import AFTER, DisponibilitesMixin, free_fields
from signalements.kinds.rendez_vous.models import RendezVous
from signalements.kinds.rendez_vous.operations.fixing import MOST_PROPOSED
from signalements.kinds.rendez_vous.slots import Libre
from signalements.models import Demande

MISSING = {
    "type": "Choisissez la forme du rendez-vous.",
    "duree": "Saisissez la durée, en minutes. Exemple\u00a0: 30.",
    "jour_1": "Choisissez un créneau, ou saisissez une date.",
    "heure_1": "Choisissez un créneau, ou saisissez une heure. Exemple\u00a0: 14:30.",
}


class DatesForm(ConfirmableTextMixin, forms.Form):
    """One date or several, all of one form, with one agent."""

    type = forms.ChoiceField(label="Forme du rendez-vous", widget=forms.RadioSelect)
    agence = forms.ChoiceField(label="Agence", required=False)
    agent = forms.ChoiceField(label="Avec qui ?", required=False)
    duree = forms.IntegerField(
        label="Durée, en minutes",
        min_value=5,
        max_value=240,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "ep-w-s"}),
    )

    def __init__(
        self,
        *args: Any,
        demande: Demande,
        rendez_vous: RendezVous,
        agences: list[Agence],
        agents: list[Utilisateur],
        number: int,
        **kwargs: Any,
    ) -> None:
        initial = {
            "type": rendez_vous.type,
            "agence": str(rendez_vous.agence_id or ""),
            "duree": rendez_vous.motif.duree,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.demande, self.number = demande, number
        self.agences = {str(agence.pk): agence for agence in agences}
        allowed = [
            (code, label)
            for code, label in TypeRendezVous.choices
            if code in rendez_vous.motif.types
            and (code != TypeRendezVous.VISIO or demande.caisse.rendez_vous_visio)
        ]
        self.fields["type"].choices = allowed  # type: ignore[attr-defined]
        self.fields["agence"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez une agence"),
            *((pk, agence.nom) for pk, agence in self.agences.items()),
        ]
        self.fields["agent"].choices = [  # type: ignore[attr-defined]
            ("", "Personne en particulier"),
            *((str(agent.pk), agent.get_full_name()) for agent in agents),
        ]
        for rank in range(1, number + 1):
            which = f" {rank}" if number > 1 else ""
            self.fields[f"jour_{rank}"] = JourField(label=f"Date{which}", required=rank == 1)
            self.fields[f"heure_{rank}"] = HeureField(label=f"Heure{which}", required=rank == 1)

    def dates(self) -> list[Quand]:
        """What was given; the form has been cleaned.

        Raises:
            DomainError: an hour that does not exist that day.
        """
        data = self.cleaned_data
        agence = self.agences.get(data["agence"]) if data["type"] == TypeRendezVous.PHYSIQUE else None
        found = []
        for rank in range(1, self.number + 1):
            jour, heure = data.get(f"jour_{rank}"), data.get(f"heure_{rank}")
            if jour and heure:
                debut = moment_of(self.demande.caisse, jour, heure)
                fin = debut + timedelta(minutes=data["duree"])
                found.append(
                    Quand(debut, fin, data["type"], agence, int(data["agent"]) if data["agent"] else None)
                )
        return found

    def clean(self) -> dict[str, Any]:
        """A day and its hour go together."""
        data = super().clean() or self.cleaned_data
        for rank in range(2, self.number + 1):
            jour, heure = f"jour_{rank}", f"heure_{rank}"
            if jour in self.errors or heure in self.errors:
                continue
            if bool(data.get(jour)) != bool(data.get(heure)):
                self.add_error(
                    heure if data.get(jour) else jour, "Donnez le jour et l’heure, ou laissez les deux vides."
                )
        return data

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each day with its hour, to draw side by side."""
        return [(self[f"jour_{rank}"], self[f"heure_{rank}"]) for rank in range(1, self.number + 1)]


class ProposerForm(DatesForm):
    """One to three dates to propose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, number=MOST_PROPOSED, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Each date is told beside its own day or hour when nobody could keep it."""
        data = super().clean()
        caisse = self.demande.caisse
        for rank in range(1, self.number + 1):
            jour, heure = data.get(f"jour_{rank}"), data.get(f"heure_{rank}")
            if not (jour and heure):
                continue
            try:
                check_start(caisse, moment_of(caisse, jour, heure))
            except DomainError as error:
                self.add_error(f"{error.field}_{rank}", error.message)
        return data


class FixerForm(DatesForm):
    """The date fixed with the person: a slot the caisse published, or another hour."""

    commentaire = TexteLibreField(
        label="Précision pour la structure",
        max_length=300,
        required=False,
        help_text="La structure lit ce texte. Aucune donnée de santé.",
    )

    def __init__(self, *args: Any, libres: list[Libre], **kwargs: Any) -> None:
        super().__init__(*args, number=1, **kwargs)
        if libres:
            self._offer(libres)
        order = ["creneau", "type", "agence", "agent", "duree", "jour_1", "heure_1", "commentaire"]
        self.order_fields(order)

    def _offer(self, libres: list[Libre]) -> None:
        """The slots come first; what tells another hour is asked only without one."""
        self.fields["creneau"] = forms.ChoiceField(
            label="Créneau",
            required=False,
            choices=[("", "Une autre heure, à saisir ci-dessous"), *((row.cle, row.texte) for row in libres)],
            help_text="Un créneau publié fixe aussi la forme, le lieu et la personne qui reçoit.",
            error_messages={"invalid_choice": "Ce créneau vient d’être pris. Choisissez-en un autre."},
        )
        for name in ("creneau", "type", "duree", "jour_1", "heure_1"):
            self.fields[name].required = False
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]

    def cle(self) -> str:
        """The slot that was chosen, if one was; the form has been cleaned."""
        return str(self.cleaned_data.get("creneau") or "")

    def clean(self) -> dict[str, Any]:
        """Without a slot, an hour is told whole."""
        data = super().clean()
        if "creneau" not in self.fields or self.cle() or "creneau" in self.errors:
            return data
        for name in ("type", "duree", "jour_1", "heure_1"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, MISSING[name])
        return data


class RaisonForm(ConfirmableTextMixin, forms.Form):
    """Why the date no longer holds."""

    raison = TexteLibreField(
        label="Raison", max_length=300, help_text="L’autre partie la lit. Aucune donnée de santé."
    )


class AutresDatesForm(DisponibilitesMixin, ConfirmableTextMixin, forms.Form):
    """When the person is free, since no date suits."""

    def __init__(self, *args: Any, demande: Demande, with_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Raison" if with_reason else "Précision pour la caisse"
        self.fields["raison"] = TexteLibreField(
            label=label,
            max_length=300,
            required=with_reason,
            help_text="La caisse lit ce texte. Aucune donnée de santé.",
        )
        self.fields.update(free_fields())
        self.set_up_free(demande.caisse)

    def lignes(self) -> list[tuple[forms.BoundField, str]]:
        """Each field, and the answer it waits for."""
        return [(field, AFTER.get(field.name, "")) for field in self.visible_fields()]
