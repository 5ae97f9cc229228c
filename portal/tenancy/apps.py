"""The tenancy app: grants after each migration, checks before each start."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    """Hooks of the tenancy layer."""

    name = "portal.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from portal.tenancy import checks, grants

        post_migrate.connect(grants.grant_after_migrate, sender=self)
        register(checks.check_tenant_models, Tags.models)
        register(checks.check_database, Tags.database)
