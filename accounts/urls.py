"""Routes of the accounts."""

from django.urls import include, path

app_name = "accounts"

urlpatterns = [
    path("espace-partenaire/comptes/", include("accounts.gestion_urls")),
]
