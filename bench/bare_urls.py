"""The one route of the yardstick."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    """A signed-in page: the session and the account are read (2 queries), one small template is rendered."""
    return render(request, "bare.html", {"prenom": request.user.get_short_name()})


urlpatterns = [path("", bare)]
