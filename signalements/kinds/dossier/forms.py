"""The steps of a dossier: what is asked for and the situation, the household, the checklist (domaine.md §6.1)."""

from typing import Any

from django import forms
from django.http import QueryDict

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.ui.dates import DatePartielle, DateTroisChamps
from signalements.forms.drafts import DraftForm
from signalements.forms.enveloppe import (
    ACCORD,
    URGENCE,
    CasesField,
    EnveloppeForm,
    TelephoneField,
    short_text,
)
from signalements.forms.personne import NomField
from signalements.kinds.dossier.enums import Lien, Nature, Situation, TypeDossier
from signalements.kinds.dossier.models import Dossier, Membre
from signalements.kinds.dossier.queries import excluded, regles_of

AME = "AME"
DROITS = (
    (TypeDossier.CSS.value, "Complémentaire santé solidaire (CSS)"),
    (TypeDossier.PUMA.value, "Ouverture de droits (PUMa)"),
    (AME, "Aide médicale de l’État (AME)"),
)
SECTIONS = (
    ("Le dossier", ("droit", "nature", "fin_droits", "exception")),
    ("La personne et son adresse", ("situations", "adresse", "telephone", "aide_remplissage")),
    URGENCE,
    ACCORD,
)
MOST_MEMBERS = 12
WITH_HOUSEHOLD = {TypeDossier.CSS, TypeDossier.AME_RENOUVELLEMENT, TypeDossier.AME_PREMIERE}


def type_of(droit: str, nature: str) -> str:
    """The type of dossier that is asked for; empty while it is not known."""
    if droit == AME:
        if not nature:
            return ""
        return TypeDossier.AME_PREMIERE if nature == Nature.PREMIERE else TypeDossier.AME_RENOUVELLEMENT
    return droit


class SituationForm(EnveloppeForm):
    """The right asked for, whether it is the first time, and what of the situation calls for other pièces."""

    SECTIONS = SECTIONS
    DEPENDS = {
        **EnveloppeForm.DEPENDS,
        "fin_droits": f"nature={Nature.RENOUVELLEMENT}",
        "exception": f"droit={AME}&nature={Nature.PREMIERE}",
    }
    OF_PERSONNE = ("telephone",)

    droit = forms.ChoiceField(label="Droit demandé", choices=DROITS, widget=forms.RadioSelect)
    nature = forms.ChoiceField(
        label="Est-ce la première fois\u00a0?", choices=Nature.choices, widget=forms.RadioSelect
    )
    fin_droits = DateTroisChamps(
        label="Fin du droit en cours",
        objet=" de fin du droit",
        required=False,
        year_min=2020,
        latest=None,
        exemple="31 8 2027",
        help_text="Demandée pour un renouvellement. Exemple\u00a0: 31 8 2027.",
    )
    # Required for a renewal, but of an opening of rights.
    fin_droits.mark_optional = False  # type: ignore[attr-defined]
    exception = forms.ChoiceField(
        label="Exception au dépôt en personne",
        required=False,
        help_text=(
            "Une première demande d’AME est déposée par la personne elle-même à la caisse, sauf exception prouvée."
        ),
    )
    situations = CasesField(
        label="La personne…",
        required=False,
        choices=Situation.choices,
        help_text="Les pièces demandées en dépendent. N’indiquez aucune donnée de santé.",
    )
    adresse = short_text(
        "Adresse ou domiciliation",
        200,
        help_text="Où la caisse écrit à la personne. Exemple\u00a0: CCAS, 1 place de la Mairie.",
    )
    telephone = TelephoneField(required=False)
    aide_remplissage = forms.BooleanField(
        label="J’ai aidé la personne à remplir le formulaire, ou vérifié avec elle ce qu’elle déclare"
    )

    def __init__(self, *args: Any, caisse: Caisse, motifs: dict[str, list[Motif]], **kwargs: Any) -> None:
        super().__init__(*args, caisse=caisse, motifs=motifs, **kwargs)
        self.exceptions = {motif.code: motif for motif in motifs[ListeMotifs.EXCEPTION_AME.value]}
        entries = [(code, motif.libelle) for code, motif in self.exceptions.items()]
        self.choice("exception").choices = [("", "Aucune"), *entries]
        self.fields["adresse"].required = True
        self.choice("droit").widget.hints = {  # type: ignore[attr-defined]
            TypeDossier.CSS.value: "Une seule demande pour le foyer.",
            AME: "Renouvellement\u00a0; pour une première demande, la préparation seulement.",
        }

    @property
    def type(self) -> str:
        """The type of dossier, once both answers are given."""
        data = self.cleaned_data
        return type_of(data.get("droit", ""), data.get("nature", ""))

    def clean(self) -> dict[str, Any]:
        """What depends on the right that is asked for."""
        data = super().clean()
        if self.type != TypeDossier.AME_PREMIERE:
            data["exception"] = ""
        if self.type:
            if reason := excluded(regles_of(self.caisse).get(self.type), self.caisse):
                self.add_error("droit", reason)
        if data.get("nature") == Nature.RENOUVELLEMENT and not data.get("fin_droits"):
            if "fin_droits" not in self.errors and data.get("droit") != TypeDossier.PUMA:
                self.add_error(
                    "fin_droits", "Indiquez quand le droit en cours prend fin. Exemple\u00a0: 31 8 2027."
                )
        return data

    def build_dossier(self) -> Dossier:
        """The dossier this form gives, not saved, without its demande; the form has been cleaned."""
        data = self.cleaned_data
        fin: DatePartielle | None = data["fin_droits"] if data["nature"] == Nature.RENOUVELLEMENT else None
        return Dossier(
            type=self.type,
            nature=data["nature"],
            fin_droits=fin.date if fin else None,
            adresse=data["adresse"],
            situations=data["situations"],
            exception=data["exception"],
            aide_remplissage=data["aide_remplissage"],
        )


