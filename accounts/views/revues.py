"""Revue d’habilitations: one screen to answer, to leave and to come back to; one page to confirm (art. 4.2)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts.departures import charges_of
from accounts.doors import is_background
from accounts.enums import Profil, ReponseRevue
from accounts.etats_revues import is_late, progress_of, review_state
from accounts.forms.revues import ConfirmationRevueForm, RevueForm
from accounts.models import LigneRevue, PreuveRevue, RevueHabilitation, Utilisateur
from accounts.operations.confirmation_revue import confirm_review
from accounts.operations.revues import Reponse, accounts_of, answer
from accounts.permissions import Act, current, membership_required
from accounts.preuves import proof_response
from portal import clock
from portal.errors import DomainError
from portal.ui.text import day_in_words, hour_in_words

UNPROCESSABLE = 422
COMPTES_PAR_PAGE = 50
MOST_LISTED = 60
ACCUEIL = ("Comptes de la structure", reverse_lazy("accounts:gestion_accueil"))
REVUES = ("Revues d’habilitations", reverse_lazy("accounts:revues"))
COLONNES = ["Demandée par", "Ouverte le", "À faire avant le", "État", "Réponses", "Preuve"]


def _own(request: HttpRequest, pk: int) -> RevueHabilitation:
    """A review of the structure; any other is a 404 like an unknown number."""
    rows = RevueHabilitation.objects.visible_to(current(request)).select_related("caisse", "confirmee_par")
    return get_object_or_404(rows, pk=pk)


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def revues(request: HttpRequest) -> HttpResponse:
    """The reviews of the structure, those to do first, with the proofs of those confirmed."""
    rows = (
        RevueHabilitation.objects.visible_to(current(request))
        .with_progress()
        .select_related("caisse", "preuve")
    )
    rows = rows.defer("preuve__contenu").order_by("-ouverte_le", "-pk")
    found = sorted(rows[:MOST_LISTED], key=lambda revue: not revue.is_open)
    context = {
        "lignes": [
            {
                "revue": revue,
                "etat": review_state(revue, revue.caisse.today()),
                "avancement": progress_of(revue),
                "preuve": hasattr(revue, "preuve"),
            }
            for revue in found
        ],
        "colonnes": COLONNES,
        "legende": f"Revues d’habilitations, {len(found)} au plus, la plus récente d’abord",
        "crumbs": [ACCUEIL, (REVUES[0], "")],
    }
    return render(request, "accounts/gestion/revues.html", context)


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def revue(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer for each account; every answer is kept at once, with or without a script."""
    found = _own(request, pk)
    if not found.is_open:
        return _over(request, found)
    page = Paginator(accounts_of(found.partenaire_id), COMPTES_PAR_PAGE).get_page(request.GET.get("page"))
    form = _form(request, found, list(page), request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if form.is_valid():
                saved = answer(
                    actor=current(request),
                    revue_id=found.pk,
                    version=form.cleaned_data["version"],
                    reponses=_posted(form, request),
                )
                return _saved(request, saved)
        except DomainError as error:
            if is_background(request):
                code = {"code": "perime"} if error.code == "perimee" else {}
                return JsonResponse({"erreur": error.message, **code}, status=409)
            found = _own(request, pk)
            if not found.is_open:
                messages.error(request, error.message)
                return redirect("accounts:revue", pk=pk)
            form = _merged(request, found, list(page))
            form.refuse(error)
        if is_background(request):
            return JsonResponse({"erreur": "Réponse illisible."}, status=UNPROCESSABLE)
    return _screen(request, found, form, page)


def _form(request: HttpRequest, found: RevueHabilitation, comptes: list[Utilisateur], data: Any) -> RevueForm:
    lignes = {row.compte_id: row for row in found.lignes.filter(compte__in=[user.pk for user in comptes])}
    return RevueForm(
        data, comptes=comptes, lignes=lignes, soi=request.user.pk, initial={"version": found.version}
    )


def _merged(request: HttpRequest, found: RevueHabilitation, comptes: list[Utilisateur]) -> RevueForm:
    """What was typed, at the version of now, with the answers of a colleague where nothing was said."""
    data = request.POST.copy()
    data["version"] = str(found.version)
    form = _form(request, found, comptes, data)
    for pk, ligne in form.lignes.items():
        if not data.get(f"reponse_{pk}"):
            data[f"reponse_{pk}"], data[f"fonction_{pk}"] = ligne.reponse, ligne.fonction
    form = _form(request, found, comptes, data)
    form.is_valid()
    return form


def _posted(form: RevueForm, request: HttpRequest) -> dict[int, Reponse]:
    """The answers, those about accounts that are no longer on the page included: they are refused by name."""
    found = form.reponses()
    for name, value in request.POST.items():
        key = name.removeprefix("reponse_")
        if key != name and key.isdecimal() and len(key) < 19 and value in ReponseRevue:
            found.setdefault(int(key), Reponse(str(value)))
    return found


def _saved(request: HttpRequest, saved: RevueHabilitation) -> HttpResponse:
    if request.POST.get("action") == "continuer":
        return redirect("accounts:revue_confirmer", pk=saved.pk)
    progress = progress_of(RevueHabilitation.objects.with_progress().get(pk=saved.pk))
    if is_background(request):
        hour = hour_in_words(localtime(clock.now()))
        return JsonResponse({"enregistre_a": hour, "version": saved.version, "avancement": progress})
    messages.success(request, f"Réponses enregistrées\u00a0: {progress}. Vous pouvez reprendre plus tard.")
    url = reverse("accounts:revue", args=[saved.pk])
    page = request.POST.get("page", "")
    return redirect(f"{url}?page={page}" if page.isdecimal() else url)


def _screen(request: HttpRequest, found: RevueHabilitation, form: RevueForm, page: Any) -> HttpResponse:
    today = found.caisse.today()
    total = page.paginator.count
    answered = found.lignes.filter(compte__is_active=True).count()
    context = {
        "revue": found,
        "form": form,
        "etat": review_state(found, today),
        "en_retard": is_late(found, today),
        "repondus": answered,
        "total": total,
        "restent": total - answered,
        "page": page,
        "suite": page.next_page_number() if page.has_next() else None,
        "position": f"Page {page.number} sur {page.paginator.num_pages}",
        "precedente": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "suivante": f"?page={page.next_page_number()}" if page.has_next() else "",
        "crumbs": [ACCUEIL, REVUES, ("Répondre", "")],
    }
    return render(request, "accounts/gestion/revue.html", context, status=_status(form))


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.errors else 200


def _over(request: HttpRequest, found: RevueHabilitation) -> HttpResponse:
    """A review that is over: its answers, and its proof."""
    if is_background(request):
        return JsonResponse({"erreur": "Cette revue est terminée."}, status=409)
    if request.method == "POST":
        messages.error(request, "Cette revue est terminée\u00a0: rien n’a été enregistré.")
        return redirect("accounts:revue", pk=found.pk)
    lignes = found.lignes.select_related("compte").order_by("compte__nom", "compte__prenom", "compte_id")
    context = {
        "revue": found,
        "etat": review_state(found, found.caisse.today()),
        "preuve": PreuveRevue.objects.filter(revue=found).defer("contenu").first(),
        "lignes": list(lignes),
        "colonnes": ["Compte", "Réponse", "Nouvelle fonction"],
        "crumbs": [ACCUEIL, REVUES, ("Revue terminée", "")],
    }
    return render(request, "accounts/gestion/revue_terminee.html", context)


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the confirmation does, who takes over, then do it."""
    found = _own(request, pk)
    if not found.is_open:
        return _over(request, found)
    comptes = list(accounts_of(found.partenaire_id))
    lignes = {row.compte_id: row for row in found.lignes.all()}
    said = _sorted(comptes, lignes)
    missing = [compte for compte in comptes if compte.pk not in lignes]
    untold = [ligne for compte, ligne in said["changes"] if not ligne.fonction]
    if request.method != "POST" and (missing or untold):
        messages.error(request, _what_is_missing(len(missing), len(untold)))
        return redirect("accounts:revue", pk=pk)
    form = _confirmation_form(request, found, comptes, said)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_review(
                actor=current(request),
                revue_id=found.pk,
                version=form.cleaned_data["version"],
                comptes_lus=form.read(),
                successeurs=form.successors(),
            )
        except DomainError as error:
            form = _confirmation_form(request, _own(request, pk), comptes, said, typed=form.data)
            form.refuse(error)
        else:
            messages.success(request, "La revue est confirmée. Sa preuve est conservée et la caisse la voit.")
            return redirect("accounts:revue", pk=pk)
    context = {
        "revue": found,
        "form": form,
        "said": said,
        "partants": _departures(form, found, said),
        "echeance": day_in_words(found.echeance),
        "crumbs": [ACCUEIL, REVUES, ("Répondre", reverse("accounts:revue", args=[pk])), ("Confirmer", "")],
    }
    return render(request, "accounts/gestion/revue_confirmer.html", context, status=_status(form))


def _what_is_missing(missing: int, untold: int) -> str:
    parts = []
    if missing:
        parts.append(
            "1 compte attend votre réponse" if missing == 1 else f"{missing} comptes attendent votre réponse"
        )
    if untold:
        parts.append(
            "1 nouvelle fonction est à saisir"
            if untold == 1
            else f"{untold} nouvelles fonctions sont à saisir"
        )
    return f"{' et '.join(parts)}."


def _sorted(comptes: list[Utilisateur], lignes: dict[int, LigneRevue]) -> dict[str, list[Any]]:
    """Who stays, changes, leaves; and what is said of gestionnaires, which is the caisse's to follow up."""
    found: dict[str, list[Any]] = {"restent": [], "changes": [], "partants": [], "gestionnaires": []}
    for compte in comptes:
        ligne = lignes.get(compte.pk)
        if ligne is None:
            continue
        if ligne.reponse == ReponseRevue.RESTE:
            found["restent"].append(compte)
        elif compte.profil == Profil.GESTIONNAIRE:
            found["gestionnaires"].append((compte, ligne))
        elif ligne.reponse == ReponseRevue.CHANGE:
            found["changes"].append((compte, ligne))
        else:
            found["partants"].append(compte)
    return found


def _confirmation_form(
    request: HttpRequest,
    found: RevueHabilitation,
    comptes: list[Utilisateur],
    said: dict[str, list[Any]],
    typed: Any = None,
) -> ConfirmationRevueForm:
    leaving = {compte.pk for compte in said["partants"]}
    staying = [
        compte
        for compte in comptes
        if compte.profil == Profil.TECHNICIEN and compte.active_le and compte.pk not in leaving
    ]
    now = {"version": found.version, "comptes": ",".join(str(compte.pk) for compte in comptes)}
    data = request.POST if request.method == "POST" else None
    if typed is not None:
        # Refused: what was chosen stays, the list is the one of now.
        data = typed.copy()
        for name, value in now.items():
            data[name] = str(value)
    return ConfirmationRevueForm(data, partants=said["partants"], collegues=staying, initial=now)


def _departures(
    form: ConfirmationRevueForm, found: RevueHabilitation, said: dict[str, list[Any]]
) -> list[dict[str, Any]]:
    charges = charges_of(found.partenaire_id, [compte.pk for compte in said["partants"]])
    return [
        {"compte": compte, "charge": charges[compte.pk], "champ": form[f"successeur_{compte.pk}"]}
        for compte in said["partants"]
    ]


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def preuve(request: HttpRequest, pk: int) -> HttpResponse:
    """The dated PDF of a confirmed review."""
    found = get_object_or_404(
        PreuveRevue.objects.select_related("revue"),
        revue__in=RevueHabilitation.objects.visible_to(current(request)),
        revue=pk,
    )
    return proof_response(current(request), found)
