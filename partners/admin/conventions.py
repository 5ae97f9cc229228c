"""Conventions in the admin: what opens the portal to a structure."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from caisses.enums import Fonction
from partners.admin.actes import ACTES
from partners.admin.complements import INLINES, PAPIERS
from partners.admin.fields import ADMINISTRER_CAISSE, own_caisse
from partners.admin.rows import (
    AvenantInline,
    ChangementInline,
    MembreInline,
    PassageInline,
    ReferentInline,
    SignataireInline,
    TexteInline,
    is_draft,
)
from partners.enums import NATURES_METIER, NatureConvention, RegimePreavis
from partners.models import (
    REGLES,
    Convention,
    MembreUnion,
    ModeleConvention,
)
from partners.operations.conventions import apply_levels, check_utilisation, claim_version
from partners.operations.modeles import rules_of, take_text
from partners.queries import ending_within, referents_to_decide, what_waits
from partners.rules import RAPPELS_JOURS, displayed_state, end_of, last_day_to_denounce
from portal import clock
from portal.admin_acts import ActsMixin
from portal.admin_fields import TickedField
from portal.admin_index import Figure, ToDo
from portal.admin_models import PortalAdminForm, can
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.ui.badges import badge

OF_UTILISATION = ("adossee_a", "fonctions", "documents_sortants")


def models_for(membership: Any) -> QuerySet[ModeleConvention]:
    """The models this administrator may start a convention from, today."""
    rows: Any = ModeleConvention.objects.valid_on(clock.today())
    return rows if membership is None or membership.caisse is None else rows.for_caisse(membership.caisse)


class ConventionForm(PortalAdminForm):
    """A convention; its caisse, structure and nature never change once it exists, its state by its acts alone."""

    FIXED = ("caisse", "partenaire", "nature")

    fonctions = TickedField(
        label="Fonctions activées",
        choices=Fonction.choices,
        required=False,
        help_text="Pour une convention d’utilisation seulement. Effet à la page suivante des techniciens.",
    )
    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)
    modele = forms.ModelChoiceField(
        queryset=ModeleConvention.objects.none(), widget=forms.HiddenInput, required=False
    )

    class Meta:
        model = Convention
        exclude = ("version", "etat")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_caisse(self, "caisse")
        self.initial["version_lue"] = self.instance.version
        if self.instance.pk is None:
            field: Any = self.fields["modele"]
            field.queryset = models_for(self.membership)
        if self.instance.pk:
            signed = () if is_draft(self.instance) else ("adossee_a",)
            for name in (*self.FIXED, *signed):
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
        modele = cleaned.get("modele")
        if modele is not None and cleaned.get("nature") not in {None, modele.nature}:
            self.add_error(
                "nature", f"Le modèle choisi est celui d’une {modele.get_nature_display().lower()}."
            )
        return cleaned


class FinFilter(admin.SimpleListFilter):
    """By how soon they end."""

    title, parameter_name = "fin", "fin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The delays of the reminders."""
        return [(str(days), f"Dans les {days}\u00a0jours") for days in sorted(RAPPELS_JOURS)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those that end within these days."""
        asked = self.value() or ""
        return ending_within(queryset, int(asked)) if asked in map(str, RAPPELS_JOURS) else queryset


@admin.register(Convention)
class ConventionAdmin(ActsMixin):
    """The conventions of a caisse: what opens the portal to a structure."""

    section, rank = "Conventions et structures", 10
    named_by_object = True
    form = ConventionForm
    view_act = add_act = change_act = ADMINISTRER_CAISSE
    autocomplete_fields = ("partenaire", "adossee_a")
    inlines = [SignataireInline, ReferentInline, MembreInline, AvenantInline, PassageInline]
    acts = ACTES
    list_display = ("reference", "partenaire", "nature", "caisse", "date_effet", "dernier_jour", "situation")
    list_filter = ("etat", "nature", FinFilter)
    list_select_related = ("partenaire", "caisse", "adossee_a")
    search_fields = ("reference", "partenaire__raison_sociale")
    search_help_text = "Référence ou structure."
    readonly_fields = ("situation", "date_effet", "date_fin", "echeance", "evaluee_le", "denonciation")
    fieldsets = (
        (
            "Les parties",
            {"fields": ("caisse", "partenaire", "nature", "reference", "adossee_a", "version_lue", "modele")},
        ),
        (
            "La vie de la convention",
            {
                "fields": (
                    "situation",
                    "duree_mois",
                    "date_effet",
                    "echeance",
                    "denonciation",
                    "date_fin",
                    "evaluation_requise",
                    "evaluee_le",
                )
            },
        ),
        (
            "Renouvellement et résiliation",
            {
                "fields": (
                    "reconduction",
                    "regime_preavis",
                    "preavis_mois",
                    "mise_en_demeure_jours",
                    "mise_en_demeure_depart",
                )
            },
        ),
        ("Ce qu’elle ouvre", {"fields": ("fonctions", "documents_sortants")}),
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
        if not change and form.cleaned_data.get("modele") is not None:
            take_text(convention=obj, modele=form.cleaned_data["modele"])

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First the model to start from, then the form with its rules."""
        if request.method != "GET" or "modele" in request.GET:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Nouvelle convention",
            "opts": self.opts,
            "modeles": models_for(request.membership),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/choix_modele.html", context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The rules of the model that was chosen."""
        number = request.GET.get("modele", "")
        modele = models_for(request.membership).filter(pk=number).first() if number.isdecimal() else None  # type: ignore[attr-defined]
        return {"modele": modele.pk, **rules_of(modele)} if modele else {}

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the papers that the convention gives as it stands."""
        obj = kwargs.get("obj")
        if obj is not None:
            context["papiers"] = [paper for papers in PAPIERS for paper in papers(obj)]
        return super().render_change_form(request, context, add, *args, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A member belongs to the union that signs; its level drives what its own convention opens."""
        if formset.model is not MembreUnion:
            super().save_formset(request, form, formset, change)
            return
        for row in formset.save(commit=False):
            row.union_id = form.instance.partenaire_id
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        for convention in apply_levels(form.instance):
            self.journal(request, Verbe.MODIFICATION, convention, {"champs": ["fonctions"]})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What only a convention d’utilisation has is shown on no other."""
        shown: Any = super().get_fieldsets(request, obj)
        if obj is None or obj.nature == NatureConvention.UTILISATION:
            return shown
        kept = [
            (name, [field for field in told["fields"] if field not in OF_UTILISATION]) for name, told in shown
        ]
        return [(name, {"fields": fields}) for name, fields in kept if fields]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Members for a union only; what comes with time once the convention exists."""
        kept = [SignataireInline, ReferentInline]
        if obj is None:
            return kept
        if obj.nature == NatureConvention.METIER_UNION:
            kept.append(MembreInline)  # type: ignore[arg-type]
        if obj.date_effet is not None:
            kept.append(AvenantInline)  # type: ignore[arg-type]
        if hasattr(obj, "redaction"):
            kept.append(TexteInline)  # type: ignore[arg-type]
        if not is_draft(obj):
            kept.append(ChangementInline)  # type: ignore[arg-type]
        return [*kept, *INLINES, PassageInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The rules are those of the text that was signed: an avenant changes them (art. 8.3)."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if is_draft(obj) else (*fixed, *REGLES)

    def figures(self, request: HttpRequest) -> list[Figure]:
        """How many conventions end within the delay of the first reminder."""
        days = max(RAPPELS_JOURS)
        count = ending_within(self.get_queryset(request), days).count()
        listed = f"{reverse('admin:partners_convention_changelist')}?fin={days}"
        words = "conventions finissent" if count > 1 else "convention finit"
        return [Figure(f"{words} dans les {days}\u00a0jours", count, listed, alerte=count > 0)]

    def to_do(self, request: HttpRequest) -> list[ToDo]:
        """The conventions that end or wait for their evaluation, and the mises en demeure whose delay is over."""
        if not can(request, ADMINISTRER_CAISSE):
            return []
        rows = self.get_queryset(request)
        waiting = [(row.pk, phrase, day) for row, phrase, day in what_waits(rows)]
        return [
            ToDo(phrase, reverse("admin:partners_convention_change", args=[pk]), day)
            for pk, phrase, day in [*waiting, *referents_to_decide(rows)]
        ]

    @admin.display(description="dénonciation")
    def denonciation(self, obj: Convention) -> str:
        """Who denounced it and when, or until when it may be."""
        if obj.denoncee_le is not None:
            return f"Dénoncée le {obj.denoncee_le:%d/%m/%Y} par\u00a0: {obj.get_denoncee_par_display()}"
        if obj.regime_preavis == RegimePreavis.AUCUN or obj.date_effet is None:
            return "–"
        limit = last_day_to_denounce(obj, obj.caisse.today())
        return (
            f"Possible jusqu’au {limit:%d/%m/%Y} pour cette échéance" if limit else "Possible à tout moment"
        )

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
