"""Routes of the public pages."""

from django.urls import path

from portal import pages

urlpatterns = [
    path("accessibilite/", pages.accessibility, name="accessibilite"),
    path("plan-du-site/", pages.site_map, name="plan-du-site"),
    path("mentions-legales/", pages.legal_notice, name="mentions-legales"),
    path("donnees-personnelles/", pages.personal_data, name="donnees-personnelles"),
    path("affichage/", pages.display, name="affichage"),
]
