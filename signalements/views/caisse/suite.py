"""Working through a view of the queue one demande after the other, and coming back to the same place."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.memberships import Membership
from accounts.permissions import current
from signalements.models import Demande
from signalements.queries.file_caisse import following
from signalements.views.caisse.access import caisse_of, demande_or_404, staff_view
from signalements.views.caisse.lines import deadline_badge
from signalements.views.caisse.place import current_place

NO_CONTENT = 204


def not_ahead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a browser asks ahead of time is not given: opening a demande is journaled when somebody does it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        purpose = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
        if "prefetch" in purpose.lower():
            return HttpResponse(status=NO_CONTENT, headers={"Cache-Control": "no-store"})
        return view(request, *args, **kwargs)

    return guarded


@staff_view()
@require_safe
@not_ahead
def suivante(request: HttpRequest, reference: str = "") -> HttpResponse:
    """Lead to the demande that follows in the current view, or to its first one; its last one leads to the first."""
    membership, place = current(request), current_place(request)
    after = demande_or_404(membership, reference) if reference else None
    demande = following(membership, place.vue, place.filtres, after)
    if demande is None and after is not None:
        demande = following(membership, place.vue, place.filtres)
    if demande is None or (after is not None and demande.pk == after.pk):
        messages.info(request, "Il ne reste aucune autre demande à traiter dans cette liste.")
        return redirect(place.retour)
    return place.keep(request, redirect("signalements:traitement", reference=demande.reference))


@staff_view()
@require_safe
@not_ahead
def precedente(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to the demande that comes before in the current view; from the first one, back to the list."""
    membership, place = current(request), current_place(request)
    after = demande_or_404(membership, reference)
    demande = following(membership, place.vue, place.filtres, after, backwards=True)
    if demande is None:
        messages.info(request, "C’était la première demande de cette liste.")
        return redirect(place.retour)
    return redirect("signalements:traitement", reference=demande.reference)


def suite_context(request: HttpRequest, membership: Membership, demande: Demande) -> dict[str, Any]:
    """For the page of a demande: where it stands in the view, and what comes next, known before it is opened.

    The next one is read as a line of the queue is: nothing of the person, so nothing to journal.
    """
    place = current_place(request)
    found = following(membership, place.vue, place.filtres, demande)
    suite = None
    if found is not None:
        caisse = caisse_of(membership)
        found.caisse = caisse
        suite = {
            "reference": found.reference,
            "url": reverse("signalements:traitement", args=[found.reference]),
            "structure": found.structure,  # type: ignore[attr-defined]
            "urgente": found.urgente,
            "echeance": deadline_badge(found, caisse.today()),
        }
    return {
        "suite": suite,
        "liste_url": place.retour,
        "liste_nom": place.vue.libelle,
        "raccourcis": membership.user.raccourcis,
    }


TOUCHES = (
    ("d", "Commencer le traitement", "La liste des demandes"),
    ("r", "Aller à la recherche", "La liste des demandes"),
    ("s", "Demande suivante", "Une demande"),
    ("p", "Demande précédente", "Une demande"),
    ("l", "Revenir à la liste", "Une demande"),
    ("a", "Aller aux actions", "Une demande"),
    ("?", "Cette page", "Partout où les raccourcis existent"),
)
"""The optional shortcuts: static/js/shortcuts.js knows the same keys."""


@staff_view()
@require_safe
def raccourcis(request: HttpRequest) -> HttpResponse:
    """The keyboard shortcuts, and whether this account has them on."""
    context = {
        "crumbs": [("Demandes", reverse("signalements:file")), ("Raccourcis clavier", "")],
        "touches": TOUCHES,
        "colonnes": ["Touche", "Effet", "Où"],
        "raccourcis": current(request).user.raccourcis,
    }
    return render(request, "signalements/caisse/raccourcis.html", context)
