"""What each role may do: one table, one function."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.doors import ask_to_sign_in
from accounts.enums import Profil
from accounts.memberships import Membership


class Act(StrEnum):
    """The acts of the portal, as the matrix names them."""

    FAIRE_DEMANDE = "faire_demande"
    SUIVRE_DEMANDES = "suivre_demandes"
    TRAITER_DEMANDE = "traiter_demande"
    SUPERVISER = "superviser"
    GERER_TECHNICIENS = "gerer_techniciens"
    DEMANDER_HABILITATION = "demander_habilitation"
    SUIVRE_CONVENTIONS = "suivre_conventions"
    ADMINISTRER_CAISSE = "administrer_caisse"
    GERER_GESTIONNAIRES = "gerer_gestionnaires"
    COUPER_ACCES = "couper_acces"
    ADMINISTRER_PORTAIL = "administrer_portail"
    ASSISTER = "assister"


MATRICE: dict[Act, frozenset[Profil]] = {
    Act.FAIRE_DEMANDE: frozenset({Profil.TECHNICIEN}),
    Act.SUIVRE_DEMANDES: frozenset({Profil.TECHNICIEN}),
    Act.TRAITER_DEMANDE: frozenset({Profil.AGENT, Profil.CONSEILLER_MAS, Profil.SUPERVISEUR}),
    Act.SUPERVISER: frozenset({Profil.SUPERVISEUR}),
    Act.GERER_TECHNICIENS: frozenset({Profil.GESTIONNAIRE}),
    Act.DEMANDER_HABILITATION: frozenset({Profil.GESTIONNAIRE}),
    Act.SUIVRE_CONVENTIONS: frozenset({Profil.GESTIONNAIRE}),
    Act.ADMINISTRER_CAISSE: frozenset({Profil.ADMIN_CAISSE, Profil.NATIONAL}),
    Act.GERER_GESTIONNAIRES: frozenset({Profil.ADMIN_CAISSE}),
    Act.COUPER_ACCES: frozenset({Profil.ADMIN_CAISSE}),
    Act.ADMINISTRER_PORTAIL: frozenset({Profil.NATIONAL}),
    Act.ASSISTER: frozenset({Profil.NATIONAL}),
}


def can(membership: Membership | None, act: Act, obj: Any = None, fonction: str | None = None) -> bool:
    """Whether this membership may do `act`, on `obj` if given.

    `obj` is anything with partenaire_id and/or caisse_id, which must be the membership's own. For a technicien
    an object of a caisse also needs a convention open today, with `fonction` activated if one is named.
    """
    if membership is None or membership.profil not in MATRICE[act]:
        return False
    if membership.partenaire_id is not None:
        return _partner_can(membership, obj, fonction)
    if membership.caisse_id is not None and obj is not None:
        if getattr(obj, "caisse_id", membership.caisse_id) != membership.caisse_id:
            return False
    handled = membership.fonctions_traitees
    wanted = fonction or getattr(obj, "fonction", None)
    return handled is None or wanted is None or wanted in handled


def _partner_can(membership: Membership, obj: Any, fonction: str | None) -> bool:
    if obj is None:
        return True
    if getattr(obj, "partenaire_id", membership.partenaire_id) != membership.partenaire_id:
        return False
    caisse_id = getattr(obj, "caisse_id", None)
    if caisse_id is None:
        return True
    convention = membership.convention_with(caisse_id)
    return convention is not None and (fonction is None or fonction in convention.fonctions_ouvertes)


def current(request: HttpRequest) -> Membership:
    """The membership of a request that has passed `membership_required`."""
    membership: Membership | None = request.membership  # type: ignore[attr-defined]
    if membership is None:
        raise Http404
    return membership


def membership_required(act: Act) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view be reached only by those whose role may do `act`.

    A stranger is sent to sign in; one's own portal without the role is a 403; another tenant's object is the
    view's business, and a 404.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if not can(request.membership, act):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_act = act  # type: ignore[attr-defined]
        return guarded

    return decorate
