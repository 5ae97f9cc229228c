"""Files at rest: opened by their piece alone, and never altered unseen."""

import base64
import io
import itertools
import uuid

import pytest
from django.core.checks import run_checks
from django.core.files.storage import storages
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from documents.vault import (
    CHUNK,
    MAGIC,
    Context,
    FileKeys,
    MissingFile,
    VaultError,
    WrappedKey,
    decrypt,
    discard,
    encrypt,
    file_keys,
    open_stored,
    parse_file_keys,
    rewrap,
    store,
)

KEYS = FileKeys("a", {"a": b"A" * 32})
CONTEXT = Context(uuid.UUID(int=7), 12, 251)
HEADER = len(MAGIC) + 7
BLOCK = CHUNK + 16


class Trickle(io.BytesIO):
    """A source that gives a little at a time, as a network does."""

    def read(self, size=-1):
        return super().read(min(size, 70_001) if size > 0 else size)


def seal(content, context=CONTEXT, keys=KEYS):
    sink = io.BytesIO()
    sealed = encrypt(Trickle(content), sink, context, keys)
    return sink.getvalue(), sealed


def unseal(stored, sealed, context=CONTEXT, keys=KEYS):
    return b"".join(decrypt(Trickle(stored), context, sealed.key, keys))


def content_of(size):
    return bytes(itertools.islice(itertools.cycle(range(251)), size))


