"""Tenancy: the database refuses what a forgotten filter would let through.

A scope names the realm (who is looking) and the tenant (on whose behalf). PostgreSQL turns it into a role
with row-level security policies, for the length of one transaction.
"""

from portal.tenancy.scopes import Scope, current_scope, read_only, scope, unscoped

__all__ = ["Scope", "current_scope", "read_only", "scope", "unscoped"]
