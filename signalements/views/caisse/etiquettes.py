"""The palette of labels, kept by a superviseur; putting a label on a demande and taking it off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.memberships import Membership
from accounts.permissions import Act, current
from portal.errors import DomainError
from signalements.forms.file import EtiquetteForm, PoserEtiquetteForm
from signalements.models import Demande, Etiquette
from signalements.operations.etiquettes import (
    change_label,
    create_label,
    put_label,
    remove_label,
    withdraw_label,
)
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    add_domain_error,
    demande_or_404,
    staff_view,
    task_url,
)
from signalements.views.caisse.lines import palette_of

ACTS = ["GET", "HEAD", "POST"]


@staff_view(Act.SUPERVISER)
@require_http_methods(ACTS)
def palette(request: HttpRequest) -> HttpResponse:
    """The labels of the caisse, and a form to add one."""
    membership = current(request)
    form = EtiquetteForm(request.POST if request.method == "POST" else None)
    if _done(request, form, lambda data: create_label(actor=membership, nom=data["nom"], ton=data["ton"])):
        messages.success(request, "L’étiquette est ajoutée.")
        return redirect("signalements:etiquettes")
    context = {
        "crumbs": _crumbs(),
        "form": form,
        "etiquettes": palette_of(membership),
        "colonnes": ["Étiquette", "Couleur", "Actions"],
    }
    return render(request, "signalements/caisse/etiquettes.html", context, status=_status(form))


@staff_view(Act.SUPERVISER)
@require_http_methods(ACTS)
def etiquette(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or recolour a label."""
    membership = current(request)
    label = _label_or_404(membership.caisse_id, pk)
    initial = {"nom": label.nom, "ton": label.ton}
    form = EtiquetteForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(data: dict[str, Any]) -> object:
        return change_label(actor=membership, label_id=pk, nom=data["nom"], ton=data["ton"])

    if _done(request, form, act):
        messages.success(request, "L’étiquette est modifiée.")
        return redirect("signalements:etiquettes")
    context = {"crumbs": _crumbs(("Modifier", "")), "form": form, "etiquette": label}
    return render(request, "signalements/caisse/etiquette.html", context, status=_status(form))


@staff_view(Act.SUPERVISER)
@require_http_methods(ACTS)
def etiquette_retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a label out of the palette, after a page that says what that does."""
    membership = current(request)
    label = _label_or_404(membership.caisse_id, pk)
    if request.method == "POST":
        withdraw_label(actor=membership, label_id=pk)
        messages.success(request, "L’étiquette est retirée de la palette.")
        return redirect("signalements:etiquettes")
    context = {"crumbs": _crumbs(("Retirer", "")), "etiquette": label}
    return render(request, "signalements/caisse/etiquette_retirer.html", context)


@staff_view()
@require_POST
def poser(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a label on the demande."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    form = PoserEtiquetteForm(request.POST, etiquettes=palette_of(membership))
    if form.is_valid():
        label_id = int(form.cleaned_data["etiquette"])
        put_label(actor=membership, demande_id=demande.pk, label_id=label_id)
        messages.success(request, "L’étiquette est posée.")
    else:
        messages.error(request, form.errors["etiquette"][0])
    return redirect(task_url(demande))


@staff_view()
@require_POST
def oter(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a label off the demande; one that is not there changes nothing."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if remove_label(actor=membership, demande_id=demande.pk, label_id=pk):
        messages.success(request, "L’étiquette est retirée.")
    return redirect(task_url(demande))


def labels_context(membership: Membership, demande: Demande) -> dict[str, Any]:
    """For the page of a demande: the labels it bears, and those that may be added."""
    labels = palette_of(membership)
    borne = set(demande.etiquettes_lues)  # type: ignore[attr-defined]
    others = [label for label in labels if label.pk not in borne]
    return {
        "etiquettes_posees": [label for label in labels if label.pk in borne],
        "etiquettes_possibles": others,
        "etiquette_form": PoserEtiquetteForm(etiquettes=others),
    }


def _label_or_404(caisse_id: int | None, pk: int) -> Etiquette:
    label = Etiquette.objects.palette(caisse_id).filter(pk=pk).first()
    if label is None:
        raise Http404
    return label


def _done(request: HttpRequest, form: EtiquetteForm, act: Callable[[dict[str, Any]], object]) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        add_domain_error(form, error)
        return False
    return True


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    kept = ("Étiquettes", reverse("signalements:etiquettes") if pages else "")
    return [("Demandes", reverse("signalements:file")), kept, *pages]


def _status(form: EtiquetteForm) -> int:
    return UNPROCESSABLE if form.errors else 200
