"""Routes of a structure's conventions, under /espace-partenaire/conventions/."""

from django.urls import path

from documents.views import conventions

app_name = "conventions"

urlpatterns = [
    path("", conventions.liste, name="liste"),
    path("<int:pk>/", conventions.fiche, name="fiche"),
    path("<int:pk>/referent/", conventions.proposer, name="proposer"),
    path("<int:pk>/referent/<int:changement>/retirer/", conventions.retirer, name="retirer"),
]
