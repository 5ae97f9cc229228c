"""Structures in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse

from partners.admin.fields import ADMINISTRER_CAISSE, own_caisse
from partners.models import Partenaire
from partners.queries import with_opening
from portal import clock
from portal.admin_acts import ActsMixin
from portal.admin_fields import LinesField
from portal.admin_index import Figure
from portal.admin_models import PortalAdminForm, can
from portal.ui.badges import badge
from portal.validators import normalise_domain, normalise_phone, normalise_siret

LONGEST_TO_DO = 10


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


class QuotaFilter(admin.SimpleListFilter):
    """By how much of their quota of gestionnaires they use; a security cut may take the last one."""

    title, parameter_name = "gestionnaires", "gestionnaires"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """From none to more than the quota."""
        return [
            ("aucun", "Gestionnaire à désigner"),
            ("places", "Places libres"),
            ("complet", "Au complet"),
            ("depasse", "Au-delà du quota"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those that use this much."""
        wanted = {
            "aucun": Q(gestionnaires_actifs=0),
            "places": Q(gestionnaires_actifs__lt=F("places")),
            "complet": Q(gestionnaires_actifs=F("places")),
            "depasse": Q(gestionnaires_actifs__gt=F("places")),
        }.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted, ouverte=True)


class AccesFilter(admin.SimpleListFilter):
    """By access: open, or cut for security."""

    title, parameter_name = "accès", "acces"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Open or cut."""
        return [("ouvert", "Ouvert"), ("coupe", "Coupé")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those whose access is so."""
        if self.value() not in {"ouvert", "coupe"}:
            return queryset
        return queryset.filter(suspendu_le__isnull=self.value() == "ouvert")


@admin.register(Partenaire)
class PartenaireAdmin(ActsMixin):
    """The structures a caisse follows, with their quota of gestionnaires."""

    section, rank = "Conventions et structures", 20
    named_by_object = True
    acts = {}
    form = PartenaireForm
    view_act = add_act = change_act = ADMINISTRER_CAISSE
    list_display = ("raison_sociale", "type", "commune", "nombre_membres", "gestionnaires", "acces")
    list_filter = (QuotaFilter, AccesFilter, "type")
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
        return with_opening(rows.visible_to(membership).with_quota(), membership)

    def tenant_of(self, obj: Any) -> dict[str, int | None]:
        """The structure and the caisse that declared it."""
        return {"caisse_id": obj.caisse_referente_id, "partenaire_id": obj.pk}

    def figures(self, request: HttpRequest) -> list[Figure]:
        """How many gestionnaires for how many places where the portal is open, and how many structures are full."""
        rows = self.get_queryset(request).order_by()
        counts = rows.aggregate(
            used=Sum("gestionnaires_actifs", filter=Q(ouverte=True)),
            quota=Sum("places", filter=Q(ouverte=True)),
            full=Count("pk", filter=Q(ouverte=True, gestionnaires_actifs__gte=F("places"))),
        )
        full, listed = counts["full"] or 0, reverse("admin:partners_partenaire_changelist")
        said = f"{full} structure{'s' if full > 1 else ''} au complet" if full else ""
        return [
            Figure(
                "comptes de gestionnaire utilisés", counts["used"] or 0, listed, counts["quota"] or 0, said
            )
        ]

    def to_do(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The structures a caisse has to give a gestionnaire, with the page of each."""
        if not can(request, "gerer_gestionnaires"):
            return []
        rows = self.get_queryset(request).filter(gestionnaires_actifs=0, ouverte=True)[:LONGEST_TO_DO]
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
        if used == 0 and not obj.ouverte:  # type: ignore[attr-defined]
            return "Aucun\u00a0: pas de convention d’utilisation"
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