@pytest.mark.parametrize(
    "size",
    [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5],
    ids=lambda size: f"{size} bytes",
)
def test_what_goes_in_comes_out(size):
    content = content_of(size)
    stored, sealed = seal(content)
    assert unseal(stored, sealed) == content
    assert sealed.size == size
    assert len(stored) == HEADER + size + 16 * max(1, -(-size // CHUNK))


def test_content_comes_by_chunks():
    stored, sealed = seal(content_of(2 * CHUNK + 5))
    assert [len(chunk) for chunk in decrypt(io.BytesIO(stored), CONTEXT, sealed.key, KEYS)] == [
        CHUNK,
        CHUNK,
        5,
    ]


def test_the_digest_is_that_of_the_content():
    assert seal(b"bonjour")[1].sha256 == "2cb4b1431b84ec15d35ed83bb927e27e8967d75f4bcd9cc4b25c8d879ae23e18"


def test_nothing_of_the_content_is_stored_and_two_files_differ():
    content = b"nom de la personne" * 100
    (first, one), (second, other) = seal(content), seal(content)
    assert b"personne" not in first
    assert first[HEADER:] != second[HEADER:]
    assert one.key.data != other.key.data


@hypothesis_settings(deadline=None)
@given(st.binary(max_size=300), st.data())
def test_any_changed_byte_is_noticed(content, data):
    stored, sealed = seal(content)
    altered = bytearray(stored)
    altered[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultError):
        unseal(bytes(altered), sealed)


@given(st.binary(max_size=300), st.data())
def test_any_cut_or_addition_is_noticed(content, data):
    stored, sealed = seal(content)
    for altered in (
        stored[: data.draw(st.integers(0, len(stored) - 1))],
        stored + data.draw(st.binary(min_size=1)),
    ):
        with pytest.raises(VaultError):
            unseal(altered, sealed)


def blocks(stored):
    return [stored[place : place + BLOCK] for place in range(HEADER, len(stored), BLOCK)]


@pytest.mark.parametrize(
    "order",
    [[0], [0, 1], [1, 0, 2], [0, 2, 1], [1, 2], [0, 0, 1, 2], [0, 1, 2, 2], [2], []],
    ids=str,
)
def test_chunks_cannot_be_dropped_swapped_or_repeated(order):
    stored, sealed = seal(content_of(3 * CHUNK))
    parts = blocks(stored)
    assert len(parts) == 3
    with pytest.raises(VaultError):
        unseal(stored[:HEADER] + b"".join(parts[rank] for rank in order), sealed)


def test_a_chunk_of_another_file_is_noticed():
    (stored, sealed), (other, _) = seal(content_of(2 * CHUNK)), seal(content_of(2 * CHUNK))
    with pytest.raises(VaultError):
        unseal(stored[:HEADER] + blocks(other)[0] + blocks(stored)[1], sealed)


@pytest.mark.parametrize(
    "context",
    [CONTEXT._replace(piece=uuid.UUID(int=8)), CONTEXT._replace(partenaire=13), CONTEXT._replace(caisse=422)],
    ids=["piece", "partenaire", "caisse"],
)
def test_a_file_opens_for_its_piece_and_tenants_only(context):
    stored, sealed = seal(b"bonjour")
    with pytest.raises(VaultError, match="does not open"):
        decrypt(io.BytesIO(stored), context, sealed.key, KEYS)


def test_the_tenants_are_not_interchangeable():
    stored, sealed = seal(b"bonjour", Context(CONTEXT.piece, 1, 23))
    with pytest.raises(VaultError):
        unseal(stored, sealed, Context(CONTEXT.piece, 12, 3))


def test_a_key_of_another_file_does_not_open_it():
    (stored, _), (_, other) = seal(b"bonjour"), seal(b"bonjour")
    with pytest.raises(VaultError, match="altered"):
        unseal(stored, other)


def test_what_is_not_of_the_vault():
    _, sealed = seal(b"bonjour")
    with pytest.raises(VaultError, match="not a file of the vault"):
        decrypt(io.BytesIO(b"%PDF-1.7 en clair"), CONTEXT, sealed.key, KEYS)


# --- keys


def test_rotation_wraps_again_and_leaves_the_file_alone():
    stored, sealed = seal(b"bonjour")
    rotated = FileKeys("b", {"b": b"B" * 32, **KEYS.keys})
    key = rewrap(sealed.key, CONTEXT, rotated)
    assert key.key_id == "b"
    alone = FileKeys("b", {"b": b"B" * 32})
    assert b"".join(decrypt(io.BytesIO(stored), CONTEXT, key, alone)) == b"bonjour"
    assert rewrap(key, CONTEXT, rotated) == key
    with pytest.raises(VaultError, match="a is not configured"):
        unseal(stored, sealed, keys=alone)


def test_a_key_is_not_wrapped_again_for_another_piece():
    _, sealed = seal(b"bonjour")
    with pytest.raises(VaultError, match="does not open"):
        rewrap(sealed.key, CONTEXT._replace(caisse=422), KEYS)


def test_the_id_of_the_key_is_authenticated():
    _, sealed = seal(b"bonjour")
    twins = FileKeys("b", {"b": b"A" * 32, "a": b"A" * 32})
    with pytest.raises(VaultError):
        rewrap(WrappedKey("b", sealed.key.data), CONTEXT, twins)


@pytest.mark.parametrize("data", [b"", b"x" * 11, b"x" * 60, memoryview(b"x" * 60)])
def test_a_damaged_key_does_not_open(data):
    with pytest.raises(VaultError):
        rewrap(WrappedKey("a", data), CONTEXT, KEYS)


def test_a_key_read_from_the_database_opens():
    stored, sealed = seal(b"bonjour")
    key = WrappedKey(sealed.key.key_id, memoryview(sealed.key.data))
    assert b"".join(decrypt(io.BytesIO(stored), CONTEXT, key, KEYS)) == b"bonjour"


ONE, TWO = (base64.b64encode(letter * 32).decode() for letter in (b"1", b"2"))


def test_the_first_key_is_active():
    keys = parse_file_keys(f" 2026:{ONE}, 2025:{TWO},")
    assert keys == FileKeys("2026", {"2026": b"1" * 32, "2025": b"2" * 32})


def test_keys_never_show():
    assert "1111" not in repr(parse_file_keys(f"2026:{ONE}"))
    assert ONE not in repr(parse_file_keys(f"2026:{ONE}"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no file key"),
        (" , ", "no file key"),
        (ONE, "written id:base64"),
        (f":{ONE}", "written id:base64"),
        (f"a b:{ONE}", "written id:base64"),
        (f"{'a' * 41}:{ONE}", "written id:base64"),
        (f"a:{ONE},a:{TWO}", "given twice"),
        ("a:%%%", "not base64"),
        (f"a:{ONE[:-4]}", "bytes long|not base64"),
        ("a:" + base64.b64encode(b"1" * 16).decode(), "32 bytes"),
    ],
)
def test_keys_that_cannot_be_read(settings, text, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse_file_keys(text)
    assert ONE not in str(caught.value)
    settings.FILE_KEYS = text
    assert "documents.E003" in [error.id for error in run_checks()]


def test_the_keys_of_the_settings(settings):
    settings.FILE_KEYS = f"2026:{ONE}"
    assert file_keys().active == "2026"
    assert "documents.E003" not in [error.id for error in run_checks()]


# --- storage


@pytest.fixture(params=["file", "memory"])
def place(request, settings, tmp_path):
    """The storage « pieces », on disk and in memory (standing for one that is not a disk)."""
    backend = {
        "file": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "file_permissions_mode": 0o600},
        },
        "memory": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }[request.param]
    settings.STORAGES = {**settings.STORAGES, "pieces": backend}
    settings.FILE_KEYS = f"2026:{ONE}"
    return request.param


def test_a_file_is_stored_and_read_back(place):
    content = content_of(CHUNK + 5)
    source = io.BytesIO(content)
    source.seek(3)
    stored = store(source, CONTEXT)
    assert b"".join(open_stored(stored.path, CONTEXT, stored.sealed.key)) == content
    with storages["pieces"].open(stored.path) as raw:
        assert raw.read(len(MAGIC)) == MAGIC
    assert str(CONTEXT.piece) not in stored.path
    assert len(stored.path) <= 120


def test_paths_never_meet(place):
    paths = {store(io.BytesIO(b"x"), CONTEXT).path for _ in range(50)}
    assert len(paths) == 50


def test_a_file_on_disk_is_its_owner_s_alone(place, tmp_path):
    stored = store(io.BytesIO(b"x"), CONTEXT)
    if place == "file":
        assert (tmp_path / stored.path).stat().st_mode & 0o077 == 0


def test_a_discarded_file_is_missing(place):
    stored = store(io.BytesIO(b"x"), CONTEXT)
    discard(stored.path)
    discard(stored.path)
    with pytest.raises(MissingFile):
        open_stored(stored.path, CONTEXT, stored.sealed.key)


def test_another_tenant_gets_an_error_before_any_byte(place):
    stored = store(io.BytesIO(b"x"), CONTEXT)
    with pytest.raises(VaultError):
        open_stored(stored.path, CONTEXT._replace(partenaire=99), stored.sealed.key)


@pytest.mark.parametrize("read", [0, 1, 3])
def test_a_reading_given_up_closes_the_file(place, read):
    stored = store(io.BytesIO(content_of(3 * CHUNK)), CONTEXT)
    chunks = open_stored(stored.path, CONTEXT, stored.sealed.key)
    assert [len(next(chunks)) for _ in range(read)] == [CHUNK] * read
    chunks.close()
    assert chunks._stored.closed or place == "memory"  # a file in memory has nothing to close


def test_a_reading_brought_to_its_end_closes_the_file(place):
    stored = store(io.BytesIO(b"bonjour"), CONTEXT)
    chunks = open_stored(stored.path, CONTEXT, stored.sealed.key)
    assert list(chunks) == [b"bonjour"]
    assert chunks._stored.closed or place == "memory"  # a file in memory has nothing to close
