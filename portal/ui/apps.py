"""The interface components as an app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components, form renderer and page furniture."""

    name = "portal.ui"
    label = "portal_ui"
    verbose_name = "Composants d’interface"
