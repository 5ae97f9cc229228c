"""The files of a demande: the step of the draft, and the addresses `upload.js` posts to.

The place of a file, in its address: `type-<code of the kind>` in a draft, `element-<id>` in a complément,
`message` for the next message.
"""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from caisses.models import TypePiece
from documents.enums import EtatPiece
from portal.errors import DomainError
from portal.free_text import Severity, check_text
from portal.ui.fields import ErrorLine, error_lines
from portal.ui.text import file_size
from signalements.enums import Etape, Statut
from signalements.forms.checklist import ChecklistForm
from signalements.forms.drafts import step_to_store
from signalements.kinds.registry import steps_of
from signalements.models import Brouillon, Demande, PieceJointe
from signalements.operations.drafts import save_draft
from signalements.operations.pieces import attach_piece, describe_pieces, withdraw_piece
from signalements.queries.pieces import FichierLu, files_of
from signalements.views.guard import guard_counter
from signalements.views.partner.access import (
    UNPROCESSABLE,
    answers_json,
    closed_service,
    draft_or_404,
    own_or_404,
    refusal,
    script_required,
)
from signalements.views.partner.check import render_check
from signalements.views.partner.receiving import element_of, input_name, receive_files
from signalements.views.partner.wizard import step_url, wizard_context

FIELD = "fichier"


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def etape_pieces(request: HttpRequest, reference: str, etape: str = "pieces") -> HttpResponse:
    """The step of the files: one zone for each kind of pièce the caisse's list names."""
    membership = current(request)
    demande = draft_or_404(membership, reference)
    if closed := closed_service(membership, demande):
        return render_check(
            request, demande, closed=closed, status=UNPROCESSABLE if request.method == "POST" else 200
        )
    steps = steps_of(demande, guard_counter(membership, demande))
    kinds = steps.pieces()
    errors: list[ErrorLine] = []
    checklist = None
    if request.method == "POST":
        for kind in kinds:
            errors += receive_files(request, membership, demande, f"type-{kind.code}", kind)
        errors += _describe(request, membership, demande)
        checklist = steps.checklist(files_of(demande), request.POST)
        errors += keep_checklist(request, membership, demande, checklist)
        if checklist is not None and not errors and request.POST.get("action") != "brouillon":
            errors += error_lines([checklist])
        after = steps.after(Etape.PIECES)
        Brouillon.objects.filter(demande=demande).update(etape=Etape.PIECES if errors else after)
        if not errors:
            following = Etape.PIECES if request.POST.get("action") == "brouillon" else after
            return redirect(step_url(demande, following))
    files = files_of(demande)
    checklist = checklist or steps.checklist(files, judged=False)
    context = {
        **wizard_context(current(request), demande, steps, Etape.PIECES),
        **steps.contexte_pieces(),
        "checklist": checklist,
        "zones": [_zone(demande, kind, files, errors, checklist) for kind in kinds],
        "errors": errors,
        "has_errors": bool(errors),
        "autres": [fichier for fichier in files if fichier.type_code not in {kind.code for kind in kinds}],
    }
    status = UNPROCESSABLE if errors else 200
    return render(request, "signalements/partner/etape_pieces.html", context, status=status)


def keep_checklist(
    request: HttpRequest, membership: Membership, demande: Demande, checklist: ChecklistForm | None
) -> list[ErrorLine]:
    """Keep what the checklist says, right or wrong; the refusal, if there is one."""
    if checklist is None:
        return []
    try:
        save_draft(
            membership=membership,
            reference=demande.reference,
            etape=Etape.PIECES,
            saisie=step_to_store(checklist, request.POST),
        )
    except DomainError as error:
        return [ErrorLine(error.message, "")]
    return []


