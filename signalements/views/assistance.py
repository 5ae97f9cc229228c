"""What a session of national support shows of a caisse: its demandes, to read. Each page goes to its journal.

The pages have no form but the search and no link to a file; beneath them the database refuses every write.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.memberships import Membership
from accounts.operations.assistance import looking_into, session_of
from accounts.permissions import Act, current, membership_required
from documents.enums import EtatPiece
from portal.audit.journal import record
from portal.audit.models import Verbe
from signalements.kinds.context import former_services
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.queries.chronologie import chronology, files_of
from signalements.queries.file_caisse import PAR_DEFAUT, VUES, queue_page
from signalements.queries.filtres import SANS_FILTRE
from signalements.queries.motifs import motif_labels
from signalements.views.caisse.access import caisse_of, sent_or_404
from signalements.views.caisse.lines import COLUMNS, head_of, lines_of
from signalements.views.caisse.traitement import person_context, steps_of

VUES_LUES = [vue for vue in VUES.values() if vue.onglet and vue.code != "les-miennes"]


@dataclass(frozen=True)
class Lue:
    """A page that was drawn, and what the journal keeps of it."""

    page: HttpResponse
    nom: str
    demande: Demande | None = None
    details: dict[str, Any] = field(default_factory=dict)


def assistance_view(view: Callable[..., Lue]) -> Callable[..., HttpResponse]:
    """For a national administrator whose session is under way: the view reads as the caisse, and writes nothing.

    It is given the membership with the caisse of the session. Without a session: back to the list of sessions.
    """

    @wraps(view)
    @require_safe
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actor = current(request)
        session = session_of(actor)
        if session is None:
            messages.warning(request, "Aucune session d’assistance n’est en cours.")
            return redirect("admin:accounts_sessionassistance_changelist")
        with looking_into(session), timezone.override(session.caisse.fuseau):
            lue = view(request, replace(actor, caisse=session.caisse), **kwargs)
        record(
            Verbe.CONSULTATION,
            actor=actor,
            caisse_id=session.caisse_id,
            partenaire_id=lue.demande.partenaire_id if lue.demande else None,
            objet="demande" if lue.demande else "sessionassistance",
            objet_id=lue.demande.reference if lue.demande else session.pk,
            details={"page": lue.nom, "assistance": session.pk, **lue.details},
        )
        return lue.page

    return membership_required(Act.ASSISTER)(guarded)


@assistance_view
def liste(request: HttpRequest, membership: Membership) -> Lue:
    """The demandes of the caisse, by view of its queue, 25 rows."""
    vue = VUES.get(request.GET.get("vue", ""), PAR_DEFAUT)
    vue = vue if vue in VUES_LUES else PAR_DEFAUT
    page = queue_page(membership, vue, SANS_FILTRE, request.GET.get("page", ""))
    lines = [
        replace(line, url=reverse("signalements:assistance_demande", args=[line.reference]))
        for line in lines_of(page.rows, caisse_of(membership))
    ]

    def address(code: str, position: str = "") -> str:
        return f"?vue={code}&page={position}" if position else f"?vue={code}"

    context = {
        "caisse": membership.caisse,
        "tabs": [(other.libelle, address(other.code), other == vue, None) for other in VUES_LUES],
        "lignes": lines,
        "columns": COLUMNS,
        "caption": vue.libelle,
        "previous": address(vue.code, page.previous) if page.previous else "",
        "following": address(vue.code, page.following) if page.following else "",
    }
    drawn = render(request, "signalements/assistance/liste.html", context)
    return Lue(drawn, "assistance", details={"vue": vue.code})


@assistance_view
def demande(request: HttpRequest, membership: Membership, reference: str) -> Lue:
    """One demande as the caisse reads it, without its internal notes and without its files.

    Raises:
        Http404: unknown, of another caisse, a draft, or cancelled before it was sent.
    """
    found = sent_or_404(membership, reference)
    kind = kind_of(found)
    facts = chronology(found)
    context = {
        **head_of(found),
        **person_context(found),
        "crumbs": [("Session d’assistance", reverse("signalements:assistance")), (found.reference, "")],
        "detail": [
            (label, ", ".join(map(str, value)) if isinstance(value, list | tuple) else value)
            for label, value in kind.detail(found, motif_labels(found.caisse))
            if value
        ],
        "anciens": former_services(found),
        "etapes": steps_of(facts, found),
        "pieces": [(row.piece.nom, str(EtatPiece(row.piece.etat).label)) for row in files_of(found)],
    }
    drawn = render(request, "signalements/assistance/demande.html", context)
    return Lue(drawn, "assistance", found)
