"""Routes of the portal. Each app keeps its own; the permission matrix walks them all."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, register_converter

from portal.converters import ReferenceConverter

register_converter(ReferenceConverter, "reference")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.pages_urls")),
    path("", include("portal.health_urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("pieces/", include("documents.urls")),
    path("espace-partenaire/conventions/", include("documents.conventions_urls")),
    path("", include("signalements.urls.accueil")),
    path("", include("signalements.urls.kinds")),
    path("", include("signalements.urls")),
]

handler500 = "portal.http.server_error"
