"""System checks: no tenant table without policies, no login that could go round them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from portal.tenancy.policies import RealmPolicy, has_tenant


def is_own(config: AppConfig) -> bool:
    """Whether an app is one of the project's."""
    path = Path(config.path)
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def check_tenant_models(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every model that points at a Partenaire or a Caisse declares its policies, or says why it needs none."""
    errors: list[CheckMessage] = []
    for model in apps.get_models():
        if not is_own(model._meta.app_config) or not has_tenant(model):
            continue
        policy = any(isinstance(c, RealmPolicy) for c in model._meta.constraints)
        if not policy and not getattr(model, "without_policy", ""):
            errors.append(
                Error(
                    f"{model._meta.label} has a tenant and no RealmPolicy",
                    hint="Declare one in Meta.constraints, or give the reason in `without_policy`.",
                    obj=model,
                    id="tenancy.E001",
                )
            )
    return errors


LOGIN_SQL = """
    SELECT r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relowner = r.oid),
           pg_has_role(session_user, 'pg_write_all_data', 'MEMBER')
    FROM pg_roles r WHERE r.rolname = session_user
"""


def login_faults(using: str = "default") -> list[str]:
    """Why the database login must not serve requests; empty when it is fit."""
    with connections[using].cursor() as cursor:
        cursor.execute(LOGIN_SQL)
        superuser, bypass, owner, writes_all = cursor.fetchone()
    faults = []
    if superuser:
        faults.append("it is a superuser")
    if bypass:
        faults.append("it bypasses row-level security")
    if owner:
        faults.append("it owns tables")
    if writes_all:
        faults.append("it may write every table")
    return faults


def refuse_unfit_login() -> None:
    """Stop a process that would serve requests or tasks with a login that goes round the policies.

    Raises:
        ImproperlyConfigured: the login is a superuser, the owner, or bypasses row-level security.
    """
    faults = login_faults()
    if faults:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be used by the portal: {', '.join(faults)}. Use the web login (ep_web)."
        )


def check_database(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `check --database default`: the login is fit and every policy stands in the database."""
    if not databases or "default" not in databases or settings.DATABASE_ROLE == "owner":
        return []
    errors: list[CheckMessage] = [
        Error(f"The database login is unfit: {fault}", id="tenancy.E002") for fault in login_faults()
    ]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT policyname FROM pg_policies")
        policies = {row[0] for row in cursor.fetchall()}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if not isinstance(constraint, RealmPolicy):
                continue
            if model._meta.db_table not in secured:
                errors.append(Error(f"{model._meta.label}: row-level security is off", id="tenancy.E003"))
            for name, _, _, _ in constraint.policies(model):
                if name not in policies:
                    errors.append(Error(f"{model._meta.label}: no policy {name}", id="tenancy.E004"))
    return errors
