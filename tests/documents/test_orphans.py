"""Files nothing points at: removed after a day, and nothing else is."""

import io
import os
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections, transaction

from accounts.enums import Profil
from caisses.enums import Fonction
from documents import sweeps as document_sweeps
from documents import vault
from documents.models import Piece
from documents.operations import deposit_piece, withdraw_piece
from portal import clock, sweeps
from portal.tenancy import scope
from tests import factories
from tests.documents.conftest import pdf

HOUR = 3600.0
NAME = "fichiers_orphelins"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A storage of its own, as the portal has it on a disk."""
    options = {**settings.STORAGES["pieces"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "pieces": options}
    return tmp_path


def deposited(world: Any) -> Piece:
    """A pièce of structure A and its file."""
    with transaction.atomic():
        return deposit_piece(
            fichier=pdf(),
            fonction=Fonction.SAISINE,
            caisse=world["x"],
            partenaire=world["a"],
            depose_par=world["tech_a"],
            cle=uuid.uuid4(),
        )


def stored() -> str:
    """A file of the vault no row points at."""
    return vault.store(io.BytesIO(b"contenu"), vault.Context(uuid.uuid4(), 1, 1)).path


def aged(folder: Path, path: str, hours: float) -> str:
    """The same path, stored that many hours ago."""
    then = time.time() - hours * HOUR
    os.utime(folder / path, (then, then))
    return path


def exists(path: str) -> bool:
    """Whether the storage holds it."""
    return storages["pieces"].exists(path)


@pytest.mark.django_db
def test_what_nothing_points_at_is_removed_after_a_day_and_nothing_else(world: Any, folder: Path) -> None:
    kept = aged(folder, deposited(world).chemin, 900)
    old = aged(folder, stored(), 24.1)
    young = aged(folder, stored(), 23.9)
    foreign = storages["pieces"].save("ab/lisez-moi.txt", ContentFile(b"posed by hand"))
    aged(folder, foreign, 900)
    assert sweeps.run(NAME) == 1
    assert [exists(path) for path in (kept, old, young, foreign)] == [True, False, True, True]
    assert sweeps.run(NAME) == 0


@pytest.mark.django_db
def test_a_crash_between_the_row_and_its_file_is_made_good(
    world: Any, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    deposited(world)
    piece = deposited(world)
    with django_capture_on_commit_callbacks(execute=False), transaction.atomic():
        withdraw_piece(piece, retire_par=world["tech_a"])
    assert exists(piece.chemin), "the process died before it removed the file"
    aged(folder, piece.chemin, 25)
    assert sweeps.run(NAME) == 1
    assert not exists(piece.chemin)


@pytest.mark.django_db
def test_playing_another_day_does_not_make_files_older(world: Any) -> None:
    deposited(world)
    under_way = stored()
    with clock.at(clock.now() + timedelta(days=30)):
        assert sweeps.run(NAME) == 0
    assert exists(under_way)


@pytest.mark.django_db
def test_a_database_without_any_piece_removes_nothing(folder: Path) -> None:
    path = aged(folder, stored(), 900)
    assert sweeps.run(NAME) == 0
    assert exists(path)


@pytest.mark.django_db
def test_many_are_removed_in_batches(world: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deposited(world)
    for _ in range(30):
        aged(folder, stored(), 48)
    monkeypatch.setattr(document_sweeps, "ASKED_AT_ONCE", 2)
    assert document_sweeps.remove_orphans(limit=12) == 12
    assert document_sweeps.remove_orphans(limit=12) == 12
    assert document_sweeps.remove_orphans(limit=12) == 6


@pytest.mark.django_db
def test_the_database_is_asked_once_a_folder_and_not_once_a_file(
    world: Any, folder: Path, django_assert_max_num_queries: Any
) -> None:
    deposited(world)
    for rank in range(60):
        path = storages["pieces"].save(f"ab/ab{rank:030x}", ContentFile(b"."))
        aged(folder, path, 48)
    with django_assert_max_num_queries(40):
        assert sweeps.run(NAME) == 60


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_once_do_it_once(folder: Path) -> None:
    with transaction.atomic():
        caisse = factories.caisse("251")
        structure = factories.partenaire(caisse)
        factories.convention(structure, caisse)
        technicien = factories.membership(Profil.TECHNICIEN, structure)
        kept = aged(folder, deposited({"x": caisse, "a": structure, "tech_a": technicien}).chemin, 900)
    for _ in range(60):
        aged(folder, stored(), 48)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with scope("systeme"):
                sweeps.run(NAME)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [kept]
