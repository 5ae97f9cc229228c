"""The rows of the page of a convention: who signs, who is written to, its text, what happened."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from partners.admin.fields import ADMINISTRER_CAISSE
from partners.enums import EtatConvention
from partners.models import (
    Avenant,
    ChangementReferent,
    Convention,
    MembreUnion,
    PassageConvention,
    Referent,
    Signataire,
    TexteConvention,
)
from partners.operations.avenants import changes_in_words
from portal.admin_models import PortalAdminForm, PortalTabularInline, RoleMixin
from portal.validators import normalise_phone, readable_phone


def is_draft(convention: Convention | None) -> bool:
    """Whether its text has not gone round yet."""
    return convention is None or convention.etat == EtatConvention.BROUILLON


class ReferentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A référent."""

    def clean_telephone(self) -> str:
        """The telephone in its stored form."""
        value = self.cleaned_data["telephone"]
        return normalise_phone(value) if value else ""


class DraftInline(PortalTabularInline):
    """Rows that are fixed once the text goes round."""

    view_act = change_act = ADMINISTRER_CAISSE

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the text goes round."""
        return super().has_change_permission(request, obj) and is_draft(obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the text goes round."""
        return super().has_add_permission(request, obj) and is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the text goes round."""
        return super().has_delete_permission(request, obj) and is_draft(obj)


class SignataireInline(DraftInline):
    """Who signs, for which party, and when."""

    model = Signataire
    fields = ("partie", "organisme", "nom", "qualite", "signee_le")
    readonly_fields = ("signee_le",)


class ReferentInline(DraftInline):
    """The référents of each party; once the text goes round they change by their act, which keeps the former ones."""

    model = Referent
    form = ReferentForm
    fields = ("partie", "nom", "fonction", "courriel", "telephone", "cas_urgents", "depuis")
    readonly_fields = ("telephone_lisible",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The telephone as it is stored where it is typed, as it is said where it is read."""
        said = "telephone" if self.has_change_permission(request, obj) else "telephone_lisible"
        return [said if name == "telephone" else name for name in self.fields]

    @admin.display(description="téléphone")
    def telephone_lisible(self, obj: Referent) -> str:
        """By pairs of figures."""
        return readable_phone(obj.telephone) or "–"


class MembreInline(PortalTabularInline):
    """The members of a union, with the level each commits itself to."""

    model = MembreUnion
    fields = ("nom", "niveau", "partenaire")
    autocomplete_fields = ("partenaire",)
    view_act = change_act = ADMINISTRER_CAISSE


class AvenantInline(PortalTabularInline):
    """The avenants, read only: they are written and signed by their acts."""

    model = Avenant
    fields = readonly_fields = ("numero", "objet", "changes", "situation")
    view_act = ADMINISTRER_CAISSE

    @admin.display(description="ce qu’il change")
    def changes(self, obj: Avenant) -> str:
        """Each field with its new value."""
        return (
            "\u00a0; ".join(f"{name}\u00a0: {value}" for name, value in changes_in_words(obj.changements))
            or "–"
        )

    @admin.display(description="situation")
    def situation(self, obj: Avenant) -> str:
        """In signature, in force since, given up."""
        return obj.etat_affiche


class ChangementInline(PortalTabularInline):
    """The changes of référents, read only."""

    model = ChangementReferent
    fields = readonly_fields = ("partie", "nature", "ancien_nom", "nom", "etat", "propose_le", "decide_le")
    view_act = ADMINISTRER_CAISSE


class TexteInline(RoleMixin, admin.StackedInline):
    """The text, taken from the model and its own from then on; fixed once it goes round."""

    model = TexteConvention
    form = PortalAdminForm
    fields = ("intitule", "comite", "comite_mois", "exemplaires", "texte", "annexes")
    classes = ("collapse",)
    extra, can_delete = 0, False
    view_act = change_act = ADMINISTRER_CAISSE

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the text goes round."""
        return super().has_change_permission(request, obj) and is_draft(obj)


class PassageInline(PortalTabularInline):
    """What happened to the convention, read only."""

    model = PassageConvention
    verbose_name_plural = "Ce qui s’est passé"
    fields = readonly_fields = ("le", "acte", "vers", "jour", "partie", "commentaire")
    view_act = ADMINISTRER_CAISSE