# --- The household


FIELDS = ("lien", "nom", "prenom", "naissance", "a_charge")
AJOUTER, RETIRER = "ajouter_membre", "retirer_membre-"


def numbers_of(data: Any) -> list[int]:
    """The numbers of the members a posted or stored step names, in order; what is not one is left out."""
    texts = data.getlist("membres") if data is not None else []
    found = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 4]
    return list(dict.fromkeys(found))[:MOST_MEMBERS]


class FoyerForm(DraftForm):
    """The household, applicant excluded: a block of fields for each member. It may be empty."""

    def __init__(self, data: QueryDict | None = None, *, caisse: Caisse, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.caisse = caisse
        self.numbers = numbers_of(data)
        self.fields["membres"] = forms.MultipleChoiceField(
            required=False,
            choices=[(str(number), str(number)) for number in self.numbers],
            widget=forms.MultipleHiddenInput,
        )
        for number in self.numbers:
            self._add_member(number)

    def _add_member(self, number: int) -> None:
        naissance = DateTroisChamps(label="Date de naissance", unknown_allowed=True, latest=self.caisse.today)
        fields: dict[str, forms.Field] = {
            "lien": forms.ChoiceField(
                label="Lien avec la personne", choices=[("", "Choisissez un lien"), *Lien.choices]
            ),
            "nom": NomField(label="Nom"),
            "prenom": NomField(label="Prénom"),
            "naissance": naissance,
            "a_charge": forms.BooleanField(label="À charge", required=False),
        }
        for name, field in fields.items():
            self.fields[f"m{number}_{name}"] = field

    def lignes(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """(rank, number, its fields) of each member, to draw."""
        return [
            (rank, str(number), [self[f"m{number}_{name}"] for name in FIELDS])
            for rank, number in enumerate(self.numbers, start=1)
        ]

    @property
    def peut_ajouter(self) -> bool:
        """Whether there is room for one more."""
        return len(self.numbers) < MOST_MEMBERS

    def build_membres(self) -> list[Membre]:
        """The members this form gives, not saved, without their demande; the form has been cleaned."""
        found = []
        for rank, number in enumerate(self.numbers, start=1):
            data = {name: self.cleaned_data.get(f"m{number}_{name}") for name in FIELDS}
            naissance: DatePartielle | None = data.pop("naissance")
            if naissance is None or not data["nom"]:
                continue
            found.append(
                Membre(
                    rang=rank,
                    naissance=naissance.date,
                    naissance_precision=naissance.precision.value,
                    **data,
                )
            )
        return found

    def summary(self) -> list[tuple[str, Any]]:
        """A line for each member."""
        rows: list[tuple[str, Any]] = []
        built = {membre.rang: membre for membre in self.build_membres()}
        for rank, _ in enumerate(self.numbers, start=1):
            membre = built.get(rank)
            rows.append((f"Personne {rank}", membre_en_mots(membre) if membre else "À compléter"))
        return rows or [("Autres personnes du foyer", "Aucune")]


def membre_en_mots(membre: Membre) -> str:
    """« Jeanne FICTIVE, enfant, née le 12 mars 2010, à charge »: without gender where none is known."""
    lien = Lien(membre.lien).label if membre.lien else "lien à préciser"
    naissance = DatePartielle.from_date(membre.naissance, membre.naissance_precision)
    parts = [f"{membre.prenom} {membre.nom.upper()}", lien.lower(), f"naissance\u00a0: {naissance}"]
    return ", ".join([*parts, "à charge" if membre.a_charge else "pas à charge"])


def edited_household(posted: QueryDict) -> tuple[QueryDict, str] | None:
    """The step after « Ajouter une personne » or « Retirer cette personne », and the anchor to go to."""
    action = str(posted.get("action", ""))
    numbers = numbers_of(posted)
    if action == AJOUTER:
        new = max(numbers, default=0) + 1
        numbers, anchor = [*numbers, new], f"membre-{new}"
    elif action.startswith(RETIRER):
        gone = action.removeprefix(RETIRER)
        numbers, anchor = [number for number in numbers if str(number) != gone], "foyer"
    else:
        return None
    data = posted.copy()
    data.setlist("membres", [str(number) for number in numbers])
    return data, anchor
