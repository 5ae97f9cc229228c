"""The rules and expected pièces of the dossiers in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from caisses.admin import ADMINISTRER_CAISSE, ADMINISTRER_PORTAIL, DatedForm, ReferenceAdmin
from portal.admin_fields import LinesField, TickedField
from portal.admin_models import PortalModelAdmin
from signalements.kinds.dossier.enums import Nature, Situation
from signalements.kinds.dossier.models import PieceAttendue, RegleDossier


class RegleDossierForm(DatedForm):
    """A rule: where the right exists, its legal limit, when it is renewed."""

    departements_exclus = LinesField(
        label="Départements où il ne s’applique pas", required=False, help_text="Un numéro par ligne."
    )

    class Meta:
        model = RegleDossier
        fields = "__all__"


@admin.register(RegleDossier)
class RegleDossierAdmin(PortalModelAdmin):
    """The rules of each type of dossier: the national administrator edits them, a caisse reads them."""

    section, rank = "Référentiels", 40
    form = RegleDossierForm
    view_act = ADMINISTRER_CAISSE
    add_act = change_act = ADMINISTRER_PORTAIL
    list_display = ("type", "formulaire", "delai_legal_mois", "silence", "valide_du", "valide_au")

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """All of them."""
        return rows


class PieceAttendueForm(DatedForm):
    """An expected pièce and its conditions."""

    natures = TickedField(label="Pour ces demandes seulement", choices=Nature.choices, required=False)
    si_situations = TickedField(label="Si l’une de ces situations", choices=Situation.choices, required=False)
    sauf_situations = TickedField(label="Sauf dans ces situations", choices=Situation.choices, required=False)

    class Meta:
        model = PieceAttendue
        fields = "__all__"


@admin.register(PieceAttendue)
class PieceAttendueAdmin(ReferenceAdmin):
    """The pièces each type of dossier expects."""

    rank = 50
    form = PieceAttendueForm
    list_display = (
        "piece",
        "type_dossier",
        "obligatoire",
        "absence_admise",
        "portee",
        "valide_du",
        "valide_au",
    )
    list_filter = ("type_dossier",)
    list_select_related = ("type_piece", "caisse")
    search_fields = ("type_piece__libelle",)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """An entry keeps its type, its pièce and its caisse."""
        return ("type_dossier", "type_piece", "caisse") if obj else ()

    @admin.display(description="pièce", ordering="type_piece__libelle")
    def piece(self, obj: Any) -> str:
        """The name of the pièce."""
        return str(obj.type_piece)
