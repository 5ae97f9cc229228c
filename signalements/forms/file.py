"""Forms of the queue: filters, acts on many demandes, kept views, labels. Cleaning only."""

import uuid
from collections.abc import Set as AbstractSet
from typing import Any

from django import forms

from caisses.models import Equipe
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from portal.ui.light_select import LightSelect
from signalements.enums import STATUTS_OUVERTS, ActeLot, Statut, TonEtiquette
from signalements.forms.keyed import KeyedForm
from signalements.models import Etiquette
from signalements.queries.filtres import MOI, SANS_AGENT, SANS_EQUIPE, URGENTES, Filtres

# Filters are drawn without the whole field group: they have neither hint nor error.
FILTER = {"class": "form-select"}
AGES = (
    ("3", "Plus de 3 jours"),
    ("7", "Plus de 7 jours"),
    ("15", "Plus de 15 jours"),
    ("30", "Plus de 30 jours"),
)
Choices = list[tuple[str, str]]


class FiltresForm(forms.Form):
    """What narrows a view of the queue."""

    structure = forms.ChoiceField(label="Structure", required=False, widget=LightSelect(FILTER))
    service = forms.ChoiceField(label="Service", required=False, widget=LightSelect(FILTER))
    equipe = forms.ChoiceField(label="Équipe", required=False, widget=LightSelect(FILTER))
    agent = forms.ChoiceField(label="Attribuée à", required=False, widget=LightSelect(FILTER))
    urgence = forms.ChoiceField(
        label="Urgence",
        required=False,
        widget=LightSelect(FILTER),
        choices=[("", "Toutes"), (URGENTES, "Urgentes seulement")],
    )
    etiquette = forms.ChoiceField(label="Étiquette", required=False, widget=LightSelect(FILTER))
    anciennete = forms.ChoiceField(
        label="Reçue depuis", required=False, widget=LightSelect(FILTER), choices=[("", "Peu importe"), *AGES]
    )

    def __init__(
        self,
        *args: Any,
        structures: list[tuple[int, str]],
        services: Choices,
        equipes: list[tuple[int, str]],
        agents: list[tuple[int, str]],
        etiquettes: list[Etiquette],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("structure", [("", "Toutes"), *structures])
        self._choose("service", [("", "Tous"), *services])
        self._choose("equipe", [("", "Toutes"), (SANS_EQUIPE, "Sans équipe"), *equipes])
        self._choose("agent", [("", "Toutes"), (MOI, "Moi"), (SANS_AGENT, "Non attribuée"), *agents])
        self._choose("etiquette", [("", "Toutes"), *((label.pk, label.nom) for label in etiquettes)])
        for name, few in (
            ("service", len(services) < 2),
            ("equipe", not equipes),
            ("etiquette", not etiquettes),
        ):
            if few and not self.data.get(name):
                del self.fields[name]

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [(str(key), label) for key, label in choices]

    def filtres(self) -> Filtres:
        """What narrows the view; a value that is not in the lists narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Filtres(
            structure=_number(data.get("structure")),
            service=data.get("service", ""),
            equipe=data.get("equipe", ""),
            agent=data.get("agent", ""),
            urgence=data.get("urgence", ""),
            etiquette=_number(data.get("etiquette")),
            anciennete=_number(data.get("anciennete")),
        )

    def perdus(self) -> list[str]:
        """The filters whose value is gone: a structure that left, a label withdrawn, an account closed."""
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]

    def en_mots(self) -> list[tuple[str, str]]:
        """The filters in force, in words."""
        said = []
        for name, value in self.filtres().values().items():
            field: Any = self.fields[name]
            said.append((str(field.label), dict(field.choices)[value]))
        return said


def _number(value: str | None) -> int | None:
    return int(value) if value else None


VALABLES: dict[str, frozenset[str]] = {
    ActeLot.PRENDRE.value: frozenset({Statut.ENVOYEE, Statut.COMPLETEE}),
    ActeLot.RENDRE.value: frozenset({Statut.EN_COURS, Statut.COMPLETEE}),
    ActeLot.ATTRIBUER.value: STATUTS_OUVERTS,
    ActeLot.CONFIER.value: STATUTS_OUVERTS,
}
"""The statuses in which each act may be done; the others at any time."""


class LotForm(forms.Form):
    """An act on the demandes that are ticked, or on every result of the view; `statuts` are those it may meet."""

    acte = forms.ChoiceField(
        label="Action sur la sélection",
        widget=LightSelect,
        error_messages={
            "required": "Choisissez une action.",
            "invalid_choice": "Choisissez une action de la liste.",
        },
    )
    tout = forms.BooleanField(required=False)
    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        statuts: AbstractSet[str],
        agents: list[tuple[int, str]],
        equipes: list[tuple[int, str]],
        etiquettes: list[Etiquette],
        superviseur: bool,
        **kwargs: Any,
    ) -> None:
        initial = {"cle": uuid.uuid4()}
        super().__init__(*args, initial=initial, **kwargs)
        labels = [(str(label.pk), label.nom) for label in etiquettes]
        choices: list[Any] = [("", "Choisir une action")]
        if statuts & VALABLES[ActeLot.PRENDRE]:
            choices.append((ActeLot.PRENDRE.value, "Prendre en charge"))
        if statuts & VALABLES[ActeLot.RENDRE]:
            choices.append((ActeLot.RENDRE.value, "Rendre à la file"))
        if superviseur and statuts & VALABLES[ActeLot.ATTRIBUER]:
            choices.append(_group("Attribuer à", ActeLot.ATTRIBUER, [(str(pk), name) for pk, name in agents]))
        if len(equipes) > 1 and statuts & VALABLES[ActeLot.CONFIER]:
            teams = [(str(pk), name) for pk, name in equipes]
            choices.append(_group("Confier à l’équipe", ActeLot.CONFIER, teams))
        if labels:
            choices.append(_group("Poser l’étiquette", ActeLot.POSER, labels))
            choices.append(_group("Retirer l’étiquette", ActeLot.RETIRER, labels))
        field: Any = self.fields["acte"]
        field.choices = choices
        self.possible = len(choices) > 1

    @property
    def valables(self) -> str:
        """The statuses of each act, for `selection.js`: « prendre=ENVOYEE,COMPLETEE rendre=… »."""
        return " ".join(f"{acte}={','.join(sorted(statuts))}" for acte, statuts in VALABLES.items())

    def chosen(self) -> tuple[ActeLot, int | None]:
        """The act, and the account or label it needs."""
        acte, _, cible = self.cleaned_data["acte"].partition(":")
        return ActeLot(acte), _number(cible)


def _group(words: str, acte: ActeLot, targets: Choices) -> tuple[str, Choices]:
    return words, [(f"{acte.value}:{key}", label) for key, label in targets]


class VueForm(KeyedForm):
    """A view to keep under a name."""

    nom = TexteLibreField(
        label="Nom de la vue",
        max_length=60,
        widget=forms.TextInput,
        help_text="Jamais le nom d’une personne. Exemple\u00a0: Urgences du CCAS.",
    )
    pour = forms.ChoiceField(label="Pour qui", widget=forms.RadioSelect, initial="moi")

    def __init__(self, *args: Any, equipes: list[Equipe], superviseur: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not superviseur:
            del self.fields["pour"]
            return
        teams = [(str(team.pk), f"L’équipe «\u00a0{team.nom}\u00a0»") for team in equipes]
        field: Any = self.fields["pour"]
        field.choices = [("moi", "Moi seulement"), ("caisse", "Toute la caisse"), *teams]

    @property
    def partagee(self) -> bool:
        """Whether it is for others too."""
        return bool(self.cleaned_data.get("pour", "moi") != "moi")

    @property
    def equipe_id(self) -> int | None:
        """The team it is for."""
        pour = self.cleaned_data.get("pour", "")
        return int(pour) if pour.isdecimal() else None


class RenommerVueForm(ConfirmableTextMixin, forms.Form):
    """A new name for a view."""

    nom = TexteLibreField(
        label="Nom de la vue",
        max_length=60,
        widget=forms.TextInput,
        help_text="Jamais le nom d’une personne.",
    )


class EtiquetteForm(ConfirmableTextMixin, forms.Form):
    """A label of the palette."""

    nom = TexteLibreField(
        label="Nom de l’étiquette",
        max_length=30,
        widget=forms.TextInput,
        help_text="Court, jamais le nom d’une personne. La structure ne voit pas les étiquettes.",
    )
    ton = forms.ChoiceField(
        label="Couleur", choices=TonEtiquette.choices, widget=forms.RadioSelect, initial=TonEtiquette.ARDOISE
    )


class PoserEtiquetteForm(forms.Form):
    """A label to put on the demande."""

    etiquette = forms.ChoiceField(
        label="Ajouter une étiquette",
        widget=LightSelect(FILTER),
        error_messages={
            "required": "Choisissez une étiquette.",
            "invalid_choice": "Cette étiquette n’existe plus.",
        },
    )

    def __init__(self, *args: Any, etiquettes: list[Etiquette], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["etiquette"]
        field.choices = [("", "Choisir"), *((str(label.pk), label.nom) for label in etiquettes)]
