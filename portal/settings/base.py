"""Settings every environment shares. All of them come from the environment; README.md has the table."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
DEMO = env.bool("DEMO", default=False)
TESTING = False

BRAND = {
    "name": env("BRAND_NAME", default="Espace Partenaires"),
    "logo": env("BRAND_LOGO", default="img/logo.svg"),
    "operator": env("BRAND_OPERATOR", default=""),
    "accent": env("BRAND_ACCENT", default="petrole"),
}

INSTALLED_APPS = [
    "portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
    "guardian",
    "portal",
    "portal.tenancy",
    "portal.audit",
    "portal.courriels",
    "portal.ui",
    "caisses",
    "partners",
    "accounts",
    "documents",
    "signalements",
    # Each kind of demande is an app, found by its folder: adding one changes nothing here.
    *(
        f"signalements.kinds.{folder.name}"
        for folder in sorted((BASE_DIR / "signalements" / "kinds").iterdir())
        if (folder / "apps.py").exists()
    ),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.http.ResponseHeadersMiddleware",
    "portal.health.StatusMiddleware",
    "portal.http.DatabaseOutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.MembershipMiddleware",
    "accounts.middleware.GatesMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context_processors.ui",
                "caisses.announcements.announcements",
                "accounts.assistance_banner.assistance",
                "signalements.navigation.navigation",
            ],
            "builtins": [
                "portal.ui.templatetags.ui",
                "portal.ui.templatetags.ui_words",
                "portal.ui.templatetags.ui_page",
                "portal.ui.templatetags.ui_forms",
            ],
        },
    }
]

FORM_RENDERER = "portal.ui.renderer.PortalFormRenderer"

# --- Database: the web login owns nothing; migrations run with the owner's login.
DATABASE_ROLE = env("PORTAL_DATABASE_ROLE", default="web")
_database_variable = "DATABASE_OWNER_URL" if DATABASE_ROLE == "owner" else "DATABASE_URL"
DATABASES = {
    "default": {
        **env.db_url(_database_variable),
        "ENGINE": "portal.tenancy.backend",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "connect_timeout": 3,
            "application_name": "espace-partenaires",
            # Planning a query over protected tables costs more than running it: plans are kept.
            "server_side_binding": True,
            "prepare_threshold": 2,
            # Pages are read from a solid disk or from memory, and no query is long enough to be compiled.
            "options": "-c random_page_cost=1.1 -c jit=off",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: nudges for the worker only; every wait is short, so that a dead Redis never holds a request.
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry_on_timeout": False,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 30},
}

# --- Accounts
AUTH_USER_MODEL = "accounts.Utilisateur"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.IdentifiantBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.passwords.PasswordPolicy"}]
MOT_DE_PASSE_VALIDITE_JOURS = env.int("MOT_DE_PASSE_VALIDITE_JOURS", default=365)
# Another validity for some profiles: « gestionnaire=180;admin_caisse=180 ».
MOT_DE_PASSE_VALIDITE_PROFILS = env.dict("MOT_DE_PASSE_VALIDITE_PROFILS", cast={"value": int}, default={})
# How many of the last passwords of an account, the one in use included, are not taken again. 0: only that one.
MOT_DE_PASSE_ANCIENS = env.int("MOT_DE_PASSE_ANCIENS", default=5)
# Days without a sign-in: the reminders, then the inactivation of the account. 0 switches it off.
COMPTE_ABSENT_RAPPELS_JOURS = env.list("COMPTE_ABSENT_RAPPELS_JOURS", cast=int, default=[120, 150])
COMPTE_ABSENT_JOURS = env.int("COMPTE_ABSENT_JOURS", default=180)
PASSWORD_RESET_TIMEOUT = 30 * 60
ACTIVATION_TIMEOUT = 72 * 3600
LOGIN_URL = "accounts:connexion"
LOGIN_REDIRECT_URL = "/"
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
ADMIN_CAN = "accounts.permissions.can"
OTP_TOTP_ISSUER = BRAND["name"]
OTP_TOTP_THROTTLE_FACTOR = 1

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "identifiant"
AXES_PASSWORD_FORM_FIELD = "mot_de_passe"  # noqa: S105
AXES_SENSITIVE_PARAMETERS = ["identifiant", "csrfmiddlewaretoken"]
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "portal.addresses.client_address"
AXES_DISABLE_ACCESS_LOG = True
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- ProConnect, or an OpenID Connect provider with the same addresses: off unless asked for, see docs/operations.md.
PROCONNECT = env.bool("PROCONNECT", default=False)
PROCONNECT_ISSUER = env("PROCONNECT_ISSUER", default="").rstrip("/")
# The levels of assurance (acr) that count as a second factor here; none by default.
PROCONNECT_ACR_SECOND_FACTEUR = env.list("PROCONNECT_ACR_SECOND_FACTEUR", default=[])
PROCONNECT_LOGOUT_ENDPOINT = f"{PROCONNECT_ISSUER}/session/end"
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{PROCONNECT_ISSUER}/authorize"
OIDC_OP_TOKEN_ENDPOINT = f"{PROCONNECT_ISSUER}/token"
OIDC_OP_USER_ENDPOINT = f"{PROCONNECT_ISSUER}/userinfo"
OIDC_OP_JWKS_ENDPOINT = f"{PROCONNECT_ISSUER}/jwks"
OIDC_RP_CLIENT_ID = env("PROCONNECT_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env("PROCONNECT_CLIENT_SECRET", default="")
if PROCONNECT and not (PROCONNECT_ISSUER and OIDC_RP_CLIENT_ID and OIDC_RP_CLIENT_SECRET):
    raise ImproperlyConfigured(
        "PROCONNECT needs PROCONNECT_ISSUER, PROCONNECT_CLIENT_ID and PROCONNECT_CLIENT_SECRET."
    )
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "openid email"
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10
OIDC_AUTHENTICATION_CALLBACK_URL = "accounts:proconnect_retour"
if PROCONNECT_ACR_SECOND_FACTEUR:
    OIDC_AUTH_REQUEST_EXTRA_PARAMS = {"acr_values": " ".join(PROCONNECT_ACR_SECOND_FACTEUR)}

# --- Sessions: plain rows of the database, so that a dead Redis never signs anybody out.
SESSION_ENGINE = "accounts.sessions"
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=10 * 3600)
SESSION_WARNING_SECONDS = 120
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
UI_ROUTES = {"signed_out": "/connexion/?fin=inactivite"}
CSRF_FAILURE_VIEW = "accounts.views.refusals.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Browser
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

if PROCONNECT:
    # Signing out of the provider is where the form « Se déconnecter » leads in the end.
    _logout = urlsplit(PROCONNECT_LOGOUT_ENDPOINT)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(f"{_logout.scheme}://{_logout.netloc}")

# --- Files
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
STORAGE_URL = env("STORAGE_URL", default=f"file://{BASE_DIR}/.local/pieces")
FILE_KEYS = env("FILE_KEYS", default="")
CLAMAV_URL = env("CLAMAV_URL", default="")
PIECE_MAX_BYTES = 10 * 1024 * 1024
DEMANDE_MAX_BYTES = 30 * 1024 * 1024
DOCUMENT_SORTANT_JOURS = env.int("DOCUMENT_SORTANT_JOURS", default=30)
DEMANDE_MAX_PIECES = 20
# Months after the last act on a closed demande before its person, words and files are erased. 0: never.
DONNEES_PERSONNELLES_MOIS = env.int("DONNEES_PERSONNELLES_MOIS", default=12)

if STORAGE_URL.startswith("s3://"):
    _bucket, _, _prefix = STORAGE_URL.removeprefix("s3://").partition("/")
    _pieces_storage = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "location": _prefix,
            "endpoint_url": env("STORAGE_ENDPOINT_URL", default="") or None,
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
else:
    _pieces_storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STORAGE_URL.removeprefix("file://"), "file_permissions_mode": 0o600},
    }
STORAGES = {
    "default": _pieces_storage,
    "pieces": _pieces_storage,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="ne-pas-repondre@espace-partenaires.invalid")
# Says until when the portal is closed, or anything (« 1 ») while it is; only the status pages answer then.
MAINTENANCE = env("MAINTENANCE", default="")
# Where the page shown while the portal is away is written; the proxy serves it from there.
PAGES_ROOT = env("PAGES_ROOT", default=f"{BASE_DIR}/.local/pages")
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}")

# --- Language and time
LANGUAGE_CODE = "fr"
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- What can be undone: seconds before a sending reaches the caisse, and a decision the structure. 0: at once.
ANNULATION_ENVOI_SECONDES = env.int("ANNULATION_ENVOI_SECONDES", default=120)
ANNULATION_DECISION_SECONDES = env.int("ANNULATION_DECISION_SECONDES", default=120)

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "portal.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # A tick every few seconds: only what fails is worth a line, the status page says the rest.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # axes writes identifiants and addresses; the journal already holds them under its own retention.
        "axes": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        # Each step of the layout of a PDF.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
