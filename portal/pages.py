"""Public pages with fixed text, and the display choices anybody can make."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.ui.display import remember_display


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Accessibility statement: state, method and its date, known limits, whom to write to."""
    return render(request, "pages/accessibilite.html")


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Site map: the public pages, and the reader's own menu when signed in."""
    return render(request, "pages/plan_du_site.html")


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Legal notice."""
    return render(request, "pages/mentions_legales.html")


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is kept on users and on the people helped, how long, and whom to ask."""
    return render(request, "pages/donnees_personnelles.html")


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep the theme and density chosen, then go back to the page they were chosen on."""
    target = request.POST.get("suite", "/")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return remember_display(request, HttpResponseRedirect(target if allowed else "/"))
