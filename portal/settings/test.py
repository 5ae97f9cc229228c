"""The tests: as the embedded portal, with cheaper password hashing and no demo."""

from portal.settings.base import *  # noqa: F403

TESTING = True
DEMO = False
ALLOWED_HOSTS = ["*"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
ANNULATION_ENVOI_SECONDES = ANNULATION_DECISION_SECONDES = 0  # the tests of the undo set them
STATIC_ROOT = None  # nothing is collected: files are served from where they stand
PAGES_ROOT = env("PAGES_ROOT", default="")  # noqa: F405
SESSION_COOKIE_NAME = "ep_session"
CSRF_COOKIE_NAME = "ep_csrf"
PASSWORD_HASHERS = ["tests.fixtures.hashers.QuickArgon2"]

# The tests create and empty their databases with the owner's login.
DATABASES["default"]["OWNER"] = env.db_url("DATABASE_OWNER_URL", default="postgres://x")  # noqa: F405
