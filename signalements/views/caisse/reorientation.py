"""« Réorienter la demande »: its urgency, its motif, its team, its service, or another caisse, on one page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.memberships import Membership
from accounts.permissions import Act, can
from caisses.enums import ListeMotifs
from portal.errors import DomainError
from signalements.enums import STATUTS_CHEZ_LA_CAISSE
from signalements.forms.reorientation import CaisseForm, EquipeForm, MotifForm, ServiceForm, UrgenceForm
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.operations.reorientation import change_kind, change_motif, change_urgency, move_to_team
from signalements.operations.transfert import transfer
from signalements.queries.referentiel import motifs_of
from signalements.queries.reorientation import caisses_offered, kinds_offered, teams_offered
from signalements.views.caisse.access import (
    add_domain_error,
    demande_or_404,
    posted_version,
    staff_view,
    task_url,
)
from signalements.views.caisse.act_page import act_page, opened
from signalements.views.guard import guard_counter

Forms = dict[str, Any]


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def reorienter(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose what to put right; what is typed stays when it is refused."""
    membership, demande = opened(request, reference, "reorienter")
    if request.method != "POST":
        if demande.statut not in STATUTS_CHEZ_LA_CAISSE:
            messages.error(request, "Cette demande ne peut pas être réorientée maintenant.")
            return redirect(task_url(demande))
        return _page(request, demande, _forms(membership, demande))
    given = _forms(membership, demande, request)
    act = ACTS.get(request.POST.get("acte", ""))
    form = given.get(request.POST.get("acte", ""))
    if act is None or form is None:
        refused = forms.Form(data={})
        refused.add_error(None, "Ce choix n’est plus proposé pour cette demande.")
        return _page(request, demande_or_404(membership, reference), _forms(membership, demande), refused)
    if form.is_valid():
        try:
            done = act(membership, demande, form.cleaned_data, form, posted_version(request))
        except DomainError as error:
            if error.field and isinstance(form, ServiceForm):
                error.field = form.name_of(error.field)
            add_domain_error(form, error)
        else:
            messages.success(request, done)
            return _back(membership, demande)
    return _page(request, demande_or_404(membership, reference), given, form)


def _back(membership: Membership, demande: Demande) -> HttpResponse:
    """The demande, or the queue for who no longer handles it."""
    fresh = Demande.objects.only("fonction", "caisse_id", "partenaire_id").get(pk=demande.pk)
    if can(membership, Act.TRAITER_DEMANDE, fresh):
        return redirect(task_url(demande))
    return redirect(reverse("signalements:file"))


def _forms(membership: Membership, demande: Demande, request: HttpRequest | None = None) -> Forms:
    """The forms this demande allows; the one that was posted is bound."""
    posted = request.POST if request is not None else None
    acte = posted.get("acte", "") if posted is not None else ""
    count = guard_counter(membership, demande)

    def given(name: str, guarded: bool = True) -> dict[str, Any]:
        if acte != name:
            return {}
        return {"data": posted, "count": count} if guarded else {"data": posted}

    motifs = motifs_of(demande.caisse, ListeMotifs.URGENCE)[ListeMotifs.URGENCE.value]
    found: Forms = {"urgence": UrgenceForm(demande=demande, motifs=motifs, **given("urgence"))}
    if offered := kind_of(demande).mouvement.motifs(demande):
        found["motif"] = MotifForm(motifs=offered, **given("motif"))
    if equipes := teams_offered(demande):
        found["equipe"] = EquipeForm(equipes=equipes, **given("equipe", guarded=False))
    if services := kinds_offered(demande):
        found["service"] = ServiceForm(services=services, **given("service"))
    if caisses := caisses_offered(demande):
        found["caisse"] = CaisseForm(caisses=caisses, **given("caisse"))
    return found


def _page(
    request: HttpRequest, demande: Demande, given: Forms, form: forms.Form | None = None
) -> HttpResponse:
    blocs = [(name, *WORDS[name], given[name]) for name in WORDS if name in given]
    shown = form or next(iter(given.values()))
    return act_page(request, demande, shown, "reorienter", "Réorienter la demande", blocs=blocs)


WORDS = {
    "urgence": (
        "Changer l’urgence",
        "Urgente, la demande est due sous le délai des urgences, à partir d’aujourd’hui.",
        "Enregistrer l’urgence",
    ),
    "motif": (
        "Changer le motif",
        "Le service reste le même. Rien n’est perdu\u00a0: ce que la structure a dit et joint reste\u00a0; ce qui "
        "manque encore se demande à la structure.",
        "Changer le motif",
    ),
    "equipe": (
        "Confier à une autre équipe",
        "La demande n’est plus attribuée à personne\u00a0; son délai court.",
        "Confier à cette équipe",
    ),
    "service": (
        "Changer de service",
        "Rien n’est perdu\u00a0: ce que la structure a demandé reste lisible, une date de "
        "rendez-vous est libérée. Le délai "
        "devient celui du nouveau service\u00a0; ce qui lui manque est demandé à la structure.",
        "Changer de service",
    ),
    "caisse": (
        "Transférer à une autre caisse",
        "La demande est close ici et ouverte là-bas, avec ses pièces\u00a0; vos notes et vos messages restent ici.",
        "Transférer la demande",
    ),
}
Acting = Callable[[Membership, Demande, dict[str, Any], Any, int], str]


def _urgency(membership: Membership, demande: Demande, data: dict[str, Any], form: Any, version: int) -> str:
    change_urgency(
        actor=membership,
        demande_id=demande.pk,
        urgence=form.urgence(),
        raison=data["raison"],
        version=version,
    )
    return "L’urgence est changée\u00a0; la structure est prévenue."


def _motif(membership: Membership, demande: Demande, data: dict[str, Any], form: Any, version: int) -> str:
    change_motif(
        actor=membership, demande_id=demande.pk, valeur=data["motif"], raison=data["raison"], version=version
    )
    return "Le motif est changé\u00a0; la structure est prévenue."


def _team(membership: Membership, demande: Demande, data: dict[str, Any], form: Any, version: int) -> str:
    move_to_team(actor=membership, demande_id=demande.pk, equipe_id=data["equipe"], version=version)
    return "La demande est confiée à l’équipe."


def _service(membership: Membership, demande: Demande, data: dict[str, Any], form: Any, version: int) -> str:
    change_kind(
        actor=membership,
        demande_id=demande.pk,
        fonction=data["fonction"],
        raison=data["raison"],
        version=version,
        choix=form.choix(),
    )
    return "Le service est changé\u00a0; la structure est prévenue."


def _caisse(membership: Membership, demande: Demande, data: dict[str, Any], form: Any, version: int) -> str:
    transfer(
        actor=membership,
        demande_id=demande.pk,
        caisse_id=data["caisse"],
        raison=data["raison"],
        version=version,
    )
    return "La demande est transférée\u00a0; la structure est prévenue."


ACTS: dict[str, Acting] = {
    "urgence": _urgency,
    "motif": _motif,
    "equipe": _team,
    "service": _service,
    "caisse": _caisse,
}
