"""Routes of the pièces."""

from django.urls import path

from documents.views import pieces

app_name = "documents"

urlpatterns = [
    path("<uuid:piece_id>/", pieces.telecharger, name="piece"),
    path("<uuid:piece_id>/apercu/", pieces.apercu, name="apercu"),
    path("<uuid:piece_id>/page/<int:numero>/", pieces.page, name="page"),
    path("<uuid:piece_id>/etat/", pieces.etat, name="etat"),
]
