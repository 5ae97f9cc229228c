"""The public pages of an habilitation: the form of a structure that has signed, and the link of its mails."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import MotifRefus, StatutHabilitation
from accounts.forms.habilitations import ComplementPublicForm, HabilitationPubliqueForm
from accounts.models import DemandeHabilitation
from accounts.operations.habilitations_publiques import (
    complete_publicly,
    confirm_request,
    public_request,
    request_publicly,
)
from accounts.rules import read_delay
from accounts.tokens import habilitation_token
from portal.addresses import client_address
from portal.errors import DomainError
from portal.throttle import within
from portal.validators import readable_phone

SUITE = "suite"
TOKEN_KEY = "habilitation_{}"  # noqa: S105
MOST_PER_HOUR, HOUR = 20, 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demander(request: HttpRequest) -> HttpResponse:
    """Ask for a gestionnaire without an account. The answer never says whether the structure is known."""
    form = HabilitationPubliqueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = client_address(request)
        if not within(f"habilitation:{address or 'locale'}", most=MOST_PER_HOUR, seconds=HOUR):
            form.add_error(None, "Trop de demandes depuis cette adresse. Réessayez dans une heure.")
            return render(request, "accounts/habilitation/demander.html", {"form": form}, status=429)
        request_publicly(
            siret=form.cleaned_data["siret"],
            convention=form.cleaned_data["convention"],
            identite=form.identite(),
            address=address,
        )
        hours = settings.ACTIVATION_TIMEOUT // 3600
        return render(request, "accounts/habilitation/envoyee.html", {"heures": hours})
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/habilitation/demander.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def habilitation(request: HttpRequest, reference: str, jeton: str) -> HttpResponse:
    """The link of the mails: confirm the request, follow it, complete it.

    Opening the link changes nothing: the token moves to the session, out of the address, until the POST.
    """
    key = TOKEN_KEY.format(reference)
    if jeton != SUITE:
        if public_request(reference, jeton) is None:
            return _dead_link(request)
        request.session[key] = jeton
        return redirect("accounts:habilitation", reference=reference, jeton=SUITE)
    token = str(request.session.get(key, ""))
    demande = public_request(reference, token)
    if demande is None:
        return _dead_link(request)
    if demande.statut == StatutHabilitation.A_CONFIRMER:
        return _confirm(request, demande, token)
    return _follow(request, demande, token)


def _confirm(request: HttpRequest, demande: DemandeHabilitation, token: str) -> HttpResponse:
    erreur = ""
    if request.method == "POST":
        try:
            confirmed = confirm_request(demande, token, address=client_address(request))
        except DomainError as error:
            if error.code == "lien_perime":
                return _dead_link(request)
            erreur = error.message
        else:
            request.session[TOKEN_KEY.format(demande.reference)] = habilitation_token(confirmed)
            messages.success(request, f"Votre demande est transmise à la {demande.caisse.nom}.")
            return redirect("accounts:habilitation", reference=demande.reference, jeton=SUITE)
    context = {"demande": demande, "identite": _identity(demande), "erreur": erreur}
    status = 422 if erreur else 200
    return render(request, "accounts/habilitation/confirmer.html", context, status=status)


def _follow(request: HttpRequest, demande: DemandeHabilitation, token: str) -> HttpResponse:
    form, status = None, 200
    if demande.statut == StatutHabilitation.A_COMPLETER:
        initial = {**ComplementPublicForm.initial_of_request(demande), "version": demande.version}
        form = ComplementPublicForm(request.POST or None, initial=initial)
    if request.method == "POST":
        status = 422
        if form is not None and form.is_valid():
            try:
                complete_publicly(
                    demande,
                    token,
                    values=form.values(),
                    version=form.cleaned_data["version"],
                    address=client_address(request),
                )
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(request, "Votre complément est transmis à la caisse.")
                return redirect("accounts:habilitation", reference=demande.reference, jeton=SUITE)
    context = {
        "demande": demande,
        "identite": _identity(demande),
        "delai": read_delay(demande),
        "motif_refus": MotifRefus(demande.motif_refus).label if demande.motif_refus else "",
        "form": form,
    }
    return render(request, "accounts/habilitation/suivre.html", context, status=status)


def _identity(demande: DemandeHabilitation) -> list[tuple[str, str]]:
    return [
        ("Structure", str(demande.partenaire)),
        ("Civilité", demande.get_civilite_display()),
        ("Nom", demande.nom),
        ("Prénom", demande.prenom),
        ("Fonction", demande.fonction),
        ("Téléphone", readable_phone(demande.telephone)),
        ("Adresse électronique", demande.courriel),
    ]


def _dead_link(request: HttpRequest) -> HttpResponse:
    """The same page for a link that is used, replaced, too old, or was never one."""
    return render(request, "accounts/habilitation/perime.html", status=410)
