"""Routes of the dossiers."""

from django.urls import URLPattern, URLResolver, path

from signalements.kinds.dossier.views import controle, preparation

app_name = "dossier"

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "espace-partenaire/dossiers/<reference:reference>/preparation.pdf",
        preparation.preparation,
        name="preparation",
    ),
    path("espace-caisse/dossiers/<reference:reference>/controle/", controle.controler, name="controler"),
]
