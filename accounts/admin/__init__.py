"""The administrators' screens about accounts, their acts, and the conditions of use."""

from accounts.admin import cgu, comptes_caisse, comptes_partenaires

__all__ = ["cgu", "comptes_caisse", "comptes_partenaires"]
