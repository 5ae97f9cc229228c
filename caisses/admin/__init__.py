"""Caisses, their reference lists and announcements in the admin."""

from caisses.admin import annonces
from caisses.admin.caisse import ADMINISTRER_CAISSE, ADMINISTRER_PORTAIL
from caisses.admin.referentiels import DatedForm, ReferenceAdmin

__all__ = ["ADMINISTRER_CAISSE", "ADMINISTRER_PORTAIL", "DatedForm", "ReferenceAdmin", "annonces"]
