"""Routes of the document requests, on the caisse's side."""

from django.urls import path

from signalements.kinds.document import views

app_name = "document"
DEMANDE = "espace-caisse/demandes/<reference:reference>/document/"

urlpatterns = [
    path(DEMANDE, views.preparer, name="preparer"),
    path(f"{DEMANDE}ajouter/", views.ajouter, name="ajouter"),
    path(f"{DEMANDE}produire/", views.produire, name="produire"),
    path(f"{DEMANDE}<uuid:piece>/retirer/", views.retirer, name="retirer"),
]
