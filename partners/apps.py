"""The partners app."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Partner structures and their conventions."""

    name = "partners"
    verbose_name = "Conventions et structures"
