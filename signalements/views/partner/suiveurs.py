"""« Suivre »: being told of a demande beside the technicien in charge, and adding a colleague."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Act, current, membership_required
from portal.errors import DomainError
from signalements.forms.partner import SuiveurForm
from signalements.models import Demande
from signalements.operations.departures import take_over
from signalements.operations.suiveurs import colleagues, follow, unfollow
from signalements.views.partner.access import UNPROCESSABLE, followers, sent_or_404
from signalements.views.partner.addresses import crumbs

ARRETER = "arreter"


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def suivre(request: HttpRequest, reference: str) -> HttpResponse:
    """« Suivre » and « Ne plus suivre », one's own or a colleague's."""
    membership = current(request)
    posted = request.POST.get("compte", "")
    compte_id = int(posted) if posted.isdecimal() and len(posted) < 19 else None
    try:
        if request.POST.get("action") == ARRETER:
            unfollow(membership=membership, reference=reference, compte_id=compte_id)
            messages.success(request, "Le suivi de cette demande est arrêté.")
        else:
            follow(membership=membership, reference=reference)
            messages.success(
                request, "Vous suivez cette demande\u00a0: vous êtes prévenu de ce qui s’y passe."
            )
    except Demande.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("signalements:suiveurs" if compte_id else "signalements:demande", reference)


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def prendre_la_suite(request: HttpRequest, reference: str) -> HttpResponse:
    """« Reprendre la demande »: be in charge of what somebody who left was in charge of."""
    try:
        take_over(membership=current(request), reference=reference)
    except Demande.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Vous êtes maintenant en charge de cette demande.")
    return redirect("signalements:demande", reference)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def suiveurs(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is told of the demande; POST adds a colleague."""
    membership = current(request)
    demande = sent_or_404(membership, reference)
    told = followers(demande)
    known = {demande.auteur_id, membership.acteur_id, *(lu["compte"] for lu in told)}
    others = [collegue for collegue in colleagues(membership) if collegue.pk not in known]
    form = SuiveurForm(request.POST or None, collegues=others)
    if request.method == "POST" and form.is_valid():
        try:
            row = follow(membership=membership, reference=reference, compte_id=form.cleaned_data["compte"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{row.compte.get_full_name()} suit maintenant cette demande.")
            return redirect("signalements:suiveurs", reference)
    context = {
        "demande": demande,
        "suiveurs": told,
        "moi": membership.acteur_id,
        "en_charge": demande.auteur_id == membership.acteur_id,
        "je_suis": any(lu["compte"] == membership.acteur_id for lu in told),
        "form": form if others else None,
        "has_errors": request.method == "POST",
        "crumbs": crumbs(
            membership,
            (f"Demande {reference}", reverse("signalements:demande", args=[reference])),
            ("Qui suit la demande", ""),
        ),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "signalements/partner/suiveurs.html", context, status=status)
