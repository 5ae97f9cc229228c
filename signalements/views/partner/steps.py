"""The wizard: before you start, then one address for each step of the draft."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from partners.models import Convention
from portal.errors import DomainError
from portal.ui.tables import Column
from portal.ui.text import hour_in_words
from signalements.enums import Etape, Statut
from signalements.forms.drafts import DraftForm, field_rows, step_to_store, typed_data
from signalements.forms.personne import DoublonForm, PersonneForm
from signalements.kinds.registry import Kind, kind_by_slug, steps_of, team_name
from signalements.kinds.steps import DOUBLON, Steps
from signalements.models import Demande
from signalements.operations.drafts import (
    AlreadySent,
    ClosedService,
    StaleStep,
    create_draft,
    save_draft,
)
from signalements.queries.doublons import Doublons, open_duplicates
from signalements.queries.referentiel import types_pieces_of
from signalements.views.guard import guard_counter
from signalements.views.partner.access import (
    UNPROCESSABLE,
    closed_service,
    draft_or_404,
    refusal,
    script_required,
)
from signalements.views.partner.check import render_check
from signalements.views.partner.services import promise_in_words, usual_delay_of
from signalements.views.partner.wizard import step_url, wizard_context

DIFFERENCES = [Column("Question"), Column("Enregistré par votre collègue"), Column("Votre saisie")]


def service_or_404(membership: Membership, service: str, code: str) -> tuple[Kind, Convention]:
    """The kind of this name and the open convention with the caisse of this code; a function that is off is a 404."""
    kind = kind_by_slug(service)
    for convention in membership.conventions:
        if kind and convention.caisse.code == code and kind.fonction in convention.fonctions_ouvertes:
            return kind, convention
    raise Http404


def creation_key(request: HttpRequest) -> uuid.UUID:
    """The key drawn with the page, so that a double click makes one draft."""
    try:
        return uuid.UUID(request.POST.get("cle_creation", ""))
    except ValueError:
        return uuid.uuid4()


def to_draft(demande: Demande) -> HttpResponse:
    """To the step where a draft stands; to the demande itself when it was sent meanwhile."""
    if demande.statut == Statut.BROUILLON:
        return redirect("signalements:etape", demande.reference, demande.brouillon.etape)
    return redirect("signalements:demande", demande.reference)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: HttpRequest, service: str, code: str) -> HttpResponse:
    """« Avant de commencer »; POST « Commencer » creates the draft once and opens its first step."""
    membership = current(request)
    kind, convention = service_or_404(membership, service, code)
    if request.method == "POST":
        demande = create_draft(
            membership=membership,
            caisse_id=convention.caisse_id,
            fonction=kind.fonction,
            cle=creation_key(request),
            etape=kind.steps.premiere,
        )
        return to_draft(demande)
    context = {
        "kind": kind,
        "caisse": convention.caisse,
        **kind.avant_contexte(convention.caisse),
        "presentation": kind.presentation.format(equipe=team_name(kind, convention.caisse)),
        "promesse": promise_in_words(kind, convention.caisse),
        "habituel": usual_delay_of(convention.caisse, kind.fonction),
        "cle_creation": uuid.uuid4(),
        "types_pieces": types_pieces_of(convention.caisse, kind.fonction),
        "crumbs": [("Accueil", reverse("accueil")), (kind.titre, "")],
    }
    return render(request, "signalements/partner/nouvelle.html", context)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def etape(request: HttpRequest, reference: str, etape: str) -> HttpResponse:
    """The step of the person, or of the situation."""
    membership = current(request)
    if request.method == "POST" and (moved := sent_meanwhile(membership, reference)):
        return moved
    demande = draft_or_404(membership, reference)
    if closed := closed_service(membership, demande):
        return render_closed(request, demande, closed)
    steps = steps_of(demande, guard_counter(membership, demande))
    if etape not in steps.with_form:
        raise Http404
    if request.method != "POST":
        return render_step(
            request, demande, steps, etape, shown_duplicates(membership, demande, steps, etape)
        )
    return _posted(request, membership, demande, steps, etape)


def sent_meanwhile(membership: Membership, reference: str) -> HttpResponse | None:
    """A form of a draft that another tab has sent: to the demande itself."""
    rows = Demande.objects.visible_to(membership).filter(reference=reference, envoyee_le__isnull=False)
    return redirect("signalements:demande", reference) if rows.exists() else None


def render_closed(request: HttpRequest, demande: Demande, error: ClosedService) -> HttpResponse:
    """The draft can be read, not continued: why, and what to do."""
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_check(request, demande, closed=error, status=status)


def _posted(
    request: HttpRequest, membership: Membership, demande: Demande, steps: Steps, etape: str
) -> HttpResponse:
    edit = steps.edited(etape, request.POST)
    if edit is not None:
        return _edited(request, membership, demande, steps, etape, *edit)
    form = steps.form(etape, request.POST)
    # What follows, and what tells the duplicates, depends on what has just been typed.
    typed = step_to_store(form, request.POST, extra=(DOUBLON,))
    steps.brouillon.donnees = {**steps.brouillon.donnees, etape: typed}
    goes_on = request.POST.get("action") != "brouillon"
    doublons, doublon_form = Doublons(), None
    if goes_on and form.is_valid() and etape == steps.etape_doublon:
        doublons = find_duplicates(membership, demande, steps)
        doublon_form = DoublonForm(request.POST) if doublons else None
    valid = goes_on and form.is_valid() and (doublon_form is None or doublon_form.is_valid())
    following = steps.after(etape) if valid else None
    refused = _keep(membership, demande, request, form, etape, following)
    if isinstance(refused, AlreadySent):
        return redirect("signalements:demande", demande.reference)
    if following and refused is None:
        return redirect(step_url(demande, following))
    if not goes_on and refused is None:
        messages.success(request, "Le brouillon est enregistré. Vous le retrouvez dans vos brouillons.")
        return redirect(step_url(demande, etape))
    if not goes_on:
        form.is_valid()
    return render_step(
        request,
        demande,
        steps,
        etape,
        doublons,
        form=form,
        doublon_form=doublon_form,
        refused=refused,
        status=UNPROCESSABLE,
    )


def _edited(
    request: HttpRequest,
    membership: Membership,
    demande: Demande,
    steps: Steps,
    etape: str,
    data: QueryDict,
    anchor: str,
) -> HttpResponse:
    """One of the step's own buttons: what was typed is kept as it is, the step is shown again."""
    form = steps.form(etape, data)
    try:
        save_draft(
            membership=membership,
            reference=demande.reference,
            etape=etape,
            saisie=step_to_store(form, data, extra=(DOUBLON,)),
        )
    except AlreadySent:
        return redirect("signalements:demande", demande.reference)
    except DomainError as error:
        form.is_valid()
        return render_step(
            request, demande, steps, etape, Doublons(), form=form, refused=error, status=UNPROCESSABLE
        )
    return redirect(f"{step_url(demande, etape)}#{anchor}")


