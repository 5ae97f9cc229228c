"""The conditions of use: reading, accepting."""

import re

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries
from accounts.doors import safe_next
from accounts.gates import CGU_SESSION_KEY
from accounts.models import VersionCgu
from accounts.operations.conditions import accept_conditions
from accounts.views.signed_in import own_membership, sign_in_required
from portal.addresses import client_address
from portal.pdf import PdfUnavailable, render_pdf
from portal.ui.fields import ErrorLine

TITLE = re.compile(r"^(Article )?\d+\. [^\n]{1,100}(?<![.:;])$")
STALE = "Une nouvelle version des conditions vient d’être publiée. Lisez-la avant de l’accepter."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def conditions(request: HttpRequest) -> HttpResponse:
    """The version in force: summary, what changed, whole text; accept it or sign out."""
    version, membership = queries.current_cgu(), own_membership(request)
    if version is None or membership is None:
        raise Http404
    errors: list[ErrorLine] = []
    if request.method == "POST":
        if request.POST.get("version") == str(version.pk):
            accept_conditions(membership, version, address=client_address(request))
            request.session[CGU_SESSION_KEY] = version.pk
            return HttpResponseRedirect(safe_next(request, settings.LOGIN_REDIRECT_URL))
        errors.append(ErrorLine(STALE))
    former = queries.last_acceptance(membership.user)
    context = {
        "version": version,
        **_text(version),
        "accepted": former if former and former.version_id == version.pk else None,
        "former": former,
        "changes": queries.changes_since(version, former) if former else [],
        "next": safe_next(request, settings.LOGIN_REDIRECT_URL),
        "errors": errors,
        "has_errors": bool(errors),
    }
    return render(request, "accounts/conditions.html", context, status=422 if errors else 200)


@never_cache
@require_safe
@sign_in_required
def version_acceptee(request: HttpRequest, numero: str) -> HttpResponse:
    """A version one has accepted, to read or print."""
    return render(request, "accounts/conditions.html", _accepted(request, numero))


@never_cache
@require_safe
@sign_in_required
def version_pdf(request: HttpRequest, numero: str) -> HttpResponse:
    """The version one has accepted as a PDF to keep: the text, who accepted it, when and from where."""
    context = {**_accepted(request, numero), "account": request.user, "brand": settings.BRAND}
    try:
        content = render_pdf("accounts/conditions_pdf.html", context)
    except PdfUnavailable as error:
        messages.error(request, error.message)
        return redirect("accounts:conditions_version", numero=numero)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="conditions-utilisation-{slugify(numero)}.pdf"'
    return response


def _accepted(request: HttpRequest, numero: str) -> dict[str, object]:
    """A version the signed-in person accepted; any other is a 404."""
    accepted = get_object_or_404(
        request.user.acceptations_cgu.select_related("version"), version__numero=numero
    )
    return {"version": accepted.version, "accepted": accepted, **_text(accepted.version)}


def _text(version: VersionCgu) -> dict[str, object]:
    """The commitments, one a line, and the paragraphs of the text with those that are titles (« 3. Votre compte »)."""
    paragraphs = [part.strip() for part in version.texte.split("\n\n") if part.strip()]
    return {
        "commitments": [line for line in version.resume.splitlines() if line.strip()],
        "paragraphs": [(bool(TITLE.match(part)), part) for part in paragraphs],
    }
