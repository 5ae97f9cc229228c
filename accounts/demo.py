"""What the sign-in pages add in the demonstration (DEMO=1), and only there."""

from base64 import b32decode
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django_otp.oath import TOTP

from accounts.doors import safe_next, with_next
from accounts.enums import Profil
from accounts.models import Utilisateur
from accounts.queries import totp_device_of
from portal import clock
from portal.ui.templatetags.ui import ui_copy

# Those of the story first.
FIRST = ("tech.valbrume", "mas.251", "sup.251", "gest.valbrume", "admin.251")


def demo_context(request: HttpRequest) -> dict[str, Any]:
    """The accounts, their password and the code of the moment."""
    if not settings.DEMO:
        return {}
    from portal.embedded.demo_accounts import PASSWORD, TOTP_SECRET

    totp = TOTP(b32decode(TOTP_SECRET))
    totp.time = clock.now().timestamp()
    return {
        "demo_facts": [
            ("Mot de passe", ui_copy(PASSWORD, hidden="le mot de passe")),
            ("Code du moment", ui_copy(f"{totp.token():06d}", hidden="le code")),
        ],
        "demo_columns": ["Identifiant", "Profil"],
        "demo_accounts": _accounts(safe_next(request, "")),
    }


def demo_initial(request: HttpRequest) -> dict[str, str]:
    """The form filled with the account chosen in the list."""
    name = request.GET.get("compte", "")
    if not (settings.DEMO and name):
        return {}
    from portal.embedded.demo_accounts import PASSWORD

    return {"identifiant": name[:60], "mot_de_passe": PASSWORD}


def demo_code_for(user: Utilisateur) -> str:
    """The next code this account can use (a code serves once); an empty text outside the demonstration."""
    device = totp_device_of(user) if settings.DEMO else None
    if device is None:
        return ""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = clock.now().timestamp()
    if totp.t() <= device.last_t:
        totp.time += (device.last_t + 1 - totp.t()) * device.step
    return f"{totp.token():06d}"


def _accounts(target: str) -> list[dict[str, str]]:
    rows = (
        Utilisateur.objects.filter(is_active=True, active_le__isnull=False)
        .exclude(password__startswith="!")  # noqa: S106 - no password at all
        .order_by("identifiant")
        .values_list(
            "identifiant",
            "profil",
            "rolepartenaire__content_object__raison_sociale",
            "rolecaisse__content_object__nom",
        )[:40]
    )
    rank = {name: place for place, name in enumerate(FIRST)}
    return [
        {
            "identifiant": name,
            "profil": Profil(profil).label,
            "organisation": structure or caisse or "",
            "url": with_next("", target, compte=name),
        }
        for name, profil, structure, caisse in sorted(
            rows, key=lambda row: (rank.get(row[0], len(rank)), row[0])
        )
    ]