def _keep(
    membership: Membership,
    demande: Demande,
    request: HttpRequest,
    form: Any,
    etape: str,
    suivante: str | None,
) -> DomainError | None:
    """Save the step whatever it is worth; the refusal, if there is one."""
    try:
        save_draft(
            membership=membership,
            reference=demande.reference,
            etape=etape,
            saisie=step_to_store(form, request.POST, extra=(DOUBLON,)),
            suivante=suivante,
            version=posted_step_version(request),
        )
    except DomainError as error:
        return error
    return None


def find_duplicates(membership: Membership, demande: Demande, steps: Steps) -> Doublons:
    """The open demandes that look like what is typed so far; none while the identity is not complete."""
    personne = steps.judged(Etape.PERSONNE)
    personne.is_valid()
    return _duplicates_of(membership, demande, steps, personne)


def _duplicates_of(membership: Membership, demande: Demande, steps: Steps, form: DraftForm) -> Doublons:
    identite = form.identite() if isinstance(form, PersonneForm) else None
    if identite is None:
        return Doublons()
    return open_duplicates(
        membership, demande.caisse, demande.fonction, identite, objet=steps.objet(), sauf=demande.pk
    )


def shown_duplicates(membership: Membership, demande: Demande, steps: Steps, etape: str) -> Doublons:
    """The duplicates of what is already typed, when their step is opened again."""
    if etape != steps.etape_doublon or not steps.stored(etape):
        return Doublons()
    return find_duplicates(membership, demande, steps)


