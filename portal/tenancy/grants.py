"""What each database role may do on each table, set again after every migration."""

from typing import Any

from django.apps import apps
from django.db import connections

from portal.tenancy.policies import RealmPolicy
from portal.tenancy.scopes import REALMS

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def grant_privileges(using: str = "default") -> None:
    """Give the realm roles and the web login their rights on every table of the project.

    A model may narrow them with `table_privileges`, a mapping from realm (or "connexion") to the SQL list of
    privileges. The login itself gets nothing on a table with row-level security, unless a rule names it.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    statements = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in existing or not model._meta.managed:
            continue
        policy = next((c for c in model._meta.constraints if isinstance(c, RealmPolicy)), None)
        narrowed: dict[str, str] = getattr(model, "table_privileges", {})
        for realm, role in {**REALMS, "connexion": "ep_web"}.items():
            if realm == "connexion" and policy is not None and "connexion" not in policy.rules:
                default = ""
            else:
                default = EVERYTHING
            privileges = narrowed.get(realm, narrowed.get("*", default))
            statements.append(f'REVOKE ALL ON "{table}" FROM {role}')
            if privileges:
                statements.append(f'GRANT {privileges} ON "{table}" TO {role}')
    roles = ", ".join([*REALMS.values(), "ep_web"])
    statements.append(f"GRANT USAGE ON SCHEMA public TO {roles}")
    statements.append(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {roles}")
    if "django_migrations" in existing:
        statements.append("GRANT SELECT ON django_migrations TO ep_web")
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


def grant_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Signal receiver: the owner has migrated, the roles get their rights."""
    grant_privileges(using)
