"""The journal, read-only: that of one's caisse; the national administrator's without what demandes hold."""

from functools import cache
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.admin_filters import PeriodeFilter, TypedFilter
from portal.admin_models import PortalModelAdmin, with_authors
from portal.audit.models import Evenement

OBJETS_NATIONAUX = frozenset(
    {
        "compte",
        "demandehabilitation",
        "caisse",
        "convention",
        "partenaire",
        "motif",
        "typepiece",
        "annonce",
        "versioncgu",
        "sessionassistance",
    }
)
"""What the national administrator may read about in detail; everything else could be about a demande."""
MASQUE = "Réservé à la caisse"
OBJETS_CHERCHES = (*sorted(OBJETS_NATIONAUX), "demande", "piece", "equipe")


# Codes of the journal → the field whose choices say them: portal imports none of the apps that hold them.
ROLES = (("accounts.Utilisateur", "profil"),)
STATUTS = (
    ("accounts.DemandeHabilitation", "statut"),
    ("accounts.DemandeHabilitation", "nature"),
    ("signalements.Demande", "statut"),
    ("signalements.Demande", "fonction"),
)


@cache
def _labels(fields: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The French label of each code of these fields."""
    found: dict[str, str] = {"systeme": "Le portail"}
    for model, name in fields:
        field: Any = apps.get_model(model)._meta.get_field(name)
        choices = getattr(field, "base_field", field).choices
        found |= {str(code): str(label) for code, label in choices or ()}
    return found


@cache
def _objects() -> dict[str, str]:
    """The French name of each model, by the name the journal gives it."""
    models = {str(m._meta.model_name): str(m._meta.verbose_name).capitalize() for m in apps.get_models()}
    return {**models, "compte": "Compte"}


def _shown(value: Any) -> str:
    """A code, a number or a list of them, as the journal shows it: in French when a choice says it."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return " ".join(_shown(inner) for inner in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "–" if value is None else (_labels(STATUTS) | _labels(ROLES)).get(str(value), str(value))


class ObjetFilter(admin.SimpleListFilter):
    """By the kind of what an event is about."""

    title, parameter_name = "objet", "sur"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds the journal names most; the national administrator reads about fewer."""
        return sorted(
            ((name, _objects()[name]) for name in OBJETS_CHERCHES if name in _objects()), key=itemgetter(1)
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events about this kind."""
        return queryset.filter(objet=self.value()) if self.value() in OBJETS_CHERCHES else queryset


class CompteFilter(TypedFilter):
    """By whoever acted, by exact identifiant."""

    title = "compte"
    inputs = {"compte": ("Identifiant exact", "text")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events of this account; none when there is no such account."""
        name = self.typed("compte").lower()
        if not name:
            return queryset
        people: Any = get_user_model()._default_manager
        membership = request.membership  # type: ignore[attr-defined]
        known = people.visible_to(membership).filter(identifiant=name).values_list("pk", flat=True)
        return queryset.filter(acteur_id__in=list(known))


@admin.register(Evenement)
class EvenementAdmin(PortalModelAdmin):
    """Events of the journal: nobody adds, changes or deletes one."""

    section, rank = "Traçabilité", 10
    view_act = "administrer_caisse"
    list_display = (
        "le",
        "verbe",
        "auteur_affiche",
        "role_affiche",
        "objet_affiche",
        "reference",
        "details_courts",
    )
    list_filter = (PeriodeFilter, CompteFilter, "verbe", ObjetFilter)
    search_fields = ("=objet_id",)
    search_help_text = "Identifiant exact de l’objet, par exemple une référence."
    ordering = ("-le", "-id")
    list_per_page = 100
    fields = (*list_display, "adresse")
    readonly_fields = ("auteur_affiche", "role_affiche", "objet_affiche", "reference", "details_courts")

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """The events of one's caisse; for the national administrator those that are not about demandes in full."""
        if membership.caisse_id is not None:
            return with_authors(rows.filter(caisse_id=membership.caisse_id))
        return with_authors(rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A national search does not tell whether a demande exists."""
        rows, distinct = super().get_search_results(request, queryset, search_term)
        if search_term and not self._full(request):
            rows = rows.filter(objet__in=OBJETS_NATIONAUX)
        return rows, distinct

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Evenement | None:
        """One event; what the national administrator may not read is taken out of it."""
        event: Evenement | None = super().get_object(request, object_id, from_field)
        if event is not None and not self._full(request) and event.objet not in OBJETS_NATIONAUX:
            event.objet_id, event.details, event.adresse = "", {}, None
        return event

    def get_list_display(self, request: HttpRequest) -> Any:
        """Columns; those of the national administrator hide what demandes hold."""
        return self._masked(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fields, hidden the same way."""
        return self._masked(request, self.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them."""
        return self._masked(request, self.fields)

    def _full(self, request: HttpRequest) -> bool:
        return bool(request.membership.caisse_id is not None)  # type: ignore[attr-defined]

    def _masked(self, request: HttpRequest, names: Any) -> tuple[str, ...]:
        if self._full(request):
            return tuple(names)
        swap = {"reference": "reference_nationale", "details_courts": "details_nationaux"}
        return tuple(swap.get(name, name) for name in names if name != "adresse")

    @admin.display(description="auteur")
    def auteur_affiche(self, obj: Any) -> str:
        """The identifiant of whoever acted."""
        return obj.auteur or ("Compte supprimé" if obj.acteur_id else "Le portail")

    @admin.display(description="rôle", ordering="role")
    def role_affiche(self, obj: Evenement) -> str:
        """The role of whoever acted."""
        return _labels(ROLES).get(obj.role, obj.role)

    @admin.display(description="objet", ordering="objet")
    def objet_affiche(self, obj: Evenement) -> str:
        """The kind of what it is about."""
        return _objects().get(obj.objet, obj.objet)

    @admin.display(description="objet concerné")
    def reference(self, obj: Evenement) -> str:
        """What it is about."""
        return obj.objet_id or "–"

    @admin.display(description="détails")
    def details_courts(self, obj: Evenement) -> str:
        """Codes and numbers, never a text."""
        return ", ".join(f"{key}\u00a0: {_shown(value)}" for key, value in obj.details.items()) or "–"

    @admin.display(description="objet concerné")
    def reference_nationale(self, obj: Evenement) -> str:
        """What it is about, unless it could be a demande."""
        return self.reference(obj) if obj.objet in OBJETS_NATIONAUX else MASQUE

    @admin.display(description="détails")
    def details_nationaux(self, obj: Evenement) -> str:
        """Details, unless they could be a demande's."""
        return self.details_courts(obj) if obj.objet in OBJETS_NATIONAUX else MASQUE
