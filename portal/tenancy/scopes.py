"""The scope of the work in hand: realm and tenant, kept in a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal import clock

REALMS = {
    "partenaire": "ep_partenaire",
    "caisse": "ep_caisse",
    "national": "ep_national",
    "systeme": "ep_systeme",
}
TENANT_REALMS = frozenset({"partenaire", "caisse"})


@dataclass(frozen=True)
class Scope:
    """A realm and, for partenaire and caisse, the id of the tenant."""

    realm: str
    tenant: int | None = None

    def __post_init__(self) -> None:
        if self.realm not in REALMS:
            raise ValueError(f"unknown realm: {self.realm}")
        if (self.tenant is not None) != (self.realm in TENANT_REALMS):
            raise ValueError(
                f"the realm {self.realm} goes {'with' if self.tenant is None else 'without'} a tenant"
            )

    @property
    def role(self) -> str:
        """The database role of the realm."""
        return REALMS[self.realm]


_current: ContextVar[Scope | None] = ContextVar("portal_scope", default=None)


def current_scope() -> Scope | None:
    """The scope in force, or None: without a scope the database shows no tenant row at all."""
    return _current.get()


def apply_scope(wrapper: BaseDatabaseWrapper, value: Scope | None) -> None:
    """Tell the open transaction of `wrapper` who is looking, and when; it forgets it at its end."""
    role, tenant = (value.role, value.tenant) if value else ("none", None)
    with wrapper.cursor() as cursor:
        # Straight to psycopg: this statement belongs to the connection, not to the page being counted.
        cursor.cursor.execute(
            "SELECT set_config('role', %s, true), set_config('app.tenant', %s, true), "
            "set_config('app.now', %s, true)",
            [role, "" if tenant is None else str(tenant), clock.now().isoformat()],
        )


@contextmanager
def scope(realm: str, tenant: int | None = None) -> Iterator[Scope]:
    """Work as `realm`, for `tenant`, until the end of the block.

    Outside a transaction it takes effect at the start of the next one; inside, at once. The scope that was in
    force before comes back afterwards.

    Raises:
        ValueError: the realm is unknown, or goes with (without) a tenant.
    """
    value = Scope(realm, tenant)
    with _in_force(value):
        yield value


@contextmanager
def read_only(realm: str, tenant: int | None = None) -> Iterator[Scope]:
    """Look as `realm`, for `tenant`: until the end of the block the database itself refuses every write.

    It opens a transaction, or a savepoint of the one in hand. Once something was read in it nobody can make it
    writable again: a scope opened inside, the one of the system too, stays read only.

    Raises:
        ValueError: the realm is unknown, or goes with (without) a tenant.
    """
    with transaction.atomic(), scope(realm, tenant) as value:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SELECT 1")
        yield value


@contextmanager
def unscoped() -> Iterator[None]:
    """Work as the bare login, as a request does before anybody is known."""
    with _in_force(None):
        yield


@contextmanager
def _in_force(value: Scope | None) -> Iterator[None]:
    previous = _current.get()
    token = _current.set(value)
    nested = connection.in_atomic_block
    try:
        if nested:
            apply_scope(connection, value)
        yield
    finally:
        _current.reset(token)
        if nested and connection.in_atomic_block and not _is_broken():
            apply_scope(connection, previous)


def _move_clock() -> None:
    """Policies that depend on the moment follow the portal's clock, also when it is moved."""
    if connection.in_atomic_block and not _is_broken():
        apply_scope(connection, current_scope())


clock.on_move(_move_clock)


def _is_broken() -> bool:
    """Whether the transaction can only be rolled back; its role goes with it."""
    if connection.needs_rollback or connection.connection is None or connection.connection.closed:
        return True
    return connection.connection.info.transaction_status.name == "INERROR"
