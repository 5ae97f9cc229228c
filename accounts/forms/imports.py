"""Forms of the import of techniciens: the file, each row as an account's form, the attestations once for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import Civilite
from accounts.forms.comptes import IdentiteForm, TechnicienForm
from accounts.operations.imports import COLONNES, MOST_BYTES, Ligne
from accounts.querysets import UtilisateurQuerySet
from portal.errors import DomainError
from portal.validators import check_professional_email, readable_phone


class FichierForm(forms.Form):
    """The file to read."""

    fichier = forms.FileField(
        label="Fichier CSV",
        help_text="200 lignes au plus, 200 Ko. Séparateur point-virgule ou virgule, encodage UTF-8 ou Windows.",
        error_messages={"required": "Choisissez un fichier CSV.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def content(self) -> bytes:
        """Its bytes, one more than is accepted at most."""
        content: bytes = self.cleaned_data["fichier"].read(MOST_BYTES + 1)
        return content

    def refuse(self, error: DomainError) -> None:
        """Show the refusal beside the file."""
        self.add_error("fichier", ValidationError(error.message, code=error.code))


class LigneForm(IdentiteForm):
    """A row of the file: who an account is opened for, checked as one typed by hand."""

    civilite = forms.ChoiceField(label="Civilité", choices=[("", "À choisir"), *Civilite.choices])

    def __init__(self, *args: Any, ligne: Ligne, partenaire: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"l{ligne['numero']}", domaines=None, **kwargs)
        del self.fields["identifiant"]
        self.numero, self.partenaire = int(ligne["numero"]), partenaire
        self.fields["telephone"].help_text = ""
        for name in COLONNES:
            widget = self.fields[name].widget
            widget.attrs["class"] = "ep-w-m"

    def clean_courriel(self) -> str:
        """An address of the structure, in its stored form."""
        return check_professional_email(self.cleaned_data["courriel"], self.partenaire.domaines_autorises)


@dataclass(frozen=True)
class LigneLue:
    """A row and what is to be said of it."""

    numero: int
    form: LigneForm

    @property
    def numero_texte(self) -> str:
        """Its number, as a word of a title."""
        return str(self.numero)

    @property
    def cible(self) -> str:
        """What a button of its row acts on."""
        return f"la ligne {self.numero}"

    @property
    def telephone(self) -> str:
        """The telephone of a good row, as people write it."""
        return readable_phone(self.form.cleaned_data["telephone"])

    @property
    def correcte(self) -> bool:
        """Whether an account can be created from it."""
        return not self.form.errors


def read_rows(lignes: Iterable[Ligne], partenaire: Any, techniciens: UtilisateurQuerySet) -> list[LigneLue]:
    """Check every row not created yet, in one query: each as a form, then its address among the others.

    `techniciens` are those of the structure: an address they have is said on its row.
    """
    taken = {
        courriel.lower(): active for courriel, active in techniciens.values_list("courriel", "is_active")
    }
    seen: dict[str, int] = {}
    found = []
    for ligne in lignes:
        if "compte" in ligne:
            continue
        form = LigneForm(_data(ligne), ligne=ligne, partenaire=partenaire)
        form.is_valid()
        address = str(form.cleaned_data.get("courriel", "")).lower()
        if address in seen:
            form.add_error("courriel", f"Cette adresse est déjà à la ligne {seen[address]}.")
        elif address in taken:
            rest = "" if taken[address] else " Ce compte est inactif\u00a0: vous pouvez le réactiver."
            form.add_error(
                "courriel", f"Un compte de technicien de votre structure utilise déjà cette adresse.{rest}"
            )
        if address:
            seen.setdefault(address, form.numero)
        found.append(LigneLue(form.numero, form))
    return found


def _data(ligne: Ligne) -> dict[str, str]:
    return {f"l{ligne['numero']}-{name}": str(ligne.get(name, "")) for name in COLONNES}


def typed_rows(
    data: Mapping[str, str], lignes: Iterable[Ligne]
) -> tuple[dict[int, dict[str, str]], set[int]]:
    """What was typed on each row that is on the page, and the rows to drop."""
    typed: dict[int, dict[str, str]] = {}
    dropped = set()
    for ligne in lignes:
        number = int(ligne["numero"])
        values = {
            name: " ".join(str(data[f"l{number}-{name}"]).split())
            for name in COLONNES
            if f"l{number}-{name}" in data
        }
        if values:
            typed[number] = values
        if data.get(f"retirer_{number}"):
            dropped.add(number)
    return typed, dropped


class AttestationsForm(forms.Form):
    """The three attestations, once for every account of the import."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    prets = forms.RegexField(r"\A[0-9]+(,[0-9]+)*\Z", widget=forms.HiddenInput, required=False)
    attestation_lien = forms.BooleanField(
        label="Ces personnes sont employées, salariées ou bénévoles de la structure."
    )
    attestation_poste = forms.BooleanField(
        label="Elles utilisent des outils professionnels protégés par un antivirus, non personnels."
    )
    attestation_adresse = forms.BooleanField(
        label="Leurs adresses électroniques sont rattachées à la structure et hébergées en Europe."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TechnicienForm.ATTESTATIONS:
            self.fields[name].error_messages["required"] = (
                f"Cochez l’attestation «\u00a0{str(self.fields[name].label).rstrip('.')}\u00a0»."
            )

    def ready(self) -> set[int]:
        """The rows the page showed as good."""
        return {int(number) for number in self.cleaned_data["prets"].split(",") if number}
