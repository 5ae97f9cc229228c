"""What the acts with a page of their own share: opening, drawing, and what is typed kept when they are refused."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.memberships import Membership
from accounts.permissions import current
from portal.errors import DomainError
from signalements.models import Demande
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    add_domain_error,
    crumbs,
    demande_or_404,
    record_view,
    task_url,
)
from signalements.views.caisse.lines import head_of


def opened(request: HttpRequest, reference: str, page: str) -> tuple[Membership, Demande]:
    """Who acts, and on which demande; seeing the page of an act is journaled.

    Raises:
        Http404, PermissionDenied: as `demande_or_404`.
    """
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if request.method != "POST":
        record_view(membership, demande, page)
    return membership, demande


def done_or_refused(
    request: HttpRequest,
    demande: Demande,
    form: forms.Form,
    act: Callable[[], Any],
    done: str | Callable[[Any], str],
) -> HttpResponse | None:
    """Act, say so and go back to the demande; None when it is refused, with the refusal in the form.

    `done` may depend on what the act gave.
    """
    if not form.is_valid():
        return None
    try:
        given = act()
    except DomainError as error:
        add_domain_error(form, error)
        return None
    messages.success(request, done if isinstance(done, str) else done(given))
    return redirect(task_url(demande))


def act_page(
    request: HttpRequest, demande: Demande, form: forms.Form, template: str, title: str, **extra: Any
) -> HttpResponse:
    """Draw the page of an act; with a refusal the answer is 422. A kind names its own templates with their folder."""
    context = {
        "crumbs": crumbs(demande, (title, "")),
        "title": title,
        **head_of(demande),
        "form": form,
        **extra,
    }
    status = UNPROCESSABLE if form.errors else 200
    name = template if "/" in template else f"signalements/caisse/{template}"
    return render(request, f"{name}.html", context, status=status)
