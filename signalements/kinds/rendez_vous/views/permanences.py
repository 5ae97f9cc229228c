"""Permanences, on both sides: proposing, answering, grouping files, the list of the day, the bilan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from caisses.enums import Fonction
from partners.models import Partenaire
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.ui.text import day_in_words, hour_in_words
from signalements.enums import STATUTS_OUVERTS
from signalements.kinds.rendez_vous.act_forms import RaisonForm
from signalements.kinds.rendez_vous.enums import EtatPermanence, Jour, NaturePermanence
from signalements.kinds.rendez_vous.models import DossierSeance, Permanence, Seance
from signalements.kinds.rendez_vous.operations.permanences import (
    answer_permanence,
    cancel_permanence,
    group_files,
    propose_permanence,
    record_bilan,
)
from signalements.kinds.rendez_vous.permanence_forms import (
    BilanForm,
    DossiersForm,
    PermanenceForm,
    ReponseForm,
)
from signalements.kinds.rendez_vous.views.agenda import handler
from signalements.models import Demande
from signalements.views.caisse.access import UNPROCESSABLE, posted_version, staff_view

E = EtatPermanence
TONES = {
    E.PROPOSEE: ("warning", "horloge"),
    E.VALIDEE: ("success", "coche"),
    E.REFUSEE: ("neutral", "croix"),
    E.ANNULEE: ("neutral", "croix"),
}
MOST = 100


def _structure(request: HttpRequest) -> Membership:
    membership = current(request)
    if not membership.caisses_avec(Fonction.RENDEZ_VOUS):
        raise PermissionDenied
    return membership


def _of_structure(membership: Membership) -> "models.QuerySet[Permanence]":
    return Permanence.objects.filter(
        partenaire=membership.structure, caisse_id__in=membership.caisses_avec(Fonction.RENDEZ_VOUS)
    )


def words_of(permanence: Permanence) -> str:
    """When a permanence is held, in words."""
    hours = f"de {hour_in_words(permanence.heure_debut)} à {hour_in_words(permanence.heure_fin)}"
    if permanence.nature == NaturePermanence.PONCTUELLE:
        return f"Le {day_in_words(permanence.du, 'l j F Y')}, {hours}"
    days = ", ".join(str(Jour(jour).label).lower() for jour in permanence.jours)
    each = "" if permanence.semaines == 1 else f", toutes les {permanence.semaines} semaines"
    return (
        f"{days[0].upper()}{days[1:]}{each}, {hours}, du {permanence.du:%d/%m/%Y} au {permanence.au:%d/%m/%Y}"
    )


def _lines(rows: "models.QuerySet[Permanence]", route: str) -> list[dict[str, Any]]:
    return [
        {
            "permanence": row,
            "quand": words_of(row),
            "ton": TONES[E(row.etat)],
            "url": reverse(route, args=[row.pk]),
        }
        for row in rows.select_related("caisse", "partenaire").order_by("-au", "-pk")[:MOST]
    ]


def _context(permanence: Permanence, seances: list[Seance], cote: str) -> dict[str, Any]:
    tone, icon = TONES[E(permanence.etat)]
    return {
        "permanence": permanence,
        "quand": words_of(permanence),
        "etat": str(E(permanence.etat).label),
        "ton": tone,
        "icone": icon,
        "ponctuelle": permanence.nature == NaturePermanence.PONCTUELLE,
        "seances": seances,
        "cote": cote,
        "recus": sum(seance.recus or 0 for seance in seances),
        "dossiers": sum(seance.dossiers or 0 for seance in seances),
        "aujourdhui": permanence.caisse.today(),
        "ouverte": permanence.etat in {E.PROPOSEE, E.VALIDEE},
        "validee": permanence.etat == E.VALIDEE,
        "a_repondre": permanence.etat == E.PROPOSEE,
    }


def _seances(permanence: Permanence) -> list[Seance]:
    rows = Seance.objects.filter(permanence=permanence).annotate(lies=models.Count("dossiers_lies"))
    return list(rows.order_by("jour", "pk"))


# --- The caisse


@staff_view()
@require_safe
def permanences_caisse(request: HttpRequest) -> HttpResponse:
    """The permanences of the caisse."""
    _, caisse = handler(request)
    context = {
        "lignes": _lines(Permanence.objects.filter(caisse=caisse), "rendez_vous:permanence_caisse"),
        "caisse": True,
        "crumbs": _crumbs_caisse(),
    }
    return render(request, "rendez_vous/permanences.html", context)


def _crumbs_caisse(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    own = reverse("rendez_vous:permanences_caisse") if pages else ""
    return [("Rendez-vous", reverse("rendez_vous:agenda")), ("Permanences", own), *pages]


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def permanence_nouvelle(request: HttpRequest) -> HttpResponse:
    """Propose a permanence to a structure."""
    membership, caisse = handler(request)
    structures = list(Partenaire.objects.of_caisse(caisse).order_by("raison_sociale", "pk"))
    form = PermanenceForm(*([request.POST] if request.method == "POST" else []), structures=structures)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_permanence(actor=membership, permanence=form.build(caisse))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "La permanence est proposée\u00a0; la structure est prévenue.")
            return redirect("rendez_vous:permanence_caisse", made.pk)
    context = {"form": form, "crumbs": _crumbs_caisse(("Nouvelle permanence", ""))}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "rendez_vous/permanence_nouvelle.html", context, status=status)


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def permanence_caisse(request: HttpRequest, pk: int) -> HttpResponse:
    """A permanence, its days and their bilan; the caisse may cancel it."""
    membership, caisse = handler(request)
    found = Permanence.objects.filter(caisse=caisse, pk=pk).select_related("caisse", "partenaire").first()
    if found is None:
        raise Http404
    form = RaisonForm()
    if request.method == "POST":
        form = RaisonForm(request.POST)
        done = _cancel(request, membership, found, form)
        if done:
            return redirect("rendez_vous:permanence_caisse", pk)
    context = {
        **_context(found, _seances(found), "caisse"),
        "form": form,
        "crumbs": _crumbs_caisse((words_of(found), "")),
    }
    return render(
        request, "rendez_vous/permanence.html", context, status=UNPROCESSABLE if form.errors else 200
    )


def _cancel(request: HttpRequest, actor: Membership, found: Permanence, form: RaisonForm) -> bool:
    if not form.is_valid():
        return False
    try:
        cancel_permanence(
            actor=actor,
            permanence_id=found.pk,
            raison=form.cleaned_data["raison"],
            version=posted_version(request),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, "La permanence est annulée.")
    return True


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def bilan(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of a day."""
    membership, caisse = handler(request)
    rows = Seance.objects.filter(caisse=caisse, pk=pk)
    seance = rows.select_related("permanence", "caisse", "partenaire").first()
    if seance is None:
        raise Http404
    known = {"recus": seance.recus or 0, "dossiers": seance.dossiers or 0}
    form = BilanForm(*([request.POST] if request.method == "POST" else []), initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            record_bilan(actor=membership, seance_id=seance.pk, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "Le bilan est enregistré.")
            return redirect("rendez_vous:permanence_caisse", seance.permanence_id)
    page = reverse("rendez_vous:permanence_caisse", args=[seance.permanence_id])
    context = {
        "seance": seance,
        "form": form,
        "retour": page,
        "crumbs": _crumbs_caisse((words_of(seance.permanence), page), ("Bilan", "")),
    }
    return render(request, "rendez_vous/bilan.html", context, status=UNPROCESSABLE if form.errors else 200)


@staff_view()
@require_safe
def liste_caisse(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of the day, to print."""
    membership, caisse = handler(request)
    page = _day_list(request, membership, Seance.objects.filter(caisse=caisse), pk)
    return page


# --- The structure


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def permanences(request: HttpRequest) -> HttpResponse:
    """The permanences held in the structure."""
    membership = _structure(request)
    context = {
        "lignes": _lines(_of_structure(membership), "rendez_vous:permanence"),
        "caisse": False,
        "crumbs": _crumbs(),
    }
    return render(request, "rendez_vous/permanences.html", context)


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    own = reverse("rendez_vous:permanences") if pages else ""
    return [("Rendez-vous", reverse("rendez_vous:liste")), ("Permanences", own), *pages]


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def permanence(request: HttpRequest, pk: int) -> HttpResponse:
    """A permanence: who comes, when; the structure validates, refuses or cancels."""
    membership = _structure(request)
    found = _of_structure(membership).filter(pk=pk).select_related("caisse", "partenaire").first()
    if found is None:
        raise Http404
    a_repondre = found.etat == E.PROPOSEE
    form = ReponseForm(a_repondre=a_repondre)
    if request.method == "POST":
        form = ReponseForm(request.POST, a_repondre=a_repondre)
        if _answer(request, membership, found, form):
            return redirect("rendez_vous:permanence", pk)
    context = {
        **_context(found, _seances(found), "partenaire"),
        "form": form,
        "crumbs": _crumbs((words_of(found), "")),
    }
    return render(
        request, "rendez_vous/permanence.html", context, status=UNPROCESSABLE if form.errors else 200
    )


def _answer(request: HttpRequest, membership: Membership, found: Permanence, form: Any) -> bool:
    acte = request.POST.get("acte")
    if acte == "annuler":
        return _cancel(request, membership, found, form)
    if not form.is_valid():
        return False
    try:
        answer_permanence(
            membership=membership,
            permanence_id=found.pk,
            accepte=acte == "valider",
            raison=form.cleaned_data["raison"],
            accompagnants=form.cleaned_data.get("accompagnants", ""),
            version=posted_version(request),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, "Votre réponse est enregistrée.")
    return True


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: HttpRequest, pk: int) -> HttpResponse:
    """Group the demandes received on the day of a one-off permanence."""
    membership = _structure(request)
    rows = Seance.objects.filter(
        partenaire=membership.structure, caisse_id__in=membership.caisses_avec(Fonction.RENDEZ_VOUS), pk=pk
    )
    seance = rows.select_related("permanence", "caisse").first()
    if seance is None or seance.permanence.nature != NaturePermanence.PONCTUELLE:
        raise Http404
    linked = list(
        DossierSeance.objects.filter(seance=seance, partenaire=membership.structure)
        .order_by("numero")
        .values_list("demande__reference", flat=True)
    )
    choices = _open_demandes(membership, seance, linked)
    posted = [request.POST] if request.method == "POST" else []
    form = DossiersForm(*posted, choices=choices, initial={"demandes": linked})
    if posted and form.is_valid():
        try:
            group_files(membership=membership, seance_id=seance.pk, references=form.cleaned_data["demandes"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Les dossiers de la permanence sont enregistrés.")
            return redirect("rendez_vous:permanence", seance.permanence_id)
    page = reverse("rendez_vous:permanence", args=[seance.permanence_id])
    context = {
        "seance": seance,
        "form": form,
        "choix": choices,
        "retour": page,
        "crumbs": _crumbs((words_of(seance.permanence), page), ("Dossiers", "")),
    }
    return render(request, "rendez_vous/dossiers.html", context, status=UNPROCESSABLE if form.errors else 200)


def _open_demandes(membership: Membership, seance: Seance, linked: list[str]) -> list[tuple[str, str]]:
    """The open demandes of the structure to this caisse: those already grouped first, then the newest."""
    rows = (
        Demande.objects.visible_to(membership)
        .filter(caisse_id=seance.caisse_id, statut__in=STATUTS_OUVERTS, sans_personne=False)
        .select_related("personne")
        .order_by("-modifiee_le", "-id")
    )
    found = {row.reference: f"{row.reference} – {row.personne.nom_complet}" for row in rows[:MOST]}
    return [(ref, found[ref]) for ref in linked if ref in found] + [
        (ref, words) for ref, words in found.items() if ref not in linked
    ]


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def liste_seance(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of the day, to print."""
    membership = _structure(request)
    own = Seance.objects.filter(
        partenaire=membership.structure, caisse_id__in=membership.caisses_avec(Fonction.RENDEZ_VOUS)
    )
    return _day_list(request, membership, own, pk)


def _day_list(
    request: HttpRequest, membership: Membership, rows: "models.QuerySet[Seance]", pk: int
) -> HttpResponse:
    """Order, reference, name, language: what is needed to receive people, and nothing else."""
    seance = rows.select_related("permanence", "caisse", "partenaire").filter(pk=pk).first()
    if seance is None:
        raise Http404
    linked = DossierSeance.objects.filter(
        seance=seance, partenaire_id=seance.partenaire_id, caisse_id=seance.caisse_id
    )
    related = linked.select_related("demande__personne", "demande__rendez_vous").order_by("numero")
    record(
        Verbe.CONSULTATION,
        actor=membership,
        caisse_id=seance.caisse_id,
        partenaire_id=seance.partenaire_id,
        objet="permanence",
        objet_id=seance.permanence_id,
        details={"page": "liste_du_jour"},
    )
    context = {
        "seance": seance,
        "quand": day_in_words(seance.jour, "l j F Y"),
        "lignes": [(row.numero, row.demande, _language(row.demande)) for row in related],
        "retour": reverse(
            "rendez_vous:permanence" if membership.is_technicien else "rendez_vous:permanence_caisse",
            args=[seance.permanence_id],
        ),
        "crumbs": (_crumbs if membership.is_technicien else _crumbs_caisse)(("Liste du jour", "")),
    }
    return render(request, "rendez_vous/liste_du_jour.html", context)


def _language(demande: Demande) -> str:
    found = getattr(demande, "rendez_vous", None)
    return found.langue_interprete if found is not None else ""
