"""Forms about the gestionnaires of a structure: to habilitate one, to change one, to announce a departure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import Civilite, NatureHabilitation
from accounts.forms.comptes import CoordonneesForm, DomainErrorMixin, IdentiteForm
from accounts.models import DemandeHabilitation
from accounts.operations.comptes import MODIFIABLES, Identite
from accounts.operations.habilitations import IDENTITE, MOTIFS_DEPART
from accounts.rules import PREAVIS_DEPART_JOURS
from caisses.models import Caisse
from portal.validators import (
    check_professional_email,
    is_personal_domain,
    normalise_domain,
    normalise_siret,
    readable_phone,
)


class PourUneCaisse(DomainErrorMixin, forms.Form):
    """To which caisse a request goes, when the structure works with several; once for each `cle`."""

    caisse = forms.ChoiceField(label="Caisse qui traitera la demande")
    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, caisses: Sequence[Caisse] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caisses = {str(caisse.pk): caisse for caisse in caisses}
        self.fields["caisse"].choices = [(key, c.nom) for key, c in self.caisses.items()]  # type: ignore[attr-defined]
        self.fields["cle"].initial = uuid.uuid4()
        if len(self.caisses) == 1:
            self.fields["caisse"].required = False
            self.fields["caisse"].widget = forms.HiddenInput()

    def chosen_caisse(self) -> Caisse:
        """The caisse chosen, or the only one."""
        only = next(iter(self.caisses.values()))
        return self.caisses.get(self.cleaned_data["caisse"], only)


class SansIdentifiant(IdentiteForm):
    """Who is to be habilitated; the identifiant is formed when the caisse accepts."""

    field_order = [*IDENTITE]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("identifiant", None)

    def clean_identifiant(self) -> str:
        """Never asked here."""
        return ""

    @staticmethod
    def initial_of_request(demande: DemandeHabilitation) -> dict[str, str]:
        """What the form shows of a request to complete."""
        shown = {name: getattr(demande, name) for name in IDENTITE}
        return {**shown, "telephone": readable_phone(demande.telephone) if demande.telephone else ""}

    def values(self) -> dict[str, str]:
        """The values to hand to the operation that completes a request."""
        return vars(self.identite()).copy()


class NouveauGestionnaireForm(PourUneCaisse, SansIdentifiant):
    """A gestionnaire to habilitate, asked for by another one."""

    field_order = [*IDENTITE, "caisse", "cle"]


class ModificationForm(PourUneCaisse, CoordonneesForm):
    """The four fields that may change on a gestionnaire (art. 2.2.2)."""

    field_order = ["nom", "fonction", "telephone", "courriel", "caisse", "cle"]


class JourForm(DomainErrorMixin, forms.Form):
    """The last day of an access."""

    date_souhaitee = forms.DateField(
        label="Fin de l’accès souhaitée le",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "ep-w-m"}),
        error_messages={"invalid": "Saisissez une date."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = today + timedelta(days=PREAVIS_DEPART_JOURS)
        field = self.fields["date_souhaitee"]
        field.help_text = (
            f"Quinze jours au moins à l’avance\u00a0: à partir du {first:%d/%m/%Y}. Ce jour-là, la personne ne peut "
            "plus se connecter."
        )

    def values(self) -> dict[str, Any]:
        """The values to hand to the operation that completes a request."""
        return {"date_souhaitee": self.cleaned_data["date_souhaitee"]}


class DepartForm(JourForm, PourUneCaisse):
    """The departure of a gestionnaire."""

    motif = forms.ChoiceField(
        label="Motif",
        choices=[(motif.value, motif.label) for motif in MOTIFS_DEPART],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le motif du départ."},
    )
    field_order = ["date_souhaitee", "motif", "caisse", "cle"]

    def successeur(self) -> Identite | None:
        """Nobody: a colleague stays."""
        return None


class DepartDuDernierForm(DepartForm, SansIdentifiant):
    """The departure of the last gestionnaire: who takes over is asked for too (art. 2.2.3-e)."""

    civilite = forms.ChoiceField(label="Civilité", choices=Civilite.choices, widget=forms.RadioSelect)
    field_order = ["date_souhaitee", "motif", *IDENTITE, "caisse", "cle"]

    def successeur(self) -> Identite | None:
        """Who takes over."""
        return self.identite()


class HabilitationPubliqueForm(SansIdentifiant):
    """The public form of a structure that has signed."""

    siret = forms.CharField(
        label="SIRET de la structure",
        max_length=24,
        help_text="14 chiffres. Exemple\u00a0: 264 210 295 00020.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "ep-w-m", "autocomplete": "off"}),
    )
    convention = forms.CharField(
        label="Référence de la convention d’utilisation",
        max_length=40,
        help_text="Elle figure en tête de la convention signée.",
        widget=forms.TextInput(attrs={"class": "ep-w-m", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["siret", "convention", *IDENTITE]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courriel"].help_text = (
            "Celle de la personne à habiliter, dans un domaine déclaré dans la convention. Un lien de confirmation "
            "y est envoyé."
        )

    def clean_siret(self) -> str:
        """Fourteen digits with right keys."""
        return normalise_siret(self.cleaned_data["siret"])

    def clean_courriel(self) -> str:
        """A professional address; whether it is one of the structure's is never said here."""
        courriel = str(self.cleaned_data["courriel"])
        address = check_professional_email(courriel, [], derogation=True)
        if is_personal_domain(normalise_domain(address.rpartition("@")[2])):
            raise ValidationError(
                "Cette adresse semble personnelle. L’adresse doit être rattachée à votre structure.",
                code="personnelle",
            )
        return address


class Completion(DomainErrorMixin, forms.Form):
    """A request to complete, as its page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class IdentiteACompleter(Completion, SansIdentifiant):
    """The identity of a gestionnaire to habilitate, given again."""


class CoordonneesACompleter(Completion, CoordonneesForm):
    """What changes on a gestionnaire, given again."""

    def values(self) -> dict[str, str]:
        """The values to hand to the operation."""
        return self.changes()


class JourACompleter(Completion, JourForm):
    """The day of a departure, given again."""


class ComplementPublicForm(Completion, SansIdentifiant):
    """What the caisse asked for, completed from the link: the address was confirmed and stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["courriel"]

    def values(self) -> dict[str, str]:
        """The values to hand to the operation."""
        return {name: self.cleaned_data[name] for name in IDENTITE if name != "courriel"}


def completion_of(demande: DemandeHabilitation, data: Any) -> Any:
    """The form that completes a request of a gestionnaire, filled with what it says now."""
    version = {"version": demande.version}
    domaines = demande.partenaire.domaines_autorises
    if demande.nature == NatureHabilitation.INACTIVATION:
        initial = {"date_souhaitee": demande.date_souhaitee, **version}
        return JourACompleter(data, initial=initial, today=demande.caisse.today())
    if demande.nature == NatureHabilitation.CREATION or demande.compte is None:
        initial = {**SansIdentifiant.initial_of_request(demande), **version}
        return IdentiteACompleter(data, initial=initial, domaines=domaines)
    asked = {name: getattr(demande, name) for name in MODIFIABLES}
    initial = {**CoordonneesForm.initial_of(demande.compte), **version}
    initial |= {name: value for name, value in asked.items() if value}
    initial["telephone"] = readable_phone(initial["telephone"])
    return CoordonneesACompleter(data, initial=initial, domaines=domaines)
