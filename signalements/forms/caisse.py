"""Forms of the caisse's side: notes, contacts, messages, decisions, filters. Cleaning only."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Utilisateur
from caisses.models import Motif
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from portal.ui.light_select import LightSelect
from signalements.enums import CanalContact, Issue, ResultatContact
from signalements.forms.keyed import KeyedForm
from signalements.kinds.registry import Kind
from signalements.models import Demande
from signalements.operations.decisions import Decision
from signalements.operations.suivi import Tentative


class NoteForm(KeyedForm):
    """An internal note."""

    prefix = "note"
    texte = TexteLibreField(
        label="Note interne",
        max_length=2000,
        help_text="Ni numéro de sécurité sociale, ni donnée de santé. La personne peut demander à lire cette note.",
    )


class MessageForm(KeyedForm):
    """A message to the structure."""

    prefix = "message"
    texte = TexteLibreField(
        label="Votre message à la structure",
        max_length=2000,
        help_text="Ni numéro de sécurité sociale, ni donnée de santé. La personne peut demander à lire ce message.",
    )


class ContactForm(KeyedForm):
    """An attempt to reach the person."""

    prefix = "contact"
    canal = forms.ChoiceField(label="Canal", choices=CanalContact.choices, widget=LightSelect)
    resultat = forms.ChoiceField(
        label="Résultat", choices=[("", "Choisir un résultat"), *ResultatContact.choices], widget=LightSelect
    )
    note = TexteLibreField(label="Précision", max_length=500, required=False)

    def tentative(self) -> Tentative:
        """What was recorded."""
        data = self.cleaned_data
        return Tentative(CanalContact(data["canal"]), ResultatContact(data["resultat"]), data["note"])


class ReouvertureForm(ConfirmableTextMixin, forms.Form):
    """Why a demande is reopened; the structure reads it."""

    raison = TexteLibreField(
        label="Raison de la réouverture", help_text="La structure lit cette raison.", max_length=500
    )


class DecisionForm(ConfirmableTextMixin, forms.Form):
    """The outcome of a demande: those of its kind, a motif for those that need one, a comment."""

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        motifs: dict[str, list[Motif]],
        demande: Demande,
        issues: Sequence[Issue] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.demande = kind, demande
        offered = kind.issues if issues is None else issues
        issue = forms.ChoiceField(
            label="Issue", choices=[(i.value, i.label) for i in offered], widget=forms.RadioSelect
        )
        issue.widget.hints = {str(code): text for code, text in kind.aides.items()}
        self.fields["issue"] = issue
        self.by_name: dict[str, dict[str, Motif]] = {}
        self.depends: dict[str, str] = {}
        for code, liste in kind.motifs.items():
            name = f"motif_{Issue(code).value.lower()}"
            self.by_name[name] = {str(motif.pk): motif for motif in motifs.get(liste.value, [])}
            self.depends[name] = f"issue={Issue(code).value}"
            entries = [(pk, motif.libelle) for pk, motif in self.by_name[name].items()]
            self.fields[name] = forms.ChoiceField(
                label=kind.precisions.get(code, f"Motif, si l’issue est «\u00a0{Issue(code).label}\u00a0»"),
                choices=[("", "Choisir un motif"), *entries],
                required=False,
            )
            self.fields[name].mark_optional = False
        self.fields["commentaire"] = TexteLibreField(
            label="Commentaire pour la structure",
            help_text="La structure lit ce texte. N’y mettez ni numéro de sécurité sociale, ni donnée de santé.",
            max_length=1000,
            required=False,
        )

    def lignes(self) -> list[tuple[forms.BoundField, str]]:
        """The fields to draw, each with the answer it depends on, for `reveal.js`."""
        return [
            (field, self.depends.get(field.name.removesuffix("_confirme"), ""))
            for field in self.visible_fields()
        ]

    def clean(self) -> dict[str, Any]:
        """An outcome that needs a motif has one."""
        data = super().clean() or self.cleaned_data
        name = self._motif_name(data.get("issue", ""))
        if name and not data.get(name):
            self.add_error(name, "Choisissez un motif dans la liste.")
        return data

    def decision(self) -> Decision:
        """What was decided; the motif of another outcome than the chosen one is left out."""
        data = self.cleaned_data
        name = self._motif_name(data["issue"])
        motif = self.by_name[name].get(data[name]) if name else None
        return Decision(data["issue"], motif, data["commentaire"])

    def apercu(self) -> list[tuple[str, object]]:
        """What the structure will read of the decision, as (label, value) pairs; the form has been cleaned."""
        decision = self.decision()
        rows: list[tuple[str, object]] = [
            ("Issue", str(Issue(decision.issue).label)),
            ("Motif", decision.motif.libelle if decision.motif else ""),
            ("Commentaire", decision.commentaire.strip()),
        ]
        return [(label, value) for label, value in rows if value]

    def _motif_name(self, issue: str) -> str:
        name = f"motif_{issue.lower()}"
        return name if name in self.by_name else ""


class RechercheForm(forms.Form):
    """The search box of the queue."""

    q = forms.CharField(
        label="Rechercher une demande",
        max_length=100,
        help_text="Référence, nom, date de naissance ou structure. Exemple\u00a0: Martin 12/03/1984.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class AttributionForm(forms.Form):
    """To whom demandes are given."""

    agent = forms.ChoiceField(label="Attribuer à", widget=LightSelect)

    def __init__(self, *args: Any, agents: list[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(agent.pk), agent.get_full_name()) for agent in agents]
        self.fields["agent"].choices = [("", "Choisir une personne"), *people]
