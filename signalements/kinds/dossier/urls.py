"""Routes of the dossiers."""

from django.urls import URLPattern, URLResolver, path

from signalements.kinds.dossier.views import controle, navette, preparation, renouvellement

app_name = "dossier"
PARTENAIRE = "espace-partenaire/demandes/dossiers/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{PARTENAIRE}bordereau-navette/", navette.navette, name="navette"),
    path(f"{PARTENAIRE}<reference:reference>/preparation.pdf", preparation.preparation, name="preparation"),
    path(f"{PARTENAIRE}<reference:reference>/renouveler/", renouvellement.renouveler, name="renouveler"),
    path(
        "espace-caisse/demandes/dossiers/<reference:reference>/controle/",
        controle.controler,
        name="controler",
    ),
]
