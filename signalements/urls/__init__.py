"""Routes of the demandes: the partner's side and the caisse's side share the namespace « signalements »."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "signalements"

urlpatterns: list[URLPattern | URLResolver] = [
    path("telephone/", include("signalements.urls.telephone")),
    path("espace-partenaire/", include("signalements.urls.partner")),
    path("assistance/", include("signalements.urls.assistance")),
    path("espace-caisse/", include("signalements.urls.caisse")),
]
