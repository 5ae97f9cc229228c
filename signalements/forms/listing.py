"""The filters of the list of the structure's demandes; the address holds them all."""

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.timezone import make_aware

from accounts.memberships import Membership
from portal import clock
from portal.ui.light_select import LightSelect
from signalements.enums import Issue, Statut
from signalements.forms.file import FILTER
from signalements.kinds.registry import kind_by_slug, kinds
from signalements.labels import SERVICES
from signalements.queries.motifs import motifs_to_search
from signalements.queries.partner import LONGEST_SEARCH, Filtres

PERIODES = {
    "": "Toutes les dates",
    "7": "7 derniers jours",
    "31": "31 derniers jours",
    "365": "12 derniers mois",
}


class FiltresForm(forms.Form):
    """The search and filters of the list; a value that is not offered narrows nothing."""

    mark_optional = False

    q = forms.CharField(
        label="Rechercher",
        max_length=LONGEST_SEARCH,
        required=False,
        help_text="Nom, date de naissance ou référence.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    statut = forms.ChoiceField(
        label="Statut", required=False, choices=[("", "Tous les statuts"), *Statut.choices]
    )
    service = forms.ChoiceField(
        label="Service",
        required=False,
        choices=[("", "Tous les services"), *((code.value, name) for code, name in SERVICES.items())],
    )
    technicien = forms.ChoiceField(
        label="Technicien", required=False, choices=[("", "Toute la structure"), ("moi", "Moi")]
    )
    motif = forms.ChoiceField(label="Motif", required=False)
    issue = forms.ChoiceField(label="Issue", required=False)
    caisse = forms.ChoiceField(label="Caisse", required=False)
    periode = forms.ChoiceField(label="Dernière action", required=False, choices=list(PERIODES.items()))
    urgence = forms.ChoiceField(
        label="Urgence", required=False, choices=[("", "Urgentes ou non"), ("oui", "Urgentes")]
    )
    retard = forms.ChoiceField(
        label="Échéance", required=False, choices=[("", "Dépassée ou non"), ("oui", "En retard")]
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        caisses = [(c.caisse.code, c.caisse.nom) for c in membership.conventions]
        self._offer("issue", [("", "Toutes les issues"), *_issues()])
        self._offer("motif", [("", "Tous les motifs"), *motifs_to_search(membership)])
        self._offer("caisse", [("", "Toutes les caisses"), *caisses])
        if len(caisses) < 2:
            del self.fields["caisse"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = choices

    def filtres(self) -> Filtres:
        """What to narrow the list to."""
        self.is_valid()
        data = self.cleaned_data
        by_code = {c.caisse.code: c.caisse_id for c in self.membership.conventions}
        days = data.get("periode")
        slug, _, motif = data.get("motif", "").partition(".")
        kind = kind_by_slug(slug)
        return Filtres(
            statut=data.get("statut", ""),
            fonction=data.get("service", ""),
            caisse_id=by_code.get(data.get("caisse", "")),
            auteur_id=self.membership.acteur_id if data.get("technicien") == "moi" else None,
            depuis=_days_ago(int(days)) if days else None,
            issue=data.get("issue", ""),
            urgente=data.get("urgence") == "oui",
            motif_de=kind.fonction if kind else "",
            motif=motif if kind else "",
            retard_a=clock.now() if data.get("retard") else None,
            recherche=data.get("q", ""),
        )

    def selects(self) -> list[tuple[str, str, SafeString]]:
        """The lists to draw: name, label, control with what the address says."""
        return [
            (
                name,
                str(field.label),
                LightSelect(FILTER, field.choices).render(
                    name, self.cleaned_data.get(name, ""), {"id": f"id_{name}"}
                ),
            )
            for name, field in self.fields.items()
            if isinstance(field, forms.ChoiceField)
        ]

    @property
    def actifs(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.cleaned_data.get(name) for name in self.fields)

    @property
    def choisis(self) -> bool:
        """Whether a filter is chosen, whatever is searched."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "q")


@cache
def _issues() -> list[tuple[str, str]]:
    """The outcomes that some kind may give, in the order they are declared."""
    given = {issue for kind in kinds().values() for issue in kind.issues} | {Issue.SANS_SUITE}
    return [(issue.value, str(issue.label)) for issue in Issue if issue in given]


def _days_ago(days: int) -> datetime:
    """The first moment of the day, so many days ago."""
    return make_aware(datetime.combine(clock.today() - timedelta(days=days), time.min))
