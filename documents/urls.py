"""Routes of the pièces."""

from django.urls import path

from documents.views import conventions, pieces

app_name = "documents"

urlpatterns = [
    path("conventions/<uuid:piece_id>/", conventions.fichier, name="fichier_convention"),
    path("conventions/<int:pk>/<slug:papier>.pdf", conventions.papier, name="papier_convention"),
    path("<uuid:piece_id>/", pieces.telecharger, name="piece"),
    path("<uuid:piece_id>/apercu/", pieces.apercu, name="apercu"),
    path("<uuid:piece_id>/page/<int:numero>/", pieces.page, name="page"),
    path("<uuid:piece_id>/etat/", pieces.etat, name="etat"),
]