def _zone(
    demande: Demande,
    kind: TypePiece,
    files: list[FichierLu],
    errors: list[ErrorLine],
    checklist: ChecklistForm | None,
) -> dict[str, Any]:
    place = f"type-{kind.code}"
    champs = checklist.fields_of(kind.code) if checklist else []
    return {
        "champs": champs,
        "mention": checklist.mention_of(kind.code) if checklist else "",
        "aide": (checklist.aide_of(kind.code) if checklist else "") or kind.aide,
        "ouverte": any(champ.errors for champ in champs),
        "kind": kind,
        "label": f"Ajouter\u00a0: {kind.libelle}",
        "id": place,
        "name": input_name(place),
        "url": reverse("signalements:piece_ajouter", args=[demande.reference, place]),
        "telephone": reverse("signalements:telephone_code", args=[demande.reference, place]),
        "fichiers": [fichier for fichier in files if fichier.type_code == kind.code],
        "error": " ".join(line.message for line in errors if line.target == place),
    }


def _describe(request: HttpRequest, membership: Membership, demande: Demande) -> list[ErrorLine]:
    prefix = "precision_"
    precisions: dict[uuid.UUID, str] = {}
    for name, value in request.POST.items():
        if not name.startswith(prefix):
            continue
        try:
            piece_id = uuid.UUID(name.removeprefix(prefix))
        except ValueError:
            continue
        blocked = [f for f in check_text(str(value)) if f.severity == Severity.BLOCK]
        if blocked:
            return [ErrorLine(blocked[0].message, name)]
        precisions[piece_id] = str(value)
    try:
        describe_pieces(membership=membership, reference=demande.reference, precisions=precisions)
    except DomainError as error:
        return [ErrorLine(error.message, error.field or "")]
    return []


@script_required(Act.FAIRE_DEMANDE)
@require_POST
def ajouter(request: HttpRequest, reference: str, place: str) -> HttpResponse:
    """One file, as soon as it is chosen (JSON), or those of a form without JavaScript."""
    membership = current(request)
    demande = own_or_404(membership, reference)
    kind = _kind_or_404(demande, place)
    fichier = request.FILES.get(FIELD)
    if fichier is None:
        return refusal(DomainError("Choisissez un fichier.", code="vide"))
    try:
        jointe = attach_piece(
            membership=membership,
            reference=reference,
            fichier=fichier,
            cle=_key_of(request),
            type_piece=kind,
            element_id=element_of(place),
        )
    except DomainError as error:
        return refusal(error)
    return JsonResponse(_shown(demande, jointe), status=201)


def _key_of(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("cle", ""))
    except ValueError:
        return uuid.uuid4()


def _shown(demande: Demande, jointe: PieceJointe) -> dict[str, Any]:
    piece = jointe.piece
    return {
        "nom": piece.nom,
        "taille": file_size(piece.taille),
        "etat": piece.etat,
        "etat_texte": EtatPiece(piece.etat).label,
        "url": "",
        "etat_url": reverse("documents:etat", args=[piece.pk]),
        "retirer_url": reverse("signalements:piece_retirer", args=[demande.reference, piece.pk]),
    }


def _kind_or_404(demande: Demande, place: str) -> TypePiece | None:
    """The kind a place names; 404 for a place that does not exist."""
    if demande.statut == Statut.BROUILLON:
        for kind in steps_of(demande).pieces():
            if place == f"type-{kind.code}":
                return kind
        raise Http404
    if place != "message" and element_of(place) is None:
        raise Http404
    return None


@script_required(Act.FAIRE_DEMANDE)
@require_POST
def retirer(request: HttpRequest, reference: str, piece: uuid.UUID) -> HttpResponse:
    """Take a file away; back to the page it was on."""
    membership = current(request)
    demande = own_or_404(membership, reference)
    try:
        withdraw_piece(membership=membership, reference=reference, piece_id=piece)
    except DomainError as error:
        return refusal(error, status=409)
    if answers_json(request):
        return HttpResponse(status=204)
    if demande.statut == Statut.BROUILLON:
        # Without JavaScript the button posts the whole step.
        keep_checklist(request, membership, demande, steps_of(demande).checklist([], request.POST))
        return redirect(step_url(demande, Etape.PIECES))
    return redirect("signalements:demande", reference)
