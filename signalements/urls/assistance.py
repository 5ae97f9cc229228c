"""Routes of the national support session: what it may read of the caisse it was opened for."""

from django.urls import URLPattern, URLResolver, path

from signalements.views import assistance

urlpatterns: list[URLPattern | URLResolver] = [
    path("", assistance.liste, name="assistance"),
    path("demandes/<reference:reference>/", assistance.demande, name="assistance_demande"),
]
