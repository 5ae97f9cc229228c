"""The administrators' screens about accounts, their acts, and the conditions of use."""

from accounts.admin import assistance, cgu, comptes_caisse, comptes_partenaires, habilitations

__all__ = ["assistance", "cgu", "comptes_caisse", "comptes_partenaires", "habilitations"]
