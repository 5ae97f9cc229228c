"""The Celery application: worker and beat."""

import os
from typing import Any

import django
from celery import Celery
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_to_start(**kwargs: Any) -> None:
    """Stop a worker whose database login goes round the policies, as portal.wsgi does for the web process."""
    django.setup()
    from django.db import connections

    from portal.tenancy.checks import refuse_unfit_login

    try:
        refuse_unfit_login()
    except ImproperlyConfigured as error:
        # Celery only logs what a receiver raises, unless it is this.
        raise SystemExit(str(error)) from error
    finally:
        # The pool forks: two processes must not share one connection.
        connections.close_all()
