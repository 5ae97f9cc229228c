"""The structure's acts on an appointment: taking a date, asking for others, its coming appointments."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from caisses.enums import Fonction
from portal.errors import DomainError
from portal.ui.tables import Column
from portal.workflow import StaleObject
from signalements.enums import Cote
from signalements.kinds.context import kind_context
from signalements.kinds.rendez_vous.act_forms import AutresDatesForm
from signalements.kinds.rendez_vous.operations.agenda import book_again
from signalements.kinds.rendez_vous.operations.fixing import accept_date, move_date, refuse_dates
from signalements.kinds.rendez_vous.plage_forms import CreneauForm
from signalements.kinds.rendez_vous.queries import MOST_SHOWN, coming_dates, to_accept
from signalements.kinds.rendez_vous.reading import read_date
from signalements.kinds.rendez_vous.slots import free_slots
from signalements.kinds.rendez_vous.views.files import calendar_file
from signalements.models import Demande
from signalements.views.guard import guard_counter
from signalements.views.partner.access import UNPROCESSABLE, sent_or_404
from signalements.views.partner.addresses import crumbs
from signalements.views.partner.detail import render_demande

COLUMNS = [Column("Date"), Column("Référence"), Column("Personne"), Column("Lieu"), Column("Technicien")]


def own_appointment_or_404(membership: Membership, reference: str) -> Demande:
    """An appointment of the structure; 404 for anything else."""
    demande = sent_or_404(membership, reference)
    if demande.fonction != Fonction.RENDEZ_VOUS:
        raise Http404
    return demande


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def accepter(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one of the dates proposed."""
    membership = current(request)
    own_appointment_or_404(membership, reference)
    chosen = request.POST.get("date", "")
    try:
        accept_date(
            membership=membership,
            reference=reference,
            horaire_id=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0,
        )
    except DomainError as error:
        fresh = own_appointment_or_404(membership, reference)
        return render_demande(request, membership, fresh, refused=error, status=UNPROCESSABLE)
    messages.success(request, "Le rendez-vous est confirmé. La caisse en est prévenue.")
    return redirect("signalements:demande", reference)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuser(request: HttpRequest, reference: str) -> HttpResponse:
    """None of the dates suits: say when the person is free."""
    return _other_dates(request, reference, moving=False)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reporter(request: HttpRequest, reference: str) -> HttpResponse:
    """The date that is fixed no longer suits: say why, and when the person is free."""
    return _other_dates(request, reference, moving=True)


def _other_dates(request: HttpRequest, reference: str, *, moving: bool) -> HttpResponse:
    membership = current(request)
    demande = own_appointment_or_404(membership, reference)
    form = AutresDatesForm(demande=demande, with_reason=moving)
    refused: DomainError | None = None
    if request.method == "POST":
        count = guard_counter(membership, demande)
        form = AutresDatesForm(request.POST, demande=demande, with_reason=moving, count=count)
        if form.is_valid():
            try:
                _apply(membership, demande, form, _version(request), moving)
            except DomainError as error:
                refused = error
            else:
                messages.success(request, "Vos disponibilités sont transmises à la caisse.")
                return redirect("signalements:demande", reference)
    title = "Reporter le rendez-vous" if moving else "Demander d’autres dates"
    version = demande.version
    if isinstance(refused, StaleObject):
        version = own_appointment_or_404(membership, reference).version
    context: dict[str, Any] = {
        "demande": demande,
        **kind_context(demande, Cote.PARTENAIRE),
        "form": form,
        "title": title,
        "moving": moving,
        "version": version,
        "refused": refused,
        "has_errors": request.method == "POST",
        "crumbs": crumbs(
            membership,
            (f"Demande {reference}", reverse("signalements:demande", args=[reference])),
            (title, ""),
        ),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    with override(demande.caisse.fuseau):
        return render(request, "rendez_vous/autres_dates.html", context, status=status)


def _apply(
    membership: Membership, demande: Demande, form: AutresDatesForm, version: int, moving: bool
) -> None:
    raison, free = form.cleaned_data["raison"], form.free_days()
    if moving:
        move_date(
            actor=membership, demande_id=demande.pk, raison=raison, disponibilites=free, version=version
        )
    else:
        refuse_dates(
            membership=membership,
            reference=demande.reference,
            disponibilites=free,
            commentaire=raison,
            version=version,
        )


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def fichier(request: HttpRequest, reference: str) -> HttpResponse:
    """The appointment as a file for a calendar."""
    return calendar_file(own_appointment_or_404(current(request), reference), Cote.PARTENAIRE)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reserver(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose another free slot; the date that was fixed is freed."""
    membership = current(request)
    demande = own_appointment_or_404(membership, reference)
    if not demande.caisse.rendez_vous_reservation:
        raise Http404
    libres = free_slots(demande.caisse, demande.partenaire_id, demande.rendez_vous.motif.code)
    posted = [request.POST] if request.method == "POST" else []
    form = CreneauForm(*posted, libres=libres)
    if posted and form.is_valid():
        try:
            book_again(
                membership=membership,
                reference=reference,
                cle=form.cleaned_data["creneau"],
                version=_version(request),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Le créneau est réservé. La caisse en est prévenue.")
            return redirect("signalements:demande", reference)
    fresh = own_appointment_or_404(membership, reference)
    context = {
        "demande": fresh,
        **kind_context(fresh, Cote.PARTENAIRE),
        "form": form,
        "libres": libres,
        "crumbs": crumbs(
            membership,
            (f"Demande {reference}", reverse("signalements:demande", args=[reference])),
            ("Choisir un créneau", ""),
        ),
    }
    with override(demande.caisse.fuseau):
        return render(
            request, "rendez_vous/reserver.html", context, status=UNPROCESSABLE if form.errors else 200
        )


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """The coming appointments of the structure."""
    membership = current(request)
    if not membership.caisses_avec(Fonction.RENDEZ_VOUS):
        raise PermissionDenied
    mine = request.GET.get("de") == "moi"
    rows = coming_dates(membership, mine=mine)
    context = {
        "lignes": [(row, read_date(row, row.demande, Cote.PARTENAIRE)) for row in rows[:MOST_SHOWN]],
        "trop": len(rows) > MOST_SHOWN,
        "rendez_vous_a_accepter": to_accept(membership),
        "rendez_vous_niveau": 2,
        "columns": COLUMNS,
        "tabs": [
            ("De ma structure", "?", not mine, None),
            ("Les miens", "?de=moi", mine, None),
        ],
    }
    return render(request, "rendez_vous/liste.html", context)
