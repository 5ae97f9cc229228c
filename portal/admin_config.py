"""The Django admin as an app: our site instead of Django's own."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Finds the `admin` modules of the rooms and registers them on our site."""

    default_site = "portal.admin_site.PortalAdminSite"
