"""The bordereau navette: which dossiers a structure sent to a caisse over a period (UD21-II-N3-g)."""

import base64
import io
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import forms

from accounts.memberships import Membership
from caisses.enums import Fonction
from caisses.models import Caisse
from portal.ui.dates import DatePartielle, DateTroisChamps
from signalements.kinds.dossier.enums import TypeDossier

LONGEST = 92
"""Days of the longest period."""
PER_CODE = 60
"""References in one QR code."""


class NavetteForm(forms.Form):
    """The period, the caisse, the type of dossier."""

    mark_optional = False
    du = DateTroisChamps(label="Du", objet=" de début", year_min=2020, exemple="1 3 2027")
    au = DateTroisChamps(label="Au", objet=" de fin", year_min=2020, exemple="31 3 2027")
    caisse = forms.ChoiceField(label="Caisse")
    type = forms.ChoiceField(
        label="Type de dossier", required=False, choices=[("", "Tous les dossiers"), *TypeDossier.choices]
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = set(membership.caisses_avec(Fonction.DOSSIER))
        self.caisses = {c.caisse.code: c.caisse for c in membership.conventions if c.caisse_id in opened}
        caisse = self.fields["caisse"]
        assert isinstance(caisse, forms.ChoiceField)  # noqa: S101 declared above
        caisse.choices = [(code, found.nom) for code, found in self.caisses.items()]

    def clean(self) -> dict[str, Any]:
        """The end comes after the start, and the period is not too long."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("du"), data.get("au")
        if start and end and end.date < start.date:
            self.add_error("au", "La fin de la période vient après son début.")
        elif start and end and (end.date - start.date).days > LONGEST:
            self.add_error("au", f"Choisissez une période de {LONGEST} jours au plus.")
        return data

    def period(self) -> tuple[Caisse, date, date, datetime, datetime]:
        """The caisse, both days, and the moments they start and end in its time zone."""
        caisse = self.caisses[self.cleaned_data["caisse"]]
        first: DatePartielle = self.cleaned_data["du"]
        last: DatePartielle = self.cleaned_data["au"]
        zone = ZoneInfo(caisse.fuseau)
        start = datetime.combine(first.date, time.min, tzinfo=zone)
        end = datetime.combine(last.date + timedelta(days=1), time.min, tzinfo=zone)
        return caisse, first.date, last.date, start, end


def reference_codes(references: list[str]) -> list[str]:
    """The QR codes of a list of references, a reference a line, as images for a PDF."""
    found = []
    for rank in range(0, len(references), PER_CODE):
        image = io.BytesIO()
        segno.make("\n".join(references[rank : rank + PER_CODE]), error="m", micro=False).save(
            image, kind="svg", scale=3, border=2
        )
        found.append(f"data:image/svg+xml;base64,{base64.b64encode(image.getvalue()).decode()}")
    return found
