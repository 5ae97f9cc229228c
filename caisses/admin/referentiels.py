"""Reference lists in the admin: national entries, and those of one caisse."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from caisses.admin.caisse import ADMINISTRER_CAISSE, ADMINISTRER_PORTAIL
from caisses.enums import Fonction
from caisses.models import ModeleReponse, Motif, Ressource, TypePiece
from caisses.variables import VARIABLES, check_template
from portal import clock
from portal.admin_fields import LinesField, TickedField
from portal.admin_models import PortalAdminForm, PortalModelAdmin, can
from portal.errors import DomainError


class ReferenceAdmin(PortalModelAdmin):
    """An entry of a reference list: national, or of one caisse, which changes only its own."""

    section = "Référentiels"
    view_act = add_act = change_act = ADMINISTRER_CAISSE
    search_fields = ("libelle", "code")

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """The national entries and one's own."""
        rows = rows.select_related("caisse")
        return rows if membership.caisse is None else rows.for_caisse(membership.caisse)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The entries of a caisse's administrator are the caisse's."""
        return () if can(request, ADMINISTRER_PORTAIL) else ("caisse",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An entry keeps its code and its caisse: demandes hold them."""
        return ("code", "caisse") if obj and can(request, ADMINISTRER_PORTAIL) else ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add in one's own caisse."""
        if not change and request.membership.caisse_id is not None:  # type: ignore[attr-defined]
            obj.caisse_id = request.membership.caisse_id  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    @admin.display(description="portée", ordering="caisse")
    def portee(self, obj: Any) -> str:
        """National, or the caisse's name."""
        return str(obj.caisse) if obj.caisse_id else "Nationale"


class DatedForm(PortalAdminForm):
    """An entry with its dates of validity."""

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        cleaned = super().clean()
        start, end = cleaned.get("valide_du"), cleaned.get("valide_au")
        if start and end and end < start:
            self.add_error("valide_au", "La fin de validité vient après son début.")
        return cleaned


@admin.register(Motif)
class MotifAdmin(ReferenceAdmin):
    """Motifs: difficulties, causes, urgency, refusal…"""

    rank = 10
    form = DatedForm
    list_display = ("libelle", "liste", "code", "portee", "valide_du", "valide_au")
    list_filter = ("liste",)


class TypePieceForm(DatedForm):
    """A kind of pièce."""

    fonctions = TickedField(label="Fonctions", choices=Fonction.choices)

    class Meta:
        model = TypePiece
        fields = "__all__"


@admin.register(TypePiece)
class TypePieceAdmin(ReferenceAdmin):
    """Kinds of pièces."""

    rank = 20
    form = TypePieceForm
    list_display = ("libelle", "code", "portee", "valide_du", "valide_au")


class RessourceForm(DatedForm):
    """A resource to look at before writing to the caisse."""

    url = forms.URLField(label="Adresse", required=False, assume_scheme="https", max_length=200)
    objets = LinesField(
        label="Objets de message concernés",
        help_text="Codes de la liste «\u00a0Objets d’un message à la caisse\u00a0», un par ligne.",
    )

    class Meta:
        model = Ressource
        fields = "__all__"


@admin.register(Ressource)
class RessourceAdmin(ReferenceAdmin):
    """Pages and numbers shown before a message to the caisse."""

    rank = 30
    form = RessourceForm
    list_display = ("libelle", "code", "url", "portee", "valide_du", "valide_au")


class ModeleForm(PortalAdminForm):
    """A reply template."""

    fonctions = TickedField(
        label="Services",
        choices=[(code, label) for code, label in Fonction.choices if code != Fonction.HISTORIQUE],
        required=False,
        help_text="Aucun coché\u00a0: le modèle est proposé pour tous les services.",
    )

    class Meta:
        model = ModeleReponse
        fields = ("nom", "moment", "fonctions", "texte", "actif", "caisse")
        help_texts = {
            "texte": "Variables possibles\u00a0: "
            + ", ".join(f"{{{name}}} ({words})" for name, words in VARIABLES.items())
            + ". N’y mettez rien qui concerne une personne.",
            "actif": "Un modèle décoché n’est plus proposé aux agents.",
        }

    def clean_fonctions(self) -> list[str]:
        """In one order, so that nothing seems changed."""
        return sorted(self.cleaned_data["fonctions"])

    def clean_texte(self) -> str:
        """The text; a variable that is not of the palette is named, and no number may look like a NIR."""
        texte = str(self.cleaned_data["texte"]).strip()
        try:
            check_template(texte)
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from error
        return texte


@admin.register(ModeleReponse)
class ModeleAdmin(ReferenceAdmin):
    """Reply templates. One that is no longer wanted is unticked: how often it was used is kept."""

    rank = 40
    form = ModeleForm
    list_display = ("nom", "moment", "portee", "actif", "modifie_le")
    list_filter = ("moment", "actif")
    search_fields = ("nom", "texte")
    journal_name = "modele"

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """The national ones and one's own."""
        rows = rows.select_related("caisse")
        return rows if membership.caisse_id is None else rows.for_caisse(membership.caisse_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A template keeps its caisse."""
        return ("caisse",) if obj and can(request, ADMINISTRER_PORTAIL) else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """When it was last written."""
        obj.modifie_le = clock.now()
        super().save_model(request, obj, form, change)
