"""The portal as `make run` serves it, plus a counter of SQL statements that a header switches on."""

from portal.settings.embedded import *  # noqa: F403

ROOT_URLCONF = "portal.urls"
MIDDLEWARE = ["bench.middleware.count_queries", *MIDDLEWARE]  # noqa: F405
DEMO = False
TESTING = True  # no antivirus beside a benchmark: the structural answer will do
