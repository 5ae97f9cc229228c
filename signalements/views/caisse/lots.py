"""Acts on many demandes at once: asked from the queue, done by the worker, told on a page of their own."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.permissions import Act, can, current
from caisses.models import Equipe
from portal.errors import DomainError
from portal.keyset import PAGE_SIZE
from signalements.enums import ActeLot, EtatLigne
from signalements.forms.file import LotForm
from signalements.models import Demande, Etiquette, LigneLot, Lot
from signalements.operations.lots import MOST_LINES, Choisie, ask_lot
from signalements.queries.file_caisse import every_row
from signalements.views.caisse.access import staff_view
from signalements.views.caisse.file import lot_form, queue_screen
from signalements.views.caisse.lines import palette_of
from signalements.views.caisse.place import Place, current_place

LONGEST_QUERY = 800
REFRESH_SECONDS = 3
SHOWN_FAILURES = 200


@staff_view()
@require_POST
def demander(request: HttpRequest) -> HttpResponse:
    """Ask for an act on what is ticked, or on every result of the view; then its page, which tells what became of it.

    Nothing ticked, or no act chosen: the same page of the queue with the reason, 422.
    """
    membership = current(request)
    params = QueryDict(request.POST.get("liste", "")[:LONGEST_QUERY])
    place = Place.read(params.dict())  # type: ignore[arg-type]
    form = lot_form(membership, place.vue.statuts, palette_of(membership), request.POST)
    ticked = request.POST.getlist("demandes")[:PAGE_SIZE]
    if form.is_valid():
        try:
            lot = _ask(membership, form, place, ticked)
        except DomainError as error:
            form.add_error("acte" if error.field == "acte" else None, error.message)
        else:
            return redirect("signalements:lot", pk=lot.pk)
    return queue_screen(request, membership, params, form, ticked)


def _ask(membership: Membership, form: LotForm, place: Place, ticked: list[str]) -> Lot:
    acte, cible = form.chosen()
    if form.cleaned_data["tout"]:
        rows = every_row(membership, place.vue, place.filtres, MOST_LINES)
        chosen = [Choisie(row.pk, row.partenaire_id, row.version) for row in rows]
    else:
        chosen = _ticked(membership, ticked)
    return ask_lot(actor=membership, acte=acte, cible=cible, choisies=chosen, cle=form.cleaned_data["cle"])


def _ticked(membership: Membership, ticked: list[str]) -> list[Choisie]:
    """The demandes ticked, at the version the page showed; what is not this caisse's is not there."""
    versions = {}
    for choice in ticked:
        reference, _, version = choice.partition(":")
        versions[reference] = (
            int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
        )
    rows = Demande.objects.visible_to(membership).filter(reference__in=versions)
    found = rows.order_by("pk").values_list("pk", "partenaire_id", "reference")
    return [Choisie(pk, partenaire_id, versions[reference]) for pk, partenaire_id, reference in found]


@staff_view()
@require_safe
def lot(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of a lot. While it is under way the browser asks again by itself, without a script."""
    membership = current(request)
    found = Lot.objects.filter(pk=pk, caisse=membership.caisse_id).first()
    if found is None:
        raise Http404
    if found.auteur_id != membership.acteur_id and not can(membership, Act.SUPERVISER):
        raise PermissionDenied
    rows = LigneLot.objects.filter(lot=found)
    done = rows.filter(etat=EtatLigne.FAITE).count()
    failures = list(
        rows.filter(etat=EtatLigne.ECHEC)
        .select_related("demande")
        .only("raison", "demande__reference")[: SHOWN_FAILURES + 1]
    )
    failed = len(failures) if len(failures) <= SHOWN_FAILURES else rows.filter(etat=EtatLigne.ECHEC).count()
    under_way = found.fini_le is None
    context = {
        "crumbs": [("Demandes", reverse("signalements:file")), ("Traitement par lot", "")],
        "lot": found,
        "acte": _in_words(found),
        "en_cours": under_way,
        "faites": done,
        "echecs": failed,
        "restantes": found.total - done - failed,
        "lignes": [
            (
                row.demande.reference,
                reverse("signalements:traitement", args=[row.demande.reference]),
                row.raison,
            )
            for row in failures[:SHOWN_FAILURES]
        ],
        "colonnes": ["Référence", "Raison"],
        "montrees": SHOWN_FAILURES if failed > SHOWN_FAILURES else 0,
        "retour": current_place(request).retour,
    }
    response = render(request, "signalements/caisse/lot.html", context)
    if under_way:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _in_words(found: Lot) -> str:
    """« Attribuer à Camille Fictive », « Poser l’étiquette « Tutelle » »."""
    if found.acte == ActeLot.ATTRIBUER:
        person = Utilisateur.objects.filter(pk=found.cible).only("prenom", "nom").first()
        return f"Attribuer à {person.get_full_name()}" if person else "Attribuer"
    if found.acte == ActeLot.CONFIER:
        team = Equipe.objects.filter(pk=found.cible, caisse=found.caisse_id).first()
        return f"Confier à l’équipe «\u00a0{team.nom}\u00a0»" if team else "Confier à une équipe"
    if found.acte in {ActeLot.POSER, ActeLot.RETIRER}:
        label = Etiquette.objects.filter(pk=found.cible, caisse=found.caisse_id).first()
        verb = "Poser" if found.acte == ActeLot.POSER else "Retirer"
        return f"{verb} l’étiquette «\u00a0{label.nom}\u00a0»" if label else f"{verb} une étiquette"
    return str(ActeLot(found.acte).label)
