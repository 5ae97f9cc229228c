"""The only ways to the content of a pièce: download, archive, viewer, page.

Each checks, journals and sets the safe headers.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.permissions import Act, can, current
from documents import vault
from documents.bundle import EXTENSIONS, Archive, Entry
from documents.models import Piece
from documents.operations.analysis import context_of, key_of
from documents.operations.journal import journal_piece
from documents.rendering import PageUnreadable, draw_page
from documents.views.guard import signed_in
from portal.audit.models import Verbe

SANDBOX = "sandbox; default-src 'none'"


def _piece(request: HttpRequest, piece_id: UUID, *, healthy: bool = True) -> Piece:
    """The pièce, if this account may open it; 404 otherwise, as for one that does not exist."""
    membership = current(request)
    piece = Piece.objects.visible_to(membership).select_related("caisse").filter(pk=piece_id).first()
    act = Act.SUIVRE_DEMANDES if membership.is_technicien else Act.TRAITER_DEMANDE
    if piece is None or not can(membership, act, piece) or (healthy and not piece.est_saine):
        raise Http404
    return piece


def _safe(response: HttpResponse | StreamingHttpResponse) -> None:
    """The browser may keep nothing of it, run nothing of it, and guess nothing about it."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"


@require_safe
@signed_in
def telecharger(request: HttpRequest, piece_id: UUID) -> StreamingHttpResponse:
    """Download a pièce."""
    return give(request, _piece(request, piece_id))


def give(request: HttpRequest, piece: Piece) -> StreamingHttpResponse:
    """The content of a pièce this account may open, to keep; journaled.

    Raises:
        Http404: its content is not in the vault, or does not open.
    """
    try:
        content = vault.open_stored(piece.chemin, context_of(piece), key_of(piece))
    except vault.VaultError as error:
        raise Http404 from error
    journal_piece(piece, actor=current(request), verbe=Verbe.TELECHARGEMENT)
    response = StreamingHttpResponse(content, content_type=piece.type_mime)
    response.headers["Content-Length"] = str(piece.taille)
    response.headers["Content-Disposition"] = content_disposition_header(True, piece.nom) or "attachment"
    _safe(response)
    return response


def archive(request: HttpRequest, names: dict[UUID, str], filename: str) -> StreamingHttpResponse:
    """Several pièces as one ZIP, under these names; each is journaled as if it had been downloaded alone.

    Those this account may not open, or that are not healthy, are left out.

    Raises:
        Http404: none is left, or the content of one is not in the vault.
    """
    membership = current(request)
    act = Act.SUIVRE_DEMANDES if membership.is_technicien else Act.TRAITER_DEMANDE
    rows = Piece.objects.visible_to(membership).filter(pk__in=names).order_by("transmise_le", "pk")
    pieces = [piece for piece in rows if piece.est_saine and can(membership, act, piece)]
    entries: list[Entry] = []
    try:
        for piece in pieces:
            content = vault.open_stored(piece.chemin, context_of(piece), key_of(piece))
            entries.append(Entry(f"{names[piece.pk]}.{EXTENSIONS[piece.type_mime]}", content))
    except vault.VaultError as error:
        Archive(entries).close()
        raise Http404 from error
    if not entries:
        raise Http404
    for piece in pieces:
        journal_piece(piece, actor=current(request), verbe=Verbe.TELECHARGEMENT)
    response = StreamingHttpResponse(Archive(entries), content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    _safe(response)
    return response


@require_safe
@signed_in
def apercu(request: HttpRequest, piece_id: UUID) -> HttpResponse:
    """The viewer on a page of its own, for whoever has no JavaScript or wants more room."""
    piece = _piece(request, piece_id)
    return render(request, "documents/apercu.html", {"piece": piece})


@require_safe
@signed_in
def page(request: HttpRequest, piece_id: UUID, numero: int) -> HttpResponse:
    """One page of a pièce as a picture. Opening the first one is a consultation."""
    piece = _piece(request, piece_id)
    try:
        picture = draw_page(piece, numero)
    except (PageUnreadable, vault.VaultError) as error:
        raise Http404 from error
    if numero == 1:
        journal_piece(piece, actor=current(request), verbe=Verbe.CONSULTATION)
    response = HttpResponse(picture, content_type="image/png")
    _safe(response)
    return response


@require_safe
@signed_in
def etat(request: HttpRequest, piece_id: UUID) -> HttpResponse:
    """The state of a pièce, asked again by the page while the analysis runs; JSON for the upload list."""
    piece = _piece(request, piece_id, healthy=False)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(
            {
                "etat": piece.etat,
                "etat_texte": piece.get_etat_display(),
                "message": piece.get_motif_refus_display() or piece.conseil,
                "url": reverse("documents:apercu", args=[piece.pk]) if piece.est_saine else "",
            }
        )
    return render(request, "documents/_etat.html", {"piece": piece})
