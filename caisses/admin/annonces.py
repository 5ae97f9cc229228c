"""Announcements in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet

from caisses.admin.caisse import ADMINISTRER_PORTAIL
from caisses.models import Annonce
from portal.admin_models import PortalAdminForm, PortalModelAdmin


class AnnonceForm(PortalAdminForm):
    """A banner."""

    class Meta:
        model = Annonce
        fields = ("niveau", "titre", "texte", "debut", "fin")
        widgets = {"texte": forms.Textarea(attrs={"rows": 4, "cols": 60})}


@admin.register(Annonce)
class AnnonceAdmin(PortalModelAdmin):
    """Banners shown to everybody, planned by the national administrator (art. 3.2)."""

    section, rank = "Annonces et conditions d’utilisation", 10
    form = AnnonceForm
    view_act = add_act = change_act = delete_act = ADMINISTRER_PORTAIL
    list_display = ("titre", "niveau", "debut", "fin")
    list_filter = ("niveau",)
    search_fields = ("titre", "texte")

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """All of them."""
        return rows
