"""The demonstration's mails: what would have been sent, with its links. It exists under DEMO=1 only."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from portal.courriels.models import Courriel
from portal.courriels.rendering import render as render_mail
from portal.courriels.types import all_types
from portal.tenancy import scope

SHOWN = 100
COLUMNS = ("Événement", "Référence", "Destinataire", "Le", "État")

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """The page does not exist outside the demonstration."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        with scope("systeme"), transaction.atomic():
            return view(request, *args, **kwargs)

    return guarded


@demo_only
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The last mails of the outbox."""
    known = {kind.code: kind for kind in all_types()}
    rows = Courriel.objects.filter(evenement__in=known).select_related("destinataire")[:SHOWN]
    listed = [(row, known[row.evenement]) for row in rows]
    return render(
        request, "courriels_demo/liste.html", {"courriels": listed, "colonnes": COLUMNS, "limite": SHOWN}
    )


@demo_only
@require_safe
def mail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One mail, as text and as HTML; its links work."""
    row = get_object_or_404(Courriel.objects.select_related("destinataire"), pk=pk)
    try:
        rendu = render_mail(row)
    except KeyError as error:
        raise Http404 from error
    body = rendu.html.partition("<body>")[2].partition("</body>")[0]
    context = {
        "courriel": row,
        "rendu": rendu,
        # Our own template, whose values were escaped when it was filled.
        "corps": mark_safe(body),  # noqa: S308
    }
    return render(request, "courriels_demo/courriel.html", context)
