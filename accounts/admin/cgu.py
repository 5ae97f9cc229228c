"""Versions of the conditions of use."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import VersionCgu
from accounts.permissions import Act
from portal import clock
from portal.admin_models import PortalAdminForm, PortalModelAdmin


class VersionCguForm(PortalAdminForm):
    """A version to come."""

    class Meta:
        model = VersionCgu
        fields = ("numero", "publiee_le", "resume", "changements", "texte")
        widgets = {
            "resume": forms.Textarea(attrs={"rows": 6, "cols": 80}),
            "changements": forms.Textarea(attrs={"rows": 4, "cols": 80}),
            "texte": forms.Textarea(attrs={"rows": 20, "cols": 80}),
        }

    def clean_publiee_le(self) -> Any:
        """Nobody accepts a text that was in force before it was written."""
        value = self.cleaned_data["publiee_le"]
        if self.instance.pk is None and value < clock.now() - timedelta(minutes=5):
            raise forms.ValidationError("Choisissez une date à venir.")
        return value


@admin.register(VersionCgu)
class VersionCguAdmin(PortalModelAdmin):
    """The conditions of use: a version that is published is never touched again."""

    section, rank = "Annonces et conditions d’utilisation", 20
    form = VersionCguForm
    view_act = add_act = change_act = Act.ADMINISTRER_PORTAIL
    list_display = ("numero", "publiee_le")
    search_fields = ("numero", "resume")

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """All of them."""
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until it is published."""
        published = obj is not None and obj.publiee_le <= clock.now()
        return not published and super().has_change_permission(request, obj)
