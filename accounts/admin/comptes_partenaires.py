"""The accounts of the structures: gestionnaires habilitated by the caisse, techniciens it may only cut."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.admin.comptes import IDENTITE_COMPTE, CompteAdmin, CompteForm, MotifSecuriteForm
from accounts.admin.filtres import EcheanceFilter
from accounts.enums import PROFILS_PARTENAIRE, CanalDemande, Profil
from accounts.models import ComptePartenaire, RolePartenaire, Utilisateur
from accounts.operations import coupures
from accounts.operations.gestionnaires import DemandeRecue, create_gestionnaire
from accounts.permissions import Act
from accounts.tableaux import tableau_response
from partners.admin import PartenaireAdmin
from partners.models import Partenaire
from portal import clock
from portal.admin_acts import ActForm, AdminAct
from portal.exports import FORMATS

HORS_PORTAIL = tuple(canal for canal in CanalDemande if canal != CanalDemande.PORTAIL)


class GestionnaireForm(CompteForm):
    """A gestionnaire to habilitate, or whose contact changes."""

    structure = forms.ModelChoiceField(label="Structure", queryset=Partenaire.objects.none())
    demande_le = forms.DateField(
        label="Demande de la structure reçue le",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Un gestionnaire change à la demande de sa structure (art. 2.2.2). Gardé dans le journal.",
    )
    demande_par = forms.ChoiceField(
        label="Reçue par",
        required=False,
        choices=[("", "–"), *((canal.value, canal.label) for canal in HORS_PORTAIL)],
    )
    derogation = forms.BooleanField(
        label="Accepter une adresse hors des domaines de la structure",
        required=False,
        help_text="Dérogation de la caisse, gardée dans le journal.",
    )

    class Meta:
        model = ComptePartenaire
        fields = IDENTITE_COMPTE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["structure"]
        else:
            del self.fields["demande_le"], self.fields["demande_par"]
            field: Any = self.fields["structure"]
            field.queryset = Partenaire.objects.visible_to(self.membership)
            role = RolePartenaire._meta.get_field("content_object")
            field.widget = AutocompleteSelect(
                role, admin.site, attrs={"data-width": "100%"}, choices=field.choices
            )

    def demande(self) -> DemandeRecue | None:
        """The letter, mail or call that asks for the change."""
        day, canal = self.cleaned_data.get("demande_le"), self.cleaned_data.get("demande_par")
        return DemandeRecue(day, CanalDemande(canal)) if day and canal else None

    def clean(self) -> dict[str, Any]:
        """A request has its day and its way."""
        cleaned = super().clean()
        if cleaned.get("demande_le") and not cleaned.get("demande_par"):
            self.add_error("demande_par", "Indiquez comment la structure l’a demandé.")
        return cleaned


class ProfilFilter(admin.SimpleListFilter):
    """By profile."""

    title, parameter_name = "profil", "profil"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two profiles of a structure."""
        return [(p.value, p.label) for p in (Profil.GESTIONNAIRE, Profil.TECHNICIEN)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The accounts of this profile."""
        return queryset.filter(profil=self.value()) if self.value() in PROFILS_PARTENAIRE else queryset


class EtatFilter(admin.SimpleListFilter):
    """By state."""

    title, parameter_name = "état", "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states of an account."""
        return [("ACTIF", "Actif"), ("INVITE", "Invitation envoyée"), ("INACTIF", "Inactif")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The accounts in this state."""
        return queryset.in_state(self.value()) if self.value() else queryset  # type: ignore[attr-defined]


class ConnexionFilter(admin.SimpleListFilter):
    """By last sign-in."""

    title, parameter_name = "dernière connexion", "connexion"
    delays = (90, 180, 365)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Never, or not for some time."""
        ago = [(str(days), f"Aucune depuis {days}\u00a0jours") for days in self.delays]
        return [("recente", f"Depuis moins de {self.delays[0]}\u00a0jours"), *ago, ("jamais", "Jamais")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The accounts whose last sign-in is so; « aucune depuis » counts active ones only."""
        asked = self.value() or ""
        if asked == "jamais":
            return queryset.filter(last_login=None)
        if asked == "recente":
            return queryset.filter(last_login__gte=clock.now() - timedelta(days=self.delays[0]))
        if asked in map(str, self.delays):
            return queryset.not_seen_since(clock.now() - timedelta(days=int(asked)))  # type: ignore[attr-defined,no-any-return]
        return queryset


@admin.register(ComptePartenaire)
class ComptePartenaireAdmin(CompteAdmin):
    """Gestionnaires and techniciens of the structures a caisse follows."""

    rank = 10
    form = GestionnaireForm
    view_act = Act.ADMINISTRER_CAISSE
    organisation_field = "structure_nom"
    add_act = change_act = Act.GERER_GESTIONNAIRES
    list_display = ("nom_complet", "identifiant", "structure_nom", "profil", "etat_affiche", "last_login")
    list_filter = (ProfilFilter, EtatFilter, ConnexionFilter, EcheanceFilter)

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """With the structure's name, in the same query."""
        role = RolePartenaire.objects.filter(user=OuterRef("pk"))
        mine = super().visible(rows, membership).filter(profil__in=PROFILS_PARTENAIRE)
        return mine.annotate(
            structure_affichee=Subquery(role.values("content_object__raison_sociale")[:1]),
            structure_id=Subquery(role.values("content_object_id")[:1]),
            fuseau_affiche=Subquery(role.values("content_object__caisse_referente__fuseau")[:1]),
        )

    def get_urls(self) -> list[Any]:
        """With the tableau d’habilitations of the structures that are followed, one address a format."""
        return [
            path(
                f"tableau-habilitations.{format}",
                self.admin_site.admin_view(self.table_view),
                {"format": format},
                name=f"accounts_comptepartenaire_tableau_{format}",
            )
            for format in FORMATS
        ] + super().get_urls()

    @method_decorator(require_safe)
    def table_view(self, request: HttpRequest, format: str) -> HttpResponse:
        """Every account of the structures this administrator follows, as a file; journaled."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return tableau_response(request.membership, format)  # type: ignore[attr-defined]

    def manages(self, request: HttpRequest, obj: Any = None) -> bool:
        """The caisse changes gestionnaires; techniciens are their gestionnaires' business."""
        return super().manages(request) and (obj is None or obj.profil == Profil.GESTIONNAIRE)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The structure is chosen once."""
        if obj is None:
            return [("Le gestionnaire à habiliter", {"fields": ("structure", *self.identity, "derogation")})]
        extra = (
            ("demande_le", "demande_par", "derogation") if self.has_change_permission(request, obj) else ()
        )
        return self.account_fieldsets(request, obj, *extra)

    def create(self, request: HttpRequest, form: Any) -> Utilisateur:
        """Habilitate the gestionnaire."""
        return create_gestionnaire(
            actor=request.membership,  # type: ignore[attr-defined]
            partenaire=form.cleaned_data["structure"],
            identite=form.identite(),
            identifiant=form.cleaned_data["identifiant"],
            derogation=form.cleaned_data["derogation"],
        )

    @admin.display(description="nom", ordering="nom")
    def nom_complet(self, obj: Utilisateur) -> str:
        """Name and first name."""
        return f"{obj.nom} {obj.prenom}"

    @admin.display(description="structure", ordering="structure_affichee")
    def structure_nom(self, obj: Any) -> str:
        """The structure."""
        return obj.structure_affichee or "–"


PartenaireAdmin.acts = {
    **PartenaireAdmin.acts,
    "couper": AdminAct(
        titre="Couper l’accès de la structure",
        bouton="Couper l’accès de la structure",
        consequences=lambda structure: (
            "Aucun technicien de la structure ne peut plus faire, suivre ni compléter de demande, à la page suivante.",
            "Toutes les caisses avec lesquelles elle travaille sont concernées.",
            "Les comptes restent tels qu’ils sont\u00a0: rétablir l’accès rend tout.",
            "Les sessions ouvertes sont fermées. Les gestionnaires peuvent se connecter pour lire l’avis daté (PDF).",
            "Les gestionnaires et les référents de la structure sont prévenus.",
        ),
        fait="L’accès est coupé. L’avis remis à la structure est dans «\u00a0Avis de sécurité\u00a0».",
        possible=lambda structure: structure.suspendu_le is None,
        run=lambda actor, structure, said: coupures.cut_structure(
            actor=actor, partenaire=structure, motif=said["motif"], faits=said["faits"]
        ),
        form=MotifSecuriteForm,
        act=Act.COUPER_ACCES,
        danger=True,
    ),
    "retablir": AdminAct(
        titre="Rétablir l’accès de la structure",
        bouton="Rétablir l’accès",
        consequences=lambda structure: (
            "Les conventions en cours ouvrent de nouveau le portail à la structure.",
        ),
        fait="L’accès est rétabli.",
        possible=lambda structure: structure.suspendu_le is not None,
        run=lambda actor, structure, said: coupures.restore_structure(actor=actor, partenaire=structure),
        form=ActForm,
        act=Act.COUPER_ACCES,
    ),
}
