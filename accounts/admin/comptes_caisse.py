"""The accounts of the caisses themselves."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from accounts.admin.comptes import IDENTITE_COMPTE, CompteAdmin, CompteForm
from accounts.admin.comptes_partenaires import ConnexionFilter, EtatFilter
from accounts.admin.filtres import EcheanceFilter
from accounts.enums import PROFILS_CAISSE, Profil
from accounts.models import CompteCaisse, RoleCaisse, Utilisateur
from accounts.operations.equipes import set_team
from accounts.operations.gestionnaires import create_compte_caisse
from accounts.permissions import Act
from caisses.models import Caisse, Equipe

PROFILS = [
    (profil.value, profil.label)
    for profil in (Profil.AGENT, Profil.CONSEILLER_MAS, Profil.SUPERVISEUR, Profil.ADMIN_CAISSE)
]


class CompteCaisseForm(CompteForm):
    """An account of a caisse to open, or whose contact changes."""

    caisse = forms.ModelChoiceField(label="Caisse", queryset=Caisse.objects.none())
    profil = forms.ChoiceField(label="Profil", choices=PROFILS, widget=forms.RadioSelect)

    class Meta:
        model = CompteCaisse
        fields = ("profil", *IDENTITE_COMPTE, "equipe")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_teams()
        if self.instance.pk:
            del self.fields["caisse"]
            return
        field: Any = self.fields["caisse"]
        own = self.membership.caisse if self.membership else None
        field.queryset = Caisse.objects.filter(pk=own.pk) if own else Caisse.objects.all()
        if own:
            self.initial["caisse"] = own.pk
            field.disabled = True

    def _offer_teams(self) -> None:
        """The teams of the account's caisse; where the caisse is still to choose, the team comes later."""
        if "equipe" not in self.fields:
            return
        caisse = self.membership.caisse_id if self.membership else None
        if self.instance.pk:
            role = RoleCaisse.objects.filter(user=self.instance.pk)
            caisse = role.values_list("content_object_id", flat=True).first()
        field: Any = self.fields["equipe"]
        field.queryset = Equipe.objects.filter(caisse_id=caisse)
        field.empty_label = "Aucune"


class ProfilCaisseFilter(admin.SimpleListFilter):
    """By profile."""

    title, parameter_name = "profil", "profil"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The profiles of a caisse."""
        return list(PROFILS)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The accounts of this profile."""
        return queryset.filter(profil=self.value()) if self.value() in PROFILS_CAISSE else queryset


@admin.register(CompteCaisse)
class CompteCaisseAdmin(CompteAdmin):
    """Agents, conseillers, superviseurs and administrateurs of a caisse."""

    rank = 20
    form = CompteCaisseForm
    view_act = add_act = change_act = Act.ADMINISTRER_CAISSE
    organisation_field = "caisse_nom"
    list_display = ("nom_complet", "identifiant", "profil", "caisse_nom", "etat_affiche", "last_login")
    list_filter = (ProfilCaisseFilter, EtatFilter, ConnexionFilter, EcheanceFilter)

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """With the caisse's name, in the same query."""
        role = RoleCaisse.objects.filter(user=OuterRef("pk"))
        mine = super().visible(rows, membership).filter(profil__in=PROFILS_CAISSE)
        return mine.annotate(
            caisse_affichee=Subquery(role.values("content_object__nom")[:1]),
            fuseau_affiche=Subquery(role.values("content_object__fuseau")[:1]),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The caisse and the profile are chosen once."""
        if obj is None:
            own = getattr(request, "membership", None)
            team = ("equipe",) if own is not None and own.caisse_id else ()
            return [("Le compte à ouvrir", {"fields": ("caisse", "profil", *self.identity, *team)})]
        return self.account_fieldsets(request, obj, "equipe")

    def create(self, request: HttpRequest, form: Any) -> Utilisateur:
        """Open the account."""
        return create_compte_caisse(
            actor=request.membership,  # type: ignore[attr-defined]
            caisse=form.cleaned_data["caisse"],
            profil=Profil(form.cleaned_data["profil"]),
            identite=form.identite(),
            identifiant=form.cleaned_data["identifiant"],
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The account by its operations, then its team."""
        super().save_model(request, obj, form, change)
        if "equipe" in form.changed_data:
            set_team(
                actor=request.membership,  # type: ignore[attr-defined]
                compte=Utilisateur.objects.get(pk=obj.pk),
                equipe=form.cleaned_data["equipe"],
            )

    @admin.display(description="nom", ordering="nom")
    def nom_complet(self, obj: Utilisateur) -> str:
        """Name and first name."""
        return f"{obj.nom} {obj.prenom}"

    @admin.display(description="caisse", ordering="caisse_affichee")
    def caisse_nom(self, obj: Any) -> str:
        """The caisse."""
        return obj.caisse_affichee or "–"
