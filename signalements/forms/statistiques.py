"""What narrows the statistics: a period of whole months, a structure, a service."""

from datetime import date
from typing import Any

from django import forms

from portal.ui.light_select import LightSelect
from signalements.queries.statistiques import Champ, Periode, next_month

FILTER = {"class": "form-select"}
DOUZE_MOIS = "12"
PERIODES = {
    "3": "3 derniers mois",
    DOUZE_MOIS: "12 derniers mois",
    "annee": "Cette année",
    "annee-passee": "L’année passée",
}


def periode_of(code: str, today: date) -> Periode:
    """The whole months of a choice, the current one included; another code is the last twelve."""
    current = today.replace(day=1)
    if code == "annee":
        return Periode(date(today.year, 1, 1), next_month(current))
    if code == "annee-passee":
        return Periode(date(today.year - 1, 1, 1), date(today.year, 1, 1))
    back = int(code) if code in {"3", DOUZE_MOIS} else int(DOUZE_MOIS)
    months = today.year * 12 + today.month - back
    return Periode(date(months // 12, months % 12 + 1, 1), next_month(current))


class StatistiquesForm(forms.Form):
    """The filters of the statistics; a value that is not offered narrows nothing."""

    mark_optional = False

    periode = forms.ChoiceField(
        label="Période", required=False, choices=list(PERIODES.items()), widget=LightSelect(FILTER)
    )
    service = forms.ChoiceField(label="Service", required=False, widget=LightSelect(FILTER))
    structure = forms.ChoiceField(label="Structure", required=False, widget=LightSelect(FILTER))

    def __init__(
        self,
        *args: Any,
        structures: list[tuple[int, str]],
        services: list[tuple[str, str]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"periode": DOUZE_MOIS}, **kwargs)
        self.today = today
        self.fields["structure"].choices = [("", "Toutes"), *((str(pk), name) for pk, name in structures)]
        self.fields["service"].choices = [("", "Tous"), *services]
        if len(services) < 2:
            del self.fields["service"]

    def champ(self) -> Champ:
        """What is counted."""
        self.is_valid()
        data = self.cleaned_data
        structure = data.get("structure")
        return Champ(
            periode_of(data.get("periode", ""), self.today),
            int(structure) if structure else None,
            data.get("service", ""),
        )

    def address(self) -> dict[str, str]:
        """The filters, as they stand in an address."""
        return {name: value for name, value in self.cleaned_data.items() if value}
