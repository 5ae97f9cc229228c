"""Import of techniciens: a template to take, a file to give, rows to correct, the good ones to create."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import NatureAttestation
from accounts.forms.imports import AttestationsForm, FichierForm, LigneLue, read_rows, typed_rows
from accounts.models import ImportTechniciens, Utilisateur
from accounts.operations.comptes import INVITATION_HEURES
from accounts.operations.imports import COLONNES, correct_rows, create_accounts, start_import
from accounts.permissions import Act, current, membership_required
from portal.errors import DomainError
from portal.exports import BOM

UNPROCESSABLE = 422
A_CORRIGER_PAR_PAGE = 25
ACCUEIL = ("Comptes de la structure", reverse_lazy("accounts:gestion_accueil"))
LISTE = ("Techniciens", reverse_lazy("accounts:techniciens"))
IMPORT = ("Importer", reverse_lazy("accounts:techniciens_importer"))


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def modele(request: HttpRequest) -> HttpResponse:
    """The template: the six columns, as a French spreadsheet opens them."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(COLONNES.values())
    response = HttpResponse((BOM + text.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="modele-techniciens.csv"'
    return response


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    """Give a file, or go on with one that was given before."""
    membership = current(request)
    posted = request.method == "POST"
    form = FichierForm(request.POST, request.FILES) if posted else FichierForm()
    if posted and form.is_valid():
        try:
            started = start_import(actor=membership, content=form.content())
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("accounts:techniciens_import", pk=started.pk)
    waiting = ImportTechniciens.objects.filter(partenaire=membership.structure).select_related("par")
    context = {
        "form": form,
        "en_cours": [row for row in waiting[:10] if any("compte" not in line for line in row.lignes)],
        "colonnes": list(COLONNES.values()),
        "crumbs": [ACCUEIL, LISTE, (IMPORT[0], "")],
    }
    return render(
        request, "accounts/gestion/importer.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def apercu(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows: those to correct, in the page, and those that are ready; then the accounts."""
    membership = current(request)
    importe = get_object_or_404(ImportTechniciens, pk=pk, partenaire=membership.structure)
    form = None
    if request.method == "POST":
        typed, dropped = typed_rows(request.POST, importe.lignes)
        importe = correct_rows(actor=membership, import_id=pk, corrections=typed, dropped=dropped)
        if request.POST.get("action") == "creer":
            form = AttestationsForm(request.POST)
            if form.is_valid() and (answer := _create(request, importe, form, bool(typed or dropped))):
                return answer
        else:
            return _back(request, pk)
    rows = read_rows(importe.lignes, membership.structure, _techniciens(request))
    if not rows:
        messages.success(request, "Cet import est terminé.")
        return redirect("accounts:techniciens")
    return _screen(request, importe, rows, form)


def _techniciens(request: HttpRequest) -> Any:
    return Utilisateur.objects.of_partenaire(current(request).structure).techniciens()


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the rows, with the one that is to be changed open."""
    url = reverse("accounts:techniciens_import", args=[pk])
    number = request.POST.get("modifier", "")
    if number.isdecimal():
        return redirect(f"{url}?modifier={number}")
    messages.success(request, "Vos corrections sont enregistrées.")
    return redirect(url)


def _create(
    request: HttpRequest, importe: ImportTechniciens, form: AttestationsForm, corrected: bool
) -> HttpResponse | None:
    """Create the accounts of the rows that the page showed as good; None when it is refused."""
    membership = current(request)
    ready = form.ready()
    rows = [
        row for row in read_rows(importe.lignes, membership.structure, _techniciens(request)) if row.correcte
    ]
    identites = {row.numero: row.form.identite() for row in rows if row.numero in ready}
    done = {line["numero"] for line in importe.lignes if "compte" in line}
    if lost := ready - set(identites) - done:
        numbers = ", ".join(str(number) for number in sorted(lost))
        form.add_error(None, f"À corriger avant de créer, ligne {numbers}. Aucun compte n’est créé.")
        return None
    # What this very page corrected is not a change made by somebody else.
    version = importe.version if corrected else form.cleaned_data["version"]
    try:
        created = create_accounts(
            actor=membership,
            import_id=importe.pk,
            version=version,
            identites=identites,
            attestations=tuple(NatureAttestation),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    number = len(created)
    if number:
        said = "1 compte est créé" if number == 1 else f"{number} comptes sont créés"
        messages.success(
            request,
            f"{said}. Chaque personne reçoit une invitation, valable {INVITATION_HEURES}\u00a0heures.",
        )
    else:
        messages.info(request, "Ces comptes sont déjà créés.")
    return redirect("accounts:techniciens_import", pk=importe.pk)


def _screen(
    request: HttpRequest, importe: ImportTechniciens, rows: list[LigneLue], form: AttestationsForm | None
) -> HttpResponse:
    chosen = request.GET.get("modifier", "")
    wrong = [row for row in rows if not row.correcte]
    opened = [row for row in rows if row.correcte and str(row.numero) == chosen]
    good = [row for row in rows if row.correcte and row not in opened]
    now = {"version": importe.version, "prets": ",".join(str(row.numero) for row in good)}
    if form is None:
        shown = AttestationsForm(initial=now)
    else:
        # The list is the one of now: what was ticked stays.
        data = request.POST.copy()
        data["version"], data["prets"] = str(now["version"]), str(now["prets"])
        shown = AttestationsForm(data)
        shown.is_valid()
        for message in form.non_field_errors():
            shown.add_error(None, message)
    number = len(good)
    context = {
        "importe": importe,
        "form": shown,
        "a_corriger": (opened + wrong)[:A_CORRIGER_PAR_PAGE],
        "fautives": len(wrong),
        "encore": max(0, len(wrong) + len(opened) - A_CORRIGER_PAR_PAGE),
        "prets": good,
        "crees": sum("compte" in line for line in importe.lignes),
        "bouton": "Créer le compte correct" if number == 1 else f"Créer les {number} comptes corrects",
        "colonnes": ["Ligne", "Nom", "Fonction", "Téléphone", "Adresse électronique", "Action"],
        "legende": f"Lignes correctes, {number}",
        "crumbs": [ACCUEIL, LISTE, IMPORT, ("Relire les lignes", "")],
    }
    refused = form is not None
    return render(request, "accounts/gestion/import.html", context, status=UNPROCESSABLE if refused else 200)
