"""Forms of the revue d’habilitations: what is said of each account, who takes over, which structures are asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.enums import Profil, ReponseRevue
from accounts.forms.comptes import DomainErrorMixin
from accounts.models import LigneRevue, Utilisateur
from accounts.operations.revues import Reponse


class RevueForm(DomainErrorMixin, forms.Form):
    """The answers about the accounts of a page. None is required: they are kept as they come."""

    mark_optional = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        comptes: list[Utilisateur],
        lignes: Mapping[int, LigneRevue],
        soi: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.comptes, self.lignes = comptes, lignes
        for compte in comptes:
            self._add(compte, lignes.get(compte.pk), own=compte.pk == soi)

    def _add(self, compte: Utilisateur, ligne: LigneRevue | None, *, own: bool) -> None:
        choices = [c for c in ReponseRevue.choices if not (own and c[0] == ReponseRevue.PARTI)]
        self.fields[f"reponse_{compte.pk}"] = forms.ChoiceField(
            label=compte.get_full_name() + (" (vous)" if own else ""),
            choices=choices,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "ep-choices--inline"}),
            help_text=self._facts(compte, ligne),
            initial=ligne.reponse if ligne else None,
        )
        self.fields[f"fonction_{compte.pk}"] = forms.CharField(
            label="Nouvelle fonction",
            max_length=120,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            initial=ligne.fonction if ligne else "",
        )

    def _facts(self, compte: Utilisateur, ligne: LigneRevue | None) -> str:
        """What helps to answer; and the answer of a colleague, where it is not the one on the page."""
        facts = [str(Profil(compte.profil).label), compte.fonction, _last_seen(compte)]
        said = ". ".join(fact for fact in facts if fact) + "."
        if ligne is not None and self.is_bound and self.data.get(f"reponse_{compte.pk}") != ligne.reponse:
            said += f" Réponse déjà enregistrée\u00a0: {ligne.get_reponse_display()}."
        return said

    def lines(self) -> list[dict[str, Any]]:
        """The two fields of each account, for the page."""
        return [
            {
                "reponse": self[f"reponse_{compte.pk}"],
                "fonction": self[f"fonction_{compte.pk}"],
                "condition": f"reponse_{compte.pk}={ReponseRevue.CHANGE.value}",
            }
            for compte in self.comptes
        ]

    def reponses(self) -> dict[int, Reponse]:
        """What is said of each account that has an answer; the fonction counts only where it changed."""
        found = {}
        for compte in self.comptes:
            reponse = self.cleaned_data.get(f"reponse_{compte.pk}", "")
            fonction = " ".join(self.cleaned_data.get(f"fonction_{compte.pk}", "").split())
            if reponse:
                found[compte.pk] = Reponse(reponse, fonction if reponse == ReponseRevue.CHANGE else "")
        return found


def _last_seen(compte: Utilisateur) -> str:
    if compte.active_le is None:
        return "Invitation sans réponse"
    if compte.last_login is None:
        return "Aucune connexion"
    return f"Dernière connexion le {date_format(localtime(compte.last_login), 'd/m/Y')}"


class ConfirmationRevueForm(DomainErrorMixin, forms.Form):
    """« Confirmer la revue »: the accounts that were read, and who takes over from each technicien who left."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comptes = forms.RegexField(r"\A[0-9]+(,[0-9]+)*\Z", widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        partants: Iterable[Utilisateur],
        collegues: Iterable[Utilisateur],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partants = list(partants)
        self.collegues = {str(collegue.pk): collegue for collegue in collegues}
        choices = [
            ("", "À la structure\u00a0: à reprendre par un technicien"),
            *((key, collegue.get_full_name()) for key, collegue in self.collegues.items()),
        ]
        for partant in self.partants:
            field = forms.ChoiceField(
                label=f"À qui passent les demandes de {partant.get_full_name()}\u00a0?",
                choices=choices,
                required=False,
            )
            field.mark_optional = False  # type: ignore[attr-defined]
            self.fields[f"successeur_{partant.pk}"] = field

    def read(self) -> set[int]:
        """The accounts that were on the page."""
        return {int(pk) for pk in self.cleaned_data["comptes"].split(",")}

    def successors(self) -> dict[int, Utilisateur | None]:
        """The colleague chosen for each technicien who left, or None for the structure."""
        return {
            partant.pk: self.collegues.get(self.cleaned_data[f"successeur_{partant.pk}"])
            for partant in self.partants
        }
