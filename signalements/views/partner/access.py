"""What the technicien's views share: which demande an address names, and how errors are answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Value
from django.db.models.functions import Concat, JSONObject
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from accounts.memberships import Membership
from accounts.permissions import Act, can
from accounts.querysets import all_but_names
from portal.compiled import CompiledQuery, Slot
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.kinds.registry import relations
from signalements.models import Demande, Suiveur
from signalements.operations.drafts import ClosedService, open_convention
from signalements.queries.partner import SLOTS, Perimetre, own_demandes

UNPROCESSABLE = 422
View = Callable[..., HttpResponse]


_DRAFT: CompiledQuery[Demande] = CompiledQuery(
    lambda: (
        Demande.objects.brouillons()
        .filter(partenaire=Slot("partenaire"), reference=Slot("reference"))
        .select_related("caisse", "brouillon", "brouillon__modifie_par", "auteur")
        .defer(*all_but_names("brouillon__modifie_par"))
        .order_by()
    )
)


def draft_or_404(membership: Membership, reference: str) -> Demande:
    """A draft of the structure, its convention ended or not; 404 for anything else."""
    found = _DRAFT.first(reference=reference, partenaire=membership.partenaire_id)
    if found is None:
        raise Http404
    return found


def sent_or_404(membership: Membership, reference: str) -> Demande:
    """A demande the structure has sent, to a caisse with an open convention; 404 for anything else."""
    found = own_or_404(membership, reference)
    if found.statut == Statut.BROUILLON:
        raise Http404
    return found


_FOLLOWERS = (
    Suiveur.objects.filter(demande=OuterRef("pk"), compte__is_active=True)
    .order_by("depuis", "pk")
    .values(lu=JSONObject(compte="compte_id", nom=Concat("compte__prenom", Value(" "), "compte__nom")))
)
_OWN: CompiledQuery[Demande] = CompiledQuery(
    lambda: (
        own_demandes(SLOTS)
        .filter(reference=Slot("reference"))
        .with_envelope()
        .select_related("motif_urgence", "motif_issue", "transfert_recu__source", *relations())
        .annotate(suivie_par=ArraySubquery(_FOLLOWERS))
        .defer(*all_but_names("auteur", "assignee_a"))
        .order_by()
    )
)


def own_or_404(membership: Membership, reference: str) -> Demande:
    """A demande of the structure, or one of its drafts whatever became of the convention; 404 for anything else.

    `suivie_par` tells who follows it: accounts and names.
    """
    found = _OWN.first(reference=reference, **vars(Perimetre.of(membership)))
    if found is None:
        raise Http404
    return found


def followers(demande: Demande) -> list[dict[str, Any]]:
    """The active followers of a demande read by `own_or_404`, but for the technicien in charge: account and name."""
    read: list[dict[str, Any]] = getattr(demande, "suivie_par", [])
    return [lu for lu in read if lu["compte"] != demande.auteur_id]


def follows(demande: Demande, membership: Membership) -> bool:
    """Whether this technicien follows a demande read by `own_or_404` without being in charge of it."""
    return any(lu["compte"] == membership.acteur_id for lu in followers(demande))


def closed_service(membership: Membership, demande: Demande) -> ClosedService | None:
    """Why this draft can no longer go on, if it cannot."""
    try:
        open_convention(membership, demande.caisse_id, demande.fonction)
    except ClosedService as error:
        return error
    return None


def posted_version(request: HttpRequest) -> int:
    """The version of the draft the check page was made from: 1 when it says none, 0 (never right) when forged."""
    text = request.POST.get("version") or "1"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def answers_json(request: HttpRequest) -> bool:
    """Whether the request comes from one of our scripts."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal(error: DomainError, status: int = UNPROCESSABLE) -> JsonResponse:
    """A refusal for a script."""
    return JsonResponse({"erreur": error.message, "code": error.code}, status=status)


def script_required(act: Act) -> Callable[[View], View]:
    """As `membership_required`, for addresses called by a script too: 401 for a stranger, not the sign-in page."""
    from accounts.permissions import membership_required

    def decorate(view: View) -> View:
        guarded = membership_required(act)(view)

        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if answers_json(request):
                if not request.user.is_authenticated:
                    return JsonResponse({"erreur": "Votre session a pris fin. Reconnectez-vous."}, status=401)
                if not can(request.membership, act):  # type: ignore[attr-defined]
                    return JsonResponse({"erreur": "Votre profil ne permet pas cette action."}, status=403)
            return guarded(request, *args, **kwargs)

        answered.required_act = act  # type: ignore[attr-defined]
        return answered

    return decorate
