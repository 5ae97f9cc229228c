"""Routes of the gestionnaire, under /espace-partenaire/comptes/."""

from django.urls import path

from accounts.views import gestion

urlpatterns = [
    path("", gestion.accueil, name="gestion_accueil"),
    path("techniciens/", gestion.techniciens, name="techniciens"),
    path("techniciens/nouveau/", gestion.creer, name="technicien_creer"),
    path("techniciens/<int:pk>/", gestion.fiche, name="technicien"),
    path("techniciens/<int:pk>/modifier/", gestion.modifier, name="technicien_modifier"),
    path("techniciens/<int:pk>/renvoyer-invitation/", gestion.renvoyer, name="technicien_renvoyer"),
    path("techniciens/<int:pk>/inactiver/", gestion.inactiver, name="technicien_inactiver"),
    path("techniciens/<int:pk>/reactiver/", gestion.reactiver, name="technicien_reactiver"),
    path("gestionnaires/", gestion.gestionnaires, name="gestionnaires"),
]