def render_step(
    request: HttpRequest,
    demande: Demande,
    steps: Steps,
    etape: str,
    doublons: Doublons,
    *,
    form: Any = None,
    doublon_form: DoublonForm | None = None,
    refused: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw a step; what was typed stays, right or wrong."""
    if form is None:
        form = steps.shown(etape)
    version = {"version_etape": refused.version} if isinstance(refused, StaleStep) else {}
    if doublon_form is None and doublons:
        given = steps.raison_doublon()
        doublon_form = DoublonForm(initial={DOUBLON: given})
    duplicated_nir = refused is not None and refused.code == "nir" and form.errors
    context = {
        **wizard_context(current(request), demande, steps, etape),
        **version,
        "form": form,
        "doublons": doublons,
        "doublon_form": doublon_form,
        "refused": None if duplicated_nir else refused,
        "differences_colonnes": DIFFERENCES,
        "differences": _differences(steps, etape, form, refused) if isinstance(refused, StaleStep) else [],
        "has_errors": status == UNPROCESSABLE,
    }
    template = steps.templates.get(Etape(etape), f"signalements/partner/etape_{etape}.html")
    return render(request, template, context, status=status)


def posted_step_version(request: HttpRequest) -> int | None:
    """The version of the step the page was made from; None when it says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _differences(steps: Steps, etape: str, form: Any, stale: StaleStep) -> list[tuple[str, Any, Any]]:
    """(label, what the colleague saved, what was typed here), for the fields that differ."""
    theirs = steps.form(etape, typed_data(stale.kept))
    theirs.is_valid()
    form.is_valid()
    rows = (dict(field_rows(found)) for found in (theirs, form))
    saved, typed = rows
    return [
        (label, saved.get(label, "Non renseigné"), typed.get(label, "Non renseigné"))
        for label in {**saved, **typed}
        if saved.get(label) != typed.get(label)
    ]


@script_required(Act.FAIRE_DEMANDE)
@require_POST
def enregistrer(request: HttpRequest, reference: str, etape: str) -> HttpResponse:
    """The draft saves itself: the same form, right or wrong; answers the hour in JSON."""
    membership = current(request)
    demande = draft_or_404(membership, reference)
    steps = steps_of(demande)
    if etape not in steps.with_form:
        raise Http404
    try:
        kept = save_draft(
            membership=membership,
            reference=reference,
            etape=etape,
            saisie=step_to_store(steps.form(etape, request.POST), request.POST, extra=(DOUBLON,)),
            version=posted_step_version(request),
        )
    except (AlreadySent, StaleStep) as error:
        return refusal(error, status=409)
    except DomainError as error:
        return refusal(error)
    local = kept.le.astimezone(ZoneInfo(demande.caisse.fuseau))
    return JsonResponse({"enregistre_a": hour_in_words(local), "version": kept.version})


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def doublons(request: HttpRequest, reference: str) -> HttpResponse:
    """The hint « une demande est peut-être déjà en cours », while the person is being typed (htmx)."""
    membership = current(request)
    demande = draft_or_404(membership, reference)
    form = PersonneForm(request.POST, caisse=demande.caisse)
    form.is_valid()
    steps, found = steps_of(demande), Doublons()
    if steps.etape_doublon == Etape.PERSONNE and closed_service(membership, demande) is None:
        found = _duplicates_of(membership, demande, steps, form)
    context = {
        "demande": demande,
        "doublons": found,
        "doublon_form": DoublonForm(initial={DOUBLON: request.POST.get(DOUBLON, "")}) if found else None,
        "arrive": True,
    }
    return render(request, "signalements/partner/_doublons.html", context)


@membership_required(Act.FAIRE_DEMANDE)
@require_GET
def reprendre(request: HttpRequest, reference: str) -> HttpResponse:
    """Back to the step where the draft was left."""
    demande = draft_or_404(current(request), reference)
    return redirect(step_url(demande, demande.brouillon.etape))
