"""Signed-in sessions for the benchmark, made as signing in makes them but without the password's cost."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AcceptationCgu, Utilisateur, VersionCgu
from portal import clock
from portal.tenancy import scope

PASSWORD = "Cerisier-Lanterne-47-Orage"  # noqa: S105  (the demonstration's)
TOTP_KEY = "48656c6c6f21deadbeef48656c6c6f21deadbeef"


def busiest(profil: str, role_table: str, column: str) -> Utilisateur:
    """The first account of `profil` in the organisation with the most demandes."""
    sql = f"""
        SELECT u.* FROM accounts_utilisateur u JOIN {role_table} r ON r.user_id = u.id
        WHERE u.profil = %s ORDER BY (
            SELECT count(*) FROM signalements_demande d WHERE d.{column} = r.{column}
        ) DESC, u.id LIMIT 1
    """  # noqa: S608  (the names are ours)
    with scope("systeme"), transaction.atomic():
        return next(iter(Utilisateur.objects.raw(sql, [profil])))


def agent_for(demande_id: int) -> Utilisateur:
    """The first agent of the caisse that received this demande."""
    sql = """
        SELECT u.* FROM accounts_utilisateur u JOIN accounts_rolecaisse r ON r.user_id = u.id
        JOIN signalements_demande d ON d.caisse_id = r.caisse_id
        WHERE u.profil = 'agent' AND d.id = %s ORDER BY u.id LIMIT 1
    """
    with scope("systeme"), transaction.atomic():
        return next(iter(Utilisateur.objects.raw(sql, [demande_id])))


def session_cookies(user: Utilisateur) -> dict[str, str]:
    """The cookies of a session of this account, past every gate."""
    with scope("systeme"), transaction.atomic():
        user.set_password(PASSWORD)
        user.save()
        device, _ = TOTPDevice.objects.get_or_create(user=user, name="banc", defaults={"key": TOTP_KEY})
        version = VersionCgu.objects.first()
        if version is not None:
            AcceptationCgu.objects.get_or_create(
                utilisateur=user, version=version, defaults={"le": clock.now()}
            )
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.create()
    return {settings.SESSION_COOKIE_NAME: session.session_key or ""}
