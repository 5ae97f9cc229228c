"""The conventions of a structure, for its gestionnaires; their documents and papers, for both sides."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.timezone import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import ask_to_sign_in
from accounts.memberships import Membership
from accounts.permissions import Act, can, current, membership_required
from caisses.enums import Fonction
from documents.forms.referents import ChangementReferentForm
from documents.models import DocumentConvention
from documents.papiers import draw_paper, papers_of
from documents.views.pieces import give
from partners.enums import EtatChangement, EtatConvention, NatureChangement, Partie
from partners.models import ChangementReferent, Convention
from partners.operations.avenants import changes_in_words
from partners.operations.referents import CHANGEABLE, propose_change, withdraw_proposal
from partners.rules import displayed_state, end_of, last_day_to_denounce
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.pdf import PdfUnavailable
from portal.ui.text import day_in_words
from portal.validators import readable_phone

LISTE = ("Conventions", reverse_lazy("conventions:liste"))
LONGEST_HISTORY = 50


def _reader(request: HttpRequest) -> Membership | None:
    """Who reads the papers of conventions: a structure's gestionnaire, the administrators of the caisse.

    Raises:
        PermissionDenied: signed in, with another role.
    """
    if not request.user.is_authenticated:
        return None
    membership: Membership | None = getattr(request, "membership", None)
    if not can(membership, Act.SUIVRE_CONVENTIONS) and not can(membership, Act.ADMINISTRER_CAISSE):
        raise PermissionDenied
    return membership


def _convention(membership: Membership, pk: int) -> Convention:
    """A convention of this reader, 404 otherwise; a structure never sees a draft."""
    rows = Convention.objects.visible_to(membership).select_related("caisse", "partenaire", "adossee_a")
    if membership.is_gestionnaire:
        rows = rows.exclude(etat=EtatConvention.BROUILLON)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def fichier(request: HttpRequest, piece_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """Download a signed document."""
    reader = _reader(request)
    if reader is None:
        return ask_to_sign_in(request)
    found = DocumentConvention.objects.visible_to(reader).sound().filter(piece=piece_id).first()
    if found is None:
        raise Http404
    return give(request, found.piece)


@require_safe
def papier(request: HttpRequest, pk: int, papier: str) -> HttpResponse:
    """A paper the portal lays out, journaled; a plain page with a 503 where PDFs cannot be made."""
    reader = _reader(request)
    if reader is None:
        return ask_to_sign_in(request)
    convention = _convention(reader, pk)
    try:
        with override(convention.caisse.fuseau):
            content = draw_paper(convention, papier, reader=reader)
    except PdfUnavailable as error:
        return render(request, "documents/pdf_indisponible.html", {"error": error}, status=503)
    if content is None:
        raise Http404
    record(
        Verbe.TELECHARGEMENT,
        actor=reader,
        caisse_id=convention.caisse_id,
        partenaire_id=convention.partenaire_id,
        objet="convention",
        objet_id=convention.pk,
        details={"papier": papier},
    )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{papier}-{convention.pk}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@membership_required(Act.SUIVRE_CONVENTIONS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """The conventions of the structure, whatever their nature, the living first."""
    rows = (
        Convention.objects.visible_to(current(request))
        .exclude(etat=EtatConvention.BROUILLON)
        .select_related("caisse", "partenaire", "adossee_a")
        .order_by("caisse__nom", "nature", "-date_effet", "pk")
    )
    context = {
        "lignes": [
            {"convention": row, "fin": end_of(row), "etat": displayed_state(row, row.caisse.today())}
            for row in rows
        ],
        "colonnes": ["Référence", "Caisse", "Nature", "État", "Prise d’effet", "Dernier jour"],
    }
    return render(request, "documents/conventions/liste.html", context)


@membership_required(Act.SUIVRE_CONVENTIONS)
@require_safe
def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """A convention: dates, notice, functions, référents, avenants, documents."""
    membership = current(request)
    convention = _convention(membership, pk)
    changes = convention.changements_referents.order_by("-propose_le", "-pk")[:LONGEST_HISTORY]
    documents = DocumentConvention.objects.visible_to(membership).filter(convention=convention)
    context = {
        "convention": convention,
        "etat": displayed_state(convention, convention.caisse.today()),
        "dates": _dates(convention),
        "regles": _rules(convention),
        "fonctions": [str(Fonction(code).label) for code in convention.fonctions],
        "referents": [(row, readable_phone(row.telephone)) for row in convention.referents.all()],
        "changements": [(row, _in_words(row), _is_own(row)) for row in changes],
        "avenants": [(row, changes_in_words(row.changements)) for row in convention.avenants.all()],
        "documents": list(documents),
        "papiers": papers_of(convention),
        "peut_proposer": convention.etat in CHANGEABLE,
        "crumbs": [LISTE, (convention.reference, "")],
    }
    return render(request, "documents/conventions/fiche.html", context)


def _dates(convention: Convention) -> list[tuple[str, str]]:
    end = end_of(convention)
    rows = [
        ("Caisse", str(convention.caisse)),
        ("Nature", convention.get_nature_display()),
        ("Prise d’effet", _day(convention.date_effet)),
        ("Échéance", _day(convention.echeance) if convention.echeance and end is None else ""),
        ("Dernier jour", _day(end)),
        ("Dénoncée le", _day(convention.denoncee_le)),
        ("Adossée à", str(convention.adossee_a) if convention.adossee_a else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _rules(convention: Convention) -> list[tuple[str, str]]:
    limit = last_day_to_denounce(convention, convention.caisse.today())
    notice = convention.get_regime_preavis_display()
    if convention.preavis_mois:
        notice = f"{notice} de {convention.preavis_mois}\u00a0mois"
    if limit is not None and convention.denoncee_le is None and convention.etat in CHANGEABLE:
        notice = f"{notice}\u00a0; possible jusqu’au {day_in_words(limit)} pour l’échéance qui vient"
    start = convention.get_mise_en_demeure_depart_display().lower()
    return [
        ("Durée", f"{convention.duree_mois}\u00a0mois"),
        ("Reconduction", convention.get_reconduction_display()),
        ("Dénonciation", notice),
        (
            "Mise en demeure",
            f"{convention.mise_en_demeure_jours}\u00a0jours calendaires, {start} de la lettre",
        ),
    ]


def _day(day: Any) -> str:
    return day_in_words(day) if day else ""


def _in_words(change: ChangementReferent) -> str:
    if change.nature == NatureChangement.AJOUT:
        return f"{change.nom} devient référent"
    if change.nature == NatureChangement.RETRAIT:
        return f"{change.ancien_nom} n’est plus référent"
    if change.nom == change.ancien_nom:
        return f"Nouvelles coordonnées de {change.nom}"
    return f"{change.nom} remplace {change.ancien_nom}"


def _is_own(change: ChangementReferent) -> bool:
    return change.etat == EtatChangement.PROPOSE and change.partie == Partie.PARTENAIRE


@membership_required(Act.SUIVRE_CONVENTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def proposer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the caisse for a change of the structure's référent."""
    membership = current(request)
    convention = _convention(membership, pk)
    if convention.etat not in CHANGEABLE:
        raise Http404
    own = convention.referents.filter(partie=Partie.PARTENAIRE)
    form = ChangementReferentForm(request.POST or None, referents=own)
    if request.method == "POST" and form.is_valid():
        try:
            propose_change(
                actor=membership,
                convention=convention,
                nature=form.cleaned_data["nature"],
                referent=form.cleaned_data["referent"],
                coordonnees=form.coordonnees(),
                cle=form.cleaned_data["cle"],
            )
        except DomainError as error:
            field = error.field if error.field in form.fields else None
            form.add_error(field, forms.ValidationError(error.message, code=error.code))
        else:
            messages.success(
                request, "Votre demande est transmise à la caisse. Rien ne change avant sa réponse."
            )
            return redirect("conventions:fiche", pk=pk)
    crumbs = [
        LISTE,
        (convention.reference, reverse("conventions:fiche", args=[pk])),
        ("Changer un référent", ""),
    ]
    context = {"form": form, "convention": convention, "crumbs": crumbs}
    status = 422 if request.method == "POST" else 200
    return render(request, "documents/conventions/proposer.html", context, status=status)


@membership_required(Act.SUIVRE_CONVENTIONS)
@require_POST
def retirer(request: HttpRequest, pk: int, changement: int) -> HttpResponse:
    """Take back a proposal the caisse has not answered."""
    membership = current(request)
    convention = _convention(membership, pk)
    change = convention.changements_referents.filter(pk=changement, partie=Partie.PARTENAIRE).first()
    if change is None:
        raise Http404
    try:
        withdraw_proposal(actor=membership, changement=change)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Votre demande est retirée.")
    return redirect("conventions:fiche", pk=pk)
