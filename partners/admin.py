"""Structures and conventions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from caisses.enums import Fonction
from partners.enums import NATURES_METIER, EtatConvention
from partners.models import Convention, Partenaire, Referent, Signataire
from partners.operations.conventions import check_activation, check_utilisation, claim_version
from partners.rules import displayed_state, end_of
from portal import clock
from portal.admin_fields import LinesField, TickedField
from portal.admin_models import PortalAdminForm, PortalModelAdmin, PortalTabularInline, can
from portal.errors import DomainError
from portal.ui.badges import badge
from portal.validators import normalise_domain, normalise_phone, normalise_siret

ADMINISTRER_CAISSE = "administrer_caisse"
LONGEST_TO_DO = 10


def own_caisse(form: PortalAdminForm, name: str) -> None:
    """Fix a form's caisse to that of its administrator: shown, and whatever is posted counts for nothing."""
    caisse = form.membership.caisse if form.membership else None
    if caisse is not None and name in form.fields:
        field: Any = form.fields[name]
        field.queryset = field.queryset.filter(pk=caisse.pk)
        if form.instance.pk is None:
            form.initial[name] = caisse.pk
        field.disabled = True


class PartenaireForm(PortalAdminForm):
    """A structure."""

    siret = forms.CharField(
        label="SIRET", max_length=24, help_text="14 chiffres. Exemple\u00a0: 264 210 295 00020."
    )
    representant_civilite = forms.ChoiceField(
        label="Civilité du représentant légal",
        choices=[("", "–"), ("MME", "Mme"), ("M", "M.")],
        required=False,
    )
    domaines_autorises = LinesField(
        label="Domaines d’adresses électroniques autorisés",
        clean_line=normalise_domain,
        required=False,
        help_text="Un domaine par ligne, tel que déclaré dans la convention. Exemple\u00a0: ville-exemple.fr.",
    )

    class Meta:
        model = Partenaire
        exclude = ("suspendu_le",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_caisse(self, "caisse_referente")
        if self.instance.pk and "caisse_referente" in self.fields:
            self.fields["caisse_referente"].disabled = True

    def clean_siret(self) -> str:
        """Fourteen digits with right keys."""
        return normalise_siret(self.cleaned_data["siret"])

    def clean_telephone(self) -> str:
        """The telephone in its stored form."""
        value = self.cleaned_data["telephone"]
        return normalise_phone(value) if value else ""


class SansGestionnaireFilter(admin.SimpleListFilter):
    """The structures that wait for a gestionnaire (a security cut may take the last one)."""

    title, parameter_name = "gestionnaires", "gestionnaires"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice."""
        return [("aucun", "Gestionnaire à désigner")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those without an active one."""
        return queryset.filter(gestionnaires_actifs=0) if self.value() == "aucun" else queryset


@admin.register(Partenaire)
class PartenaireAdmin(PortalModelAdmin):
    """The structures a caisse follows, with their quota of gestionnaires."""

    section, rank = "Conventions et structures", 20
    form = PartenaireForm
    view_act = add_act = change_act = ADMINISTRER_CAISSE
    list_display = ("raison_sociale", "type", "commune", "nombre_membres", "gestionnaires", "acces")
    list_filter = (SansGestionnaireFilter, "type")
    search_fields = ("raison_sociale", "commune", "siret")
    search_help_text = "Raison sociale, commune ou SIRET."
    ordering = ("raison_sociale", "id")
    readonly_fields = ("gestionnaires", "acces")
    fieldsets = (
        (
            "La structure",
            {
                "fields": (
                    "raison_sociale",
                    "type",
                    "siret",
                    "adresse",
                    "code_postal",
                    "commune",
                    "telephone",
                    "caisse_referente",
                )
            },
        ),
        (
            "Représentant légal et données personnelles",
            {"fields": ("representant_civilite", "representant_nom", "representant_qualite", "dpo_courriel")},
        ),
        ("Accès", {"fields": ("nombre_membres", "gestionnaires", "domaines_autorises", "acces")}),
    )

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """The structures the caisse follows, each with its count of gestionnaires."""
        return rows.visible_to(membership).with_gestionnaires()

    def tenant_of(self, obj: Any) -> dict[str, int | None]:
        """The structure and the caisse that declared it."""
        return {"caisse_id": obj.caisse_referente_id, "partenaire_id": obj.pk}

    def to_do(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The structures a caisse has to give a gestionnaire, with the page of each."""
        if not can(request, "gerer_gestionnaires"):
            return []
        rows = self.get_queryset(request).filter(gestionnaires_actifs=0)[:LONGEST_TO_DO]
        return [
            (
                f"Désigner un gestionnaire\u00a0: {row}",
                reverse("admin:partners_partenaire_change", args=[row.pk]),
            )
            for row in rows
        ]

    @admin.display(description="gestionnaires")
    def gestionnaires(self, obj: Partenaire) -> str:
        """« 2 sur 3 utilisés », and what is wrong with it."""
        if obj.pk is None:
            return "Leur nombre dépend du nombre de membres."
        used, quota = obj.gestionnaires_actifs, obj.quota_gestionnaires  # type: ignore[attr-defined]
        text = f"{used} sur {quota} utilisé{'s' if used > 1 else ''}"
        if used == 0:
            return badge(f"{text}\u00a0: gestionnaire à désigner", "danger", "attention")
        if used > quota:
            return badge(f"{text}\u00a0: plus aucun ajout possible", "warning", "attention")
        return text

    @admin.display(description="accès")
    def acces(self, obj: Partenaire) -> str:
        """Open, or cut since when."""
        if obj.suspendu_le is None:
            return "Ouvert"
        day = clock.local_date(obj.suspendu_le)
        return badge(f"Coupé le {day:%d/%m/%Y}", "danger", "cadenas")


class SignataireInline(PortalTabularInline):
    """Who signs, for which party, and when."""

    model = Signataire
    fields = ("partie", "nom", "qualite", "signee_le")
    view_act = change_act = ADMINISTRER_CAISSE


class ReferentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A référent."""

    def clean_telephone(self) -> str:
        """The telephone in its stored form."""
        value = self.cleaned_data["telephone"]
        return normalise_phone(value) if value else ""


class ReferentInline(PortalTabularInline):
    """The référents of each party."""

    model = Referent
    form = ReferentForm
    fields = ("partie", "nom", "fonction", "courriel", "telephone", "cas_urgents")
    view_act = change_act = ADMINISTRER_CAISSE


class ConventionForm(PortalAdminForm):
    """A convention; its caisse, structure and nature never change once it exists."""

    FIXED = ("caisse", "partenaire", "nature")

    fonctions = TickedField(
        label="Fonctions activées",
        choices=Fonction.choices,
        required=False,
        help_text="Pour une convention d’utilisation seulement. Effet à la page suivante des techniciens.",
    )
    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Convention
        exclude = ("version",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_caisse(self, "caisse")
        self.initial["version_lue"] = self.instance.version
        if self.instance.pk:
            for name in self.FIXED:
                if name in self.fields:
                    self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Check what the fields say together."""
        cleaned = super().clean()
        needed = ("caisse", "partenaire", "nature")
        if all(cleaned.get(name) for name in needed) and "adossee_a" not in self.errors:
            try:
                check_utilisation(
                    **{name: cleaned[name] for name in needed},
                    adossee_a=cleaned.get("adossee_a"),
                    fonctions=cleaned.get("fonctions") or (),
                )
            except DomainError as error:
                self.add_error(error.field, forms.ValidationError(error.message, code=error.code))
        return cleaned


@admin.register(Convention)
class ConventionAdmin(PortalModelAdmin):
    """The conventions of a caisse: what opens the portal to a structure."""

    section, rank = "Conventions et structures", 10
    form = ConventionForm
    view_act = add_act = change_act = ADMINISTRER_CAISSE
    autocomplete_fields = ("partenaire", "adossee_a")
    inlines = [SignataireInline, ReferentInline]
    list_display = ("reference", "partenaire", "nature", "caisse", "date_effet", "dernier_jour", "situation")
    list_filter = ("nature", "etat")
    list_select_related = ("partenaire", "caisse", "adossee_a")
    search_fields = ("reference", "partenaire__raison_sociale")
    search_help_text = "Référence ou structure."
    readonly_fields = ("situation",)
    fieldsets = (
        ("Les parties", {"fields": ("caisse", "partenaire", "nature", "reference", "adossee_a")}),
        (
            "La vie de la convention",
            {"fields": ("etat", "situation", "date_effet", "date_fin", "duree_mois")},
        ),
        (
            "Renouvellement et résiliation",
            {
                "fields": (
                    "reconduction",
                    "preavis_mois",
                    "mise_en_demeure_jours",
                    "mise_en_demeure_depart",
                )
            },
        ),
        ("Ce qu’elle ouvre", {"fields": ("fonctions", "documents_sortants", "version_lue")}),
    )

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """The conventions of one's caisse."""
        return rows.visible_to(membership)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A convention d'utilisation leans on métier ones only."""
        if db_field.name == "adossee_a":
            rows = self.get_queryset(request).filter(nature__in=NATURES_METIER)
            kwargs["queryset"] = rows.select_related("partenaire").order_by(
                "partenaire__raison_sociale", "pk"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Convention, form: Any, change: bool) -> None:
        """Save what was read from the form, unless somebody saved in between."""
        if change:
            claim_version(obj, form.cleaned_data.get("version_lue"))
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save signataires and référents, then see whether the convention may take effect."""
        super().save_related(request, form, formsets, change)
        if "etat" in form.changed_data and form.instance.etat == EtatConvention.ACTIVE:
            check_activation(form.instance)

    @admin.display(description="dernier jour")
    def dernier_jour(self, obj: Convention) -> str:
        """Its own last day, or that of the métier it leans on."""
        end = end_of(obj)
        return f"{end:%d/%m/%Y}" if end else "–"

    @admin.display(description="situation")
    def situation(self, obj: Convention) -> str:
        """How it stands today, in words."""
        if obj.pk is None:
            return "Nouvelle convention"
        shown = displayed_state(obj, obj.caisse.today())
        return badge(shown.texte, shown.ton, shown.icone)
