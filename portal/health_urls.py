"""Routes of the status pages, and of the demonstration's mails."""

from django.urls import path

from portal import health
from portal.courriels import demo

urlpatterns = [
    path("etat/", health.status, name="etat"),
    path("etat/live", health.live, name="etat-live"),
    path("etat/ready", health.ready, name="etat-ready"),
    path("demo/courriels/", demo.mails, name="demo-courriels"),
    path("demo/courriels/<uuid:pk>/", demo.mail, name="demo-courriel"),
]
