"""What a signed-in person must settle before anything else, in this order."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from accounts import queries
from accounts.memberships import Membership
from accounts.passwords import password_expired

CGU_SESSION_KEY = "cgu_acceptee"
PROVIDER_FACTOR = "second_facteur_proconnect"
"""In the session: the level of assurance of a provider that stands for the second factor."""


@dataclass(frozen=True)
class Gate:
    """A step, the route of its page, and the other routes it needs."""

    name: str
    route: str
    sentence: str
    also: frozenset[str] = field(default_factory=frozenset)

    @property
    def url(self) -> str:
        """The address of its page."""
        return reverse(self.route)

    def lets_through(self, route: str) -> bool:
        """Whether this route is part of the step."""
        return route == self.route or route in self.also


CODE = Gate(
    "code",
    "accounts:code",
    "Saisissez votre code à usage unique.",
    frozenset({"accounts:code_cle"}),
)
ENROLEMENT = Gate(
    "enrolement",
    "accounts:second_facteur",
    "Installez votre second facteur avant de continuer.",
    frozenset({"accounts:cle_ajouter"}),
)
MOT_DE_PASSE = Gate("mot_de_passe", "accounts:mot_de_passe", "Choisissez un nouveau mot de passe.")
CONDITIONS = Gate(
    "conditions", "accounts:conditions", "Acceptez les conditions d’utilisation avant de continuer."
)


def pending_gate(request: HttpRequest, membership: Membership) -> Gate | None:
    """The first step that is not settled, or None."""
    steps: tuple[Callable[[HttpRequest, Membership], Gate | None], ...] = (
        _second_factor,
        _password,
        _conditions,
    )
    for step in steps:
        gate = step(request, membership)
        if gate is not None:
            return gate
    return None


def _second_factor(request: HttpRequest, membership: Membership) -> Gate | None:
    """Who holds a recovery code only (its second factor was taken away) gives it, then installs another factor."""
    if request.session.get(PROVIDER_FACTOR):
        return None
    held, verified = queries.has_second_factor(request), request.user.is_verified()  # type: ignore[union-attr]
    if held:
        return None if verified else CODE
    if not verified and queries.recovery_codes_of(membership.user):
        return CODE
    return ENROLEMENT if queries.second_factor_required(membership) else None


def _password(request: HttpRequest, membership: Membership) -> Gate | None:
    return MOT_DE_PASSE if password_expired(membership.user) else None


def _conditions(request: HttpRequest, membership: Membership) -> Gate | None:
    current = queries.current_cgu_id()
    if current is None or request.session.get(CGU_SESSION_KEY) == current:
        return None
    if not queries.has_accepted(membership.user, current):
        return CONDITIONS
    request.session[CGU_SESSION_KEY] = current
    return None
