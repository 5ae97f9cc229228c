"""A foreign key without a constraint of its own is held by a composite one (decision 0024)."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from portal.tenancy.checks import is_own
from portal.tenancy.policies import TenantForeignKey

# The outbox: its recipients are read from the accounts in the statement that queues the mail.
BY_ITSELF = {("courriels.Courriel", "destinataire")}


def unconstrained() -> list[tuple[type[Model], str, str]]:
    """The foreign keys without a constraint: model, field, column."""
    return [
        (model, field.name, field.column)
        for model in apps.get_models()
        if is_own(model._meta.app_config) and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and not field.db_constraint
        if (model._meta.label, field.name) not in BY_ITSELF
    ]


def test_each_stands_in_a_composite_key_of_its_model() -> None:
    assert unconstrained()
    for model, name, column in unconstrained():
        keys = [c for c in model._meta.constraints if isinstance(c, TenantForeignKey)]
        assert any(column in key.columns for key in keys), f"{model._meta.label}.{name}"


@pytest.mark.django_db
def test_those_composite_keys_stand_in_the_database_and_are_checked() -> None:
    names = {
        constraint.name
        for model, _, _ in unconstrained()
        for constraint in model._meta.constraints
        if isinstance(constraint, TenantForeignKey)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND convalidated AND conname = ANY(%s)",
            [sorted(names)],
        )
        assert {name for (name,) in cursor.fetchall()} == names
