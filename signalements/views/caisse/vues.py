"""The kept views of the queue: opened by an address, made from the filters in force, renamed, deleted."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, can, current
from caisses.models import Equipe
from portal.errors import DomainError
from signalements.forms.file import RenommerVueForm, VueForm
from signalements.models import VueEnregistree
from signalements.operations.vues import VueVoulue, drop_view, keep_view, rename_view
from signalements.queries.file_caisse import VUES
from signalements.queries.vues import views_of
from signalements.views.caisse.access import UNPROCESSABLE, add_domain_error, caisse_of, staff_view
from signalements.views.caisse.file import filter_form
from signalements.views.caisse.lines import palette_of
from signalements.views.caisse.place import Place

LONGEST_QUERY = 800
ACTS = ["GET", "HEAD", "POST"]


@staff_view()
@require_safe
def vue(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a kept view. A filter whose value is gone is left out and said by the queue."""
    found = _view_or_404(current(request), pk)
    parts = {"vue": found.onglet, **{name: str(value) for name, value in found.filtres.items()}}
    return redirect(f"{reverse('signalements:file')}?{urlencode(parts)}")


@staff_view()
@require_safe
def vues(request: HttpRequest) -> HttpResponse:
    """One's own views and the team's, with what can be done with each."""
    membership = current(request)
    superviseur = can(membership, Act.SUPERVISER)
    rows = list(views_of(membership).select_related("equipe"))
    context = {
        "crumbs": _crumbs(),
        "groupes": [
            ("Mes vues", [_row(view, True) for view in rows if view.proprietaire_id], "mes-vues"),
            (
                "Vues de l’équipe",
                [_row(view, superviseur) for view in rows if not view.proprietaire_id],
                "vues-equipe",
            ),
        ],
        "colonnes": ["Nom", "Liste", "Pour", "Actions"],
    }
    return render(request, "signalements/caisse/vues.html", context)


def _row(view: VueEnregistree, mine: bool) -> dict[str, Any]:
    tab = VUES.get(view.onglet)
    shared = f"Équipe «\u00a0{view.equipe.nom}\u00a0»" if view.equipe else "Toute la caisse"
    return {
        "pk": view.pk,
        "nom": view.nom,
        "onglet": tab.libelle if tab else "",
        "pour": "Moi" if view.proprietaire_id else shared,
        "mienne": mine,
    }


@staff_view()
@require_http_methods(ACTS)
def vue_nouvelle(request: HttpRequest) -> HttpResponse:
    """Keep the tab and the filters of the address under a name."""
    membership = current(request)
    params = (
        request.GET if request.method != "POST" else QueryDict(request.POST.get("liste", "")[:LONGEST_QUERY])
    )
    filters = filter_form(params, membership, palette_of(membership))
    place = Place(Place.read(params.dict()).vue, filters.filtres())  # type: ignore[arg-type]
    superviseur = can(membership, Act.SUPERVISER)
    teams = list(Equipe.objects.filter(caisse=caisse_of(membership), active=True)) if superviseur else []
    form = VueForm(request.POST if request.method == "POST" else None, equipes=teams, superviseur=superviseur)
    if request.method == "POST" and form.is_valid():
        voulue = VueVoulue(
            form.cleaned_data["nom"], place.vue.code, place.filtres.values(), form.partagee, form.equipe_id
        )
        try:
            kept = keep_view(actor=membership, voulue=voulue, cle=form.cleaned_data["cle"])
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, f"La vue «\u00a0{kept.nom}\u00a0» est enregistrée.")
            return redirect(place.url())
    context = {
        "crumbs": _crumbs(("Enregistrer cette vue", "")),
        "form": form,
        "liste": place.query(),
        "retour": place.url(),
        "contenu": [("Liste", place.vue.libelle), *filters.en_mots()],
    }
    return render(request, "signalements/caisse/vue_nouvelle.html", context, status=_status(form))


@staff_view()
@require_http_methods(ACTS)
def vue_renommer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a view another name."""
    membership = current(request)
    found = _own_or_refused(membership, pk)
    form = RenommerVueForm(request.POST if request.method == "POST" else None, initial={"nom": found.nom})
    if request.method == "POST" and form.is_valid():
        try:
            rename_view(actor=membership, view_id=pk, nom=form.cleaned_data["nom"])
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, "La vue est renommée.")
            return redirect("signalements:vues")
    context = {"crumbs": _crumbs(("Renommer", "")), "form": form, "objet": found.nom}
    return render(request, "signalements/caisse/vue_renommer.html", context, status=_status(form))


@staff_view()
@require_http_methods(ACTS)
def vue_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view, after a page that says what that does."""
    membership = current(request)
    found = _own_or_refused(membership, pk)
    if request.method == "POST":
        drop_view(actor=membership, view_id=pk)
        messages.success(request, "La vue est supprimée.")
        return redirect("signalements:vues")
    context = {"crumbs": _crumbs(("Supprimer", "")), "objet": found}
    return render(request, "signalements/caisse/vue_supprimer.html", context)


def _view_or_404(membership: Membership, pk: int) -> VueEnregistree:
    found = views_of(membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _own_or_refused(membership: Membership, pk: int) -> VueEnregistree:
    found = _view_or_404(membership, pk)
    if found.proprietaire_id is None and not can(membership, Act.SUPERVISER):
        raise PermissionDenied
    return found


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    kept = ("Vues enregistrées", reverse("signalements:vues") if pages else "")
    return [("Demandes", reverse("signalements:file")), kept, *pages]


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.errors else 200
