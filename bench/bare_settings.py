"""The yardstick: a bare Django site on the same database, with sessions, sign-in and one small page."""

from portal.settings.embedded import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
DEMO = False
MIDDLEWARE = [
    "bench.middleware.count_queries",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "bench" / "templates"],  # noqa: F405
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
