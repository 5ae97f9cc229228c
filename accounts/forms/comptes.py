"""Forms about somebody's account: who it is for, what changes, why it closes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import Civilite, EtatCompte, MotifInactivation, NatureAttestation
from accounts.models import Utilisateur
from accounts.operations.adresses import pending_address
from accounts.operations.comptes import Identite
from accounts.operations.techniciens import MOTIFS_GESTIONNAIRE
from portal.errors import DomainError
from portal.validators import normalise_person_name, normalise_phone, readable_phone

EXEMPLE_TELEPHONE = "Exemple\u00a0: 03 81 00 00 00."


class DomainErrorMixin:
    """A form to which the refusal of an operation can be added."""

    def refuse(self, error: DomainError) -> None:
        """Show the refusal beside its field, or on top of the form."""
        field = error.field if error.field in self.fields else None  # type: ignore[attr-defined]
        self.add_error(field, ValidationError(error.message, code=error.code))  # type: ignore[attr-defined]


class CoordonneesForm(DomainErrorMixin, forms.Form):
    """The four things that may change on an account (art. 2.2.2)."""

    nom = forms.CharField(label="Nom", max_length=100)
    fonction = forms.CharField(label="Fonction", max_length=120)
    telephone = forms.CharField(
        label="Téléphone professionnel",
        max_length=40,
        help_text=EXEMPLE_TELEPHONE,
        widget=forms.TextInput(attrs={"type": "tel", "class": "ep-w-m", "autocomplete": "off"}),
    )
    courriel = forms.CharField(
        label="Adresse électronique professionnelle",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, domaines: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if domaines:
            self.fields["courriel"].help_text = (
                "Propre à cette personne, jamais partagée. "
                f"Domaines acceptés\u00a0: {', '.join(sorted(domaines))}."
            )
        for name in ("nom", "prenom", "fonction"):
            if name in self.fields:
                self.fields[name].widget.attrs.setdefault("autocomplete", "off")

    def clean_nom(self) -> str:
        """The name in its stored form."""
        return normalise_person_name(self.cleaned_data["nom"])

    def clean_prenom(self) -> str:
        """The first name in its stored form."""
        return normalise_person_name(self.cleaned_data["prenom"])

    def clean_telephone(self) -> str:
        """The telephone as E.164."""
        return normalise_phone(self.cleaned_data["telephone"])

    def changes(self) -> dict[str, str]:
        """The values to hand to the operation."""
        return {name: self.cleaned_data[name] for name in ("nom", "fonction", "telephone", "courriel")}

    @staticmethod
    def initial_of(user: Utilisateur) -> dict[str, str]:
        """What the form shows at first: the address that waits for its confirmation rather than the present one."""
        shown = {name: getattr(user, name) for name in ("nom", "fonction", "telephone", "courriel")}
        phone = readable_phone(user.telephone) if user.telephone else ""
        return {**shown, "telephone": phone, "courriel": pending_address(user) or user.courriel}


class FinPrevueMixin(forms.Form):
    """The last day of an account, when it is known."""

    fin_prevue = forms.DateField(
        label="Date de fin prévue",
        required=False,
        help_text="Dernier jour d’accès, s’il est connu\u00a0: stage, remplacement, contrat. Le compte est inactivé le "
        "lendemain.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "ep-w-m"}),
    )


class CoordonneesTechnicienForm(FinPrevueMixin, CoordonneesForm):
    """What a gestionnaire changes of a technicien's account."""

    field_order = ["nom", "fonction", "telephone", "courriel", "fin_prevue"]


class IdentiteForm(CoordonneesForm):
    """Who an account is opened for."""

    civilite = forms.ChoiceField(label="Civilité", choices=Civilite.choices, widget=forms.RadioSelect)
    prenom = forms.CharField(label="Prénom", max_length=100)
    identifiant = forms.CharField(
        label="Identifiant",
        max_length=60,
        required=False,
        help_text="Laissez vide\u00a0: il sera formé du prénom et du nom.",
        widget=forms.TextInput(attrs={"class": "ep-w-m", "autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ["civilite", "nom", "prenom", "fonction", "telephone", "courriel", "identifiant"]

    def clean_identifiant(self) -> str:
        """The identifiant in lower case, in the letters it may have."""
        value = str(self.cleaned_data["identifiant"]).strip().lower()
        if value:
            for validator in Utilisateur._meta.get_field("identifiant").validators:
                validator(value)
        return value

    def identite(self) -> Identite:
        """The identity to hand to the operation."""
        return Identite(
            civilite=self.cleaned_data["civilite"], prenom=self.cleaned_data["prenom"], **self.changes()
        )


class TechnicienForm(FinPrevueMixin, IdentiteForm):
    """A technicien to create, with the three attestations of art. 2.2.1."""

    attestation_lien = forms.BooleanField(label=NatureAttestation.LIEN.label)
    attestation_poste = forms.BooleanField(label=NatureAttestation.POSTE.label)
    attestation_adresse = forms.BooleanField(label=NatureAttestation.ADRESSE.label)

    ATTESTATIONS = {
        "attestation_lien": NatureAttestation.LIEN,
        "attestation_poste": NatureAttestation.POSTE,
        "attestation_adresse": NatureAttestation.ADRESSE,
    }
    field_order = [*IdentiteForm.field_order, "fin_prevue", *ATTESTATIONS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.ATTESTATIONS:
            self.fields[name].error_messages["required"] = (
                f"Cochez l’attestation «\u00a0{str(self.fields[name].label).rstrip('.')}\u00a0»."
            )

    def attestations(self) -> list[NatureAttestation]:
        """The attestations that were ticked."""
        return [nature for name, nature in self.ATTESTATIONS.items() if self.cleaned_data[name]]


class InactivationForm(DomainErrorMixin, forms.Form):
    """Why an account is inactivated, and who takes over what it is in charge of."""

    motif = forms.ChoiceField(label="Motif", widget=forms.RadioSelect)
    successeur = forms.ChoiceField(
        label="À qui passent les demandes et les brouillons\u00a0?", required=False
    )

    def __init__(
        self,
        *args: Any,
        motifs: tuple[MotifInactivation, ...] = MOTIFS_GESTIONNAIRE,
        collegues: Iterable[Utilisateur] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.collegues = {str(collegue.pk): collegue for collegue in collegues}
        successeur = self.fields["successeur"]
        successeur.mark_optional = False  # type: ignore[attr-defined]
        successeur.choices = [  # type: ignore[attr-defined]
            ("", "À la structure\u00a0: à reprendre par un technicien"),
            *((key, collegue.get_full_name()) for key, collegue in self.collegues.items()),
        ]
        field = self.fields["motif"]
        field.choices = [(motif.value, motif.label) for motif in motifs]  # type: ignore[attr-defined]
        field.error_messages["required"] = "Choisissez le motif de l’inactivation."

    def chosen(self) -> MotifInactivation:
        """The motif chosen."""
        return MotifInactivation(self.cleaned_data["motif"])

    def successor(self) -> Utilisateur | None:
        """The colleague chosen, or None for the structure."""
        return self.collegues.get(self.cleaned_data["successeur"])


SHOWN = (EtatCompte.INVITE, EtatCompte.ACTIF, EtatCompte.INACTIF)


class RechercheTechniciensForm(forms.Form):
    """The search of the list: words and state. What cannot be read counts for nothing."""

    mark_optional = False
    q = forms.CharField(
        label="Nom, fonction, adresse ou identifiant",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous les états"), *((etat.value, etat.label) for etat in SHOWN)],
    )
