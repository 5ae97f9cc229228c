"""The WSGI entry point; it refuses to start with a database login that goes round the policies."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_wsgi_application()

from django.db import connections  # noqa: E402

from portal.tenancy.checks import refuse_unfit_login  # noqa: E402  (needs the apps)

refuse_unfit_login()
# The server forks after loading this module: two processes must not share one connection.
connections.close_all()
# What is loaded here stays: the garbage collector need not look at it again at each of its rounds.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
