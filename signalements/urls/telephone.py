"""Routes of the one-time page a phone opens, signed out."""

from django.urls import URLPattern, URLResolver, path

from signalements.views import telephone

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:jeton>/", telephone.telephone, name="telephone"),
    path("<slug:jeton>/fichier/", telephone.fichier, name="telephone_fichier"),
]
