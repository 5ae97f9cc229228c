"""Pièces that go for good: their row, then their content."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import transaction

from documents import vault
from documents.models import Piece


def delete_pieces(ids: Collection[UUID]) -> None:
    """Delete these pièces within the caller's transaction; their content once that is certain.

    Whoever calls writes the journal: what the pièces belonged to goes with them.
    """
    rows = Piece.objects.filter(pk__in=ids)
    for path in rows.values_list("chemin", flat=True):
        transaction.on_commit(partial(vault.discard, path), robust=True)
    rows.delete()
