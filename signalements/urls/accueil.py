"""`/`: the home of whoever is signed in."""

from django.urls import path

from signalements.views.accueil import accueil

urlpatterns = [path("", accueil, name="accueil")]
