"""Production: TLS in front, every secret from the environment, nothing of the demo."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import *  # noqa: F403

if DEMO:  # noqa: F405
    raise ImproperlyConfigured("DEMO=1 exists in the embedded portal only.")

for _name in ("FILE_KEYS", "CLAMAV_URL", "EMAIL_URL"):
    if not env(_name, default=""):  # noqa: F405
        raise ImproperlyConfigured(f"{_name} is required in production.")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)  # noqa: F405
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^etat/(live|ready)$"]
SESSION_COOKIE_NAME = "__Host-ep_session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-ep_csrf"
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])  # noqa: F405
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
}
