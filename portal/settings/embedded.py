"""The portal started by `make run`: everything on this machine, demo data, no TLS."""

from portal.settings.base import *  # noqa: F403

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STATIC_ROOT = None  # nothing is collected: files are served from where they stand
SESSION_COOKIE_NAME = "ep_session"
CSRF_COOKIE_NAME = "ep_csrf"
