"""The site of the caisse and national administrators: their role and a second factor open it, nothing else does."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.admin_index import by_urgency

SECTIONS = (
    "Conventions et structures",
    "Comptes",
    "Services ouverts",
    "Référentiels",
    "Annonces et conditions d’utilisation",
    "Traçabilité",
)
LABELS = {
    "Référentiels": "Référentiels (motifs, pièces, modèles)",
    "Annonces et conditions d’utilisation": "Annonces et maintenance",
    "Traçabilité": "Traçabilité (lecture seule)",
}
"""Sections whose title says more than their name (ecrans.md §B.4)."""
ELSEWHERE = frozenset({"logout", "password_change", "password_change_done", "view_on_site"})
"""Routes of Django's admin that the portal serves itself, or that would say whether an object exists."""


class PortalAdminSite(admin.AdminSite):
    """Django's admin site, opened by a role (`is_staff` follows the profile) and a verified second factor."""

    site_title = site_header = settings.BRAND["name"]
    index_title = "Administration"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take only our own classes: those that libraries bring decide by Django's model permissions."""
        if getattr(admin_class, "by_role", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is an administrator, by role, past the second factor."""
        membership = getattr(request, "membership", None)
        if membership is None or not request.user.is_authenticated:
            return False
        return bool(membership.user.is_staff and request.user.is_verified())  # type: ignore[attr-defined]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's guard; somebody signed in without the role is refused rather than asked to sign in again."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return inner

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's routes without those that are the portal's own."""
        return [route for route in super().get_urls() if getattr(route, "name", "") not in ELSEWHERE]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the portal's sign-in page and back to the page asked for."""
        home = reverse("admin:index", current_app=self.name)
        target = request.GET.get("next", "")
        if not (target.startswith(home) and url_has_allowed_host_and_scheme(target, {request.get_host()})):
            target = home
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(target)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Figures at a glance, what waits for the administrator, then what can be done."""
        admins: list[Any] = list(self._registry.values())
        shown = {
            "a_faire": by_urgency(item for model_admin in admins for item in model_admin.to_do(request)),
            "chiffres": [figure for model_admin in admins for figure in model_admin.figures(request)],
        }
        return super().index(request, {**shown, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models by what people come to do, not by app."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        sections: dict[str, list[Any]] = {name: [] for name in SECTIONS}
        for app in self._build_app_dict(request).values():
            for entry in app["models"]:
                model_admin: Any = self._registry[entry["model"]]
                sections[model_admin.section].append((model_admin.rank, entry))
        return [
            {
                "name": LABELS.get(name, name),
                "app_label": f"section-{number}",
                "app_url": "",
                "has_module_perms": True,
                "models": [entry for _, entry in sorted(entries, key=lambda item: item[0])],
            }
            for number, (name, entries) in enumerate(sections.items())
            if entries
        ]

    def admin_for(self, model: type[Model]) -> "ModelAdmin[Any] | None":
        """The registered admin of a model, if any."""
        return self._registry.get(model)
