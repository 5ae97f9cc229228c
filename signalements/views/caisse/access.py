"""What the views of the caisse share: who enters, which demande an address names, the menu, the refusals."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.memberships import Membership
from accounts.permissions import Act, can, current, membership_required
from accounts.querysets import all_but_names
from caisses.models import Caisse
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.compiled import CompiledQuery, Slot
from portal.errors import DomainError
from portal.routes import address_of
from signalements.kinds.registry import relations
from signalements.models import Demande
from signalements.queries.lignes import duplicate_read, label_ids
from signalements.querysets import DemandeQuerySet

UNPROCESSABLE = 422
View = Callable[..., HttpResponse]


def staff_view(act: Act = Act.TRAITER_DEMANDE) -> Callable[[View], View]:
    """For the staff of a caisse who may do `act`; dates are shown in the caisse's time zone."""

    def decorate(view: View) -> View:
        @wraps(view)
        def local(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with timezone.override(caisse_of(current(request)).fuseau):
                return view(request, *args, **kwargs)

        return membership_required(act)(local)

    return decorate


def caisse_of(membership: Membership) -> Caisse:
    """The caisse of the staff who came through `staff_view`."""
    if membership.caisse is None:
        raise PermissionDenied
    return membership.caisse


def _sent() -> DemandeQuerySet:
    people = ("auteur", "assignee_a")
    return (
        Demande.objects.filter(
            caisse=Slot("caisse"), envoyee_le__lte=Slot("maintenant"), reference=Slot("reference")
        )
        .select_related("personne", "partenaire", "motif_urgence", *people, *relations())
        .defer(*all_but_names(*people))
        .annotate(etiquettes_lues=label_ids(), doublon_lu=duplicate_read())
        .order_by()
    )


_SENT: CompiledQuery[Demande] = CompiledQuery(_sent)


def demande_or_404(membership: Membership, reference: str) -> Demande:
    """The demande of an address, with its person, its kind's own fields and whom it concerns, in one query.

    Raises:
        Http404: unknown, of another caisse, a draft, or cancelled before it was sent.
        PermissionDenied: of this caisse, but of a kind this role does not handle.
    """
    demande = sent_or_404(membership, reference)
    if not can(membership, Act.TRAITER_DEMANDE, demande):
        raise PermissionDenied
    return demande


def sent_or_404(membership: Membership, reference: str) -> Demande:
    """The same, for whoever may look into this caisse without working there.

    Raises:
        Http404: unknown, of another caisse, a draft, or cancelled before it was sent.
    """
    demande = _SENT.first(caisse=membership.caisse_id, reference=reference, maintenant=clock.now())
    if demande is None:
        raise Http404
    demande.caisse = caisse_of(membership)
    return demande


def record_view(membership: Membership, demande: Demande, page: str) -> None:
    """Each view of a demande is in the journal."""
    record(
        Verbe.CONSULTATION,
        actor=membership,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={"page": page},
    )


def posted_version(request: HttpRequest) -> int:
    """The version of the demande the page was made from; 0 (never right) when it is missing or forged."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def add_domain_error(form: forms.Form, error: DomainError) -> None:
    """Show a refusal in a form: beside its field when there is one."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def task_url(demande: Demande) -> str:
    """The processing page of a demande."""
    return reverse("signalements:traitement", args=[demande.reference])


def crumbs(demande: Demande, *pages: tuple[str, str]) -> list[tuple[str, str]]:
    """The path to a page of a demande."""
    return [
        ("Demandes", address_of("signalements:file")),
        (demande.reference, task_url(demande) if pages else ""),
        *pages,
    ]
