"""Announcements in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from caisses.admin.caisse import ADMINISTRER_PORTAIL
from caisses.enums import Fonction
from caisses.models import Annonce
from caisses.secours import refresh_pages
from portal import clock
from portal.admin_acts import ActsMixin
from portal.admin_fields import TickedField
from portal.admin_models import PortalAdminForm


class AnnonceForm(PortalAdminForm):
    """A banner, and the intervention it announces."""

    fonctions = TickedField(
        label="Fonctions indisponibles",
        choices=[(code, label) for code, label in Fonction.choices if code != Fonction.HISTORIQUE],
        required=False,
        help_text="Aucune cochée\u00a0: tout le portail.",
    )

    class Meta:
        model = Annonce
        fields = (
            "niveau",
            "titre",
            "texte",
            "debut",
            "fin",
            "caisse",
            "intervention_debut",
            "intervention_fin",
            "fonctions",
        )
        widgets = {"texte": forms.Textarea(attrs={"rows": 4, "cols": 60})}

    def clean(self) -> dict[str, Any]:
        """An intervention has both ends, and its banner stays until the last one."""
        cleaned = super().clean()
        start, end = cleaned.get("intervention_debut"), cleaned.get("intervention_fin")
        if (start is None) != (end is None):
            self.add_error(
                "intervention_fin" if end is None else "intervention_debut", "Donnez les deux heures."
            )
        elif start and end and end <= start:
            self.add_error("intervention_fin", "La fin vient après le début.")
        elif end and cleaned.get("fin") and cleaned["fin"] < end:
            self.add_error("fin", "Le bandeau reste affiché jusqu’à la fin de l’intervention.")
        if cleaned.get("fonctions") and start is None:
            self.add_error("intervention_debut", "Donnez les heures de l’intervention.")
        return cleaned


class IntervalFilter(admin.SimpleListFilter):
    """By whether they are shown now, later, or no more."""

    title, parameter_name = "affichage", "affichage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Now, later, over."""
        return [("maintenant", "En cours"), ("avenir", "À venir"), ("passees", "Passées")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those shown then."""
        now = clock.now()
        wanted = {
            "maintenant": Q(debut__lte=now, fin__gt=now),
            "avenir": Q(debut__gt=now),
            "passees": Q(fin__lte=now),
        }.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted)


@admin.register(Annonce)
class AnnonceAdmin(ActsMixin):
    """Banners shown to everybody, planned by the national administrator (art. 3.2)."""

    section, rank = "Annonces et conditions d’utilisation", 10
    form = AnnonceForm
    view_act = add_act = change_act = delete_act = ADMINISTRER_PORTAIL
    acts = {}
    list_display = ("titre", "niveau", "portee", "debut", "fin", "intervention_debut", "prevenus_le")
    list_filter = ("niveau", IntervalFilter)
    list_select_related = ("caisse",)
    search_fields = ("titre", "texte")

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """All of them."""
        return rows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The banner, then the intervention it announces."""
        banner = ("niveau", "titre", "texte", "debut", "fin", "caisse")
        work = ("intervention_debut", "intervention_fin", "fonctions")
        told = ("prevenus_le",) if obj is not None and obj.prevenus_le else ()
        return [("Le bandeau", {"fields": banner}), ("L’intervention prévue", {"fields": (*work, *told)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """When people were written to, the operation says."""
        return ("prevenus_le",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The page shown while the portal is away follows."""
        super().save_model(request, obj, form, change)
        refresh_pages()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """The same when it goes."""
        super().delete_model(request, obj)
        refresh_pages()

    @admin.display(description="caisse", ordering="caisse")
    def portee(self, obj: Annonce) -> str:
        """The caisse it is about, or all of them."""
        return str(obj.caisse) if obj.caisse_id else "Toutes"
