"""Structures and conventions in the admin."""

from partners.admin.conventions import ConventionAdmin
from partners.admin.modeles import ModeleConventionAdmin
from partners.admin.structures import PartenaireAdmin

__all__ = ["ConventionAdmin", "ModeleConventionAdmin", "PartenaireAdmin"]
