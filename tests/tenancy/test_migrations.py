"""The migrations go back to nothing from the template of the test databases, and forward to the same structure."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from portal.embedded.layout import PROJECT
from tests.fixtures.database import copy_template

ROOMS = ("signalements", "documents", "accounts", "partners", "caisses", "courriels", "audit", "portal")
SCRIPT = """
import sys, django
django.setup()
from django.core.management import call_command
for step in sys.argv[1:]:
    call_command("migrate", *step.split(), verbosity=0)
"""
STRUCTURE = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name ~ %s",
    "policies": "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies "
    "WHERE tablename ~ %s",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE conrelid::regclass::text ~ %s",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal "
    "AND tgrelid::regclass::text ~ %s",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename ~ %s",
    "grants": "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants "
    "WHERE table_schema = 'public' AND table_name ~ %s",
}


@pytest.fixture
def scratch(django_db_setup: None) -> Iterator[str]:
    """The owner's address of a migrated database: a copy of the template, which was migrated from nothing."""
    base, name = os.environ["DATABASE_OWNER_URL"].rsplit("/", 1)[0], f"essai_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        copy_template(owner, name)
        try:
            yield f"{base}/{name}"
        finally:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(address: str, *steps: str) -> None:
    """Run `migrate` with each of these arguments in turn, as the owner."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *steps],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_OWNER_URL": address, "PORTAL_DATABASE_ROLE": "owner"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def structure(address: str) -> dict[str, list[object]]:
    """Everything the migrations of the rooms make."""
    pattern = f"^({'|'.join(ROOMS)})_"
    with psycopg.connect(address) as owner:
        return {name: sorted(map(str, owner.execute(query, [pattern]))) for name, query in STRUCTURE.items()}


@pytest.mark.long
def test_every_migration_can_be_undone_and_done_again(scratch: str) -> None:
    first = structure(scratch)
    assert all(first.values())
    migrate(scratch, *(f"{room} zero" for room in ROOMS))
    assert not any(structure(scratch).values())
    migrate(scratch, "")
    assert structure(scratch) == first
