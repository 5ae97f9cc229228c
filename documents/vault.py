"""The vault: files at rest are encrypted, each under its own key, and bound to their piece and its tenants.

Envelope encryption, AES-256-GCM throughout. A file has a data key of its own, drawn at random; the data key is
kept beside the piece, wrapped by a key-encryption key named by its id. Rotating the latter means wrapping data
keys again (`rewrap`), never touching files.

A stored file is the eight bytes of MAGIC, a random seven-byte nonce prefix, then chunks of 1 MiB (the last one
shorter) of ciphertext with their tag. The nonce of a chunk is « prefix, rank on four bytes, 1 when last »
(the STREAM construction): chunks cannot be removed, added, repeated, swapped or cut off unseen. What is
authenticated with each chunk and with the wrapped key is the piece's id and its two tenants, so that a file or
a key moved to another piece, or a piece moved to another tenant, does not open.
"""

import base64
import binascii
import hashlib
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO, Final, NamedTuple, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

MAGIC: Final = b"EPVAULT1"
CHUNK: Final = 1024 * 1024

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PREFIX_BYTES: Final = 7
_TAG_BYTES: Final = 16
_MAX_CHUNKS: Final = 2**32
_IN_MEMORY: Final = 12 * 1024 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


class VaultError(Exception):
    """A file or key does not open: altered, incomplete, another piece's, or under a key that is not there.

    The message is for the journal and the logs; it names no content and no key.
    """


class MissingFile(VaultError):
    """Nothing is stored under that path."""


class Source(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Up to that many bytes; none at the end."""


class Sink(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> Any:
        """Take these bytes."""


class Context(NamedTuple):
    """What a file belongs to. The three ids are authenticated with every chunk."""

    piece: UUID
    partenaire: int | UUID
    caisse: int | UUID

    def as_bytes(self, purpose: bytes) -> bytes:
        """Unambiguous bytes: ids hold no bar."""
        return b"|".join((MAGIC, purpose, *(str(part).encode() for part in self)))


class WrappedKey(NamedTuple):
    """A data key as it is kept: which key wraps it, and its ciphertext."""

    key_id: str
    data: bytes


@dataclass(frozen=True)
class Sealed:
    """What to keep of a file once encrypted. Size in bytes and SHA-256 (hexadecimal) of the plain content."""

    key: WrappedKey
    size: int
    sha256: str


@dataclass(frozen=True)
class FileKeys:
    """The key-encryption keys by id, and the one that wraps new data keys."""

    active: str
    keys: dict[str, bytes] = field(repr=False)


def parse_file_keys(text: str) -> FileKeys:
    """Read `FILE_KEYS`: « id:base64,id:base64 », 32 bytes each, the first one active.

    Older keys follow for as long as a piece is wrapped by them. ValueError says what is wrong, without the key.
    """
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        key_id, separator, encoded = entry.partition(":")
        if not separator or not _KEY_ID.fullmatch(key_id):
            raise ValueError("a file key is written id:base64")
        if key_id in keys:
            raise ValueError(f"the file key {key_id} is given twice")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError(f"the file key {key_id} is not base64") from None
        if len(key) != _KEY_BYTES:
            raise ValueError(f"the file key {key_id} is not {_KEY_BYTES} bytes long")
        keys[key_id] = key
    if not keys:
        raise ValueError("no file key is given")
    return FileKeys(next(iter(keys)), keys)


_parse_once = lru_cache(maxsize=4)(parse_file_keys)


def file_keys() -> FileKeys:
    """The keys of settings.FILE_KEYS; ValueError when they cannot be read (see documents/checks.py)."""
    return _parse_once(settings.FILE_KEYS)


# --- Keys


def _wrap(data_key: bytes, context: Context, keys: FileKeys) -> WrappedKey:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    bound = context.as_bytes(b"key:" + keys.active.encode())
    return WrappedKey(keys.active, nonce + AESGCM(keys.keys[keys.active]).encrypt(nonce, data_key, bound))


def _unwrap(wrapped: WrappedKey, context: Context, keys: FileKeys) -> bytes:
    key = keys.keys.get(wrapped.key_id)
    if key is None:
        raise VaultError(f"the file key {wrapped.key_id} is not configured")
    data = bytes(wrapped.data)
    bound = context.as_bytes(b"key:" + wrapped.key_id.encode())
    try:
        return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise VaultError("the data key does not open for this piece") from error


def rewrap(wrapped: WrappedKey, context: Context, keys: FileKeys | None = None) -> WrappedKey:
    """The same data key wrapped by the active key, for a rotation; unchanged when it already is.

    VaultError when it does not open. The stored file is not touched.
    """
    keys = keys or file_keys()
    data_key = _unwrap(wrapped, context, keys)
    return wrapped if wrapped.key_id == keys.active else _wrap(data_key, context, keys)


# --- Streams


def encrypt(source: Source, sink: Sink, context: Context, keys: FileKeys | None = None) -> Sealed:
    """Encrypt what remains of `source` into `sink`, a chunk at a time."""
    data_key = AESGCM.generate_key(_KEY_BYTES * 8)
    cipher = AESGCM(data_key)
    prefix = secrets.token_bytes(_PREFIX_BYTES)
    bound = context.as_bytes(b"file:" + prefix)
    digest = hashlib.sha256()
    size = 0
    sink.write(MAGIC + prefix)
    for rank, chunk, is_last in _chunks(source, CHUNK):
        digest.update(chunk)
        size += len(chunk)
        sink.write(cipher.encrypt(_nonce(prefix, rank, is_last), chunk, bound))
    return Sealed(_wrap(data_key, context, keys or file_keys()), size, digest.hexdigest())


def decrypt(
    source: Source, context: Context, wrapped: WrappedKey, keys: FileKeys | None = None
) -> Iterator[bytes]:
    """The plain content, a chunk at a time; VaultError at the first chunk that is not what was stored.

    Chunks are yielded as they are verified: only the end of the iteration says that nothing was cut off. The
    key and the header are verified at once, before the first chunk is asked for.
    """
    cipher = AESGCM(_unwrap(wrapped, context, keys or file_keys()))
    header = source.read(len(MAGIC) + _PREFIX_BYTES)
    if len(header) < len(MAGIC) + _PREFIX_BYTES or not header.startswith(MAGIC):
        raise VaultError("this is not a file of the vault")
    return _decrypt_chunks(source, cipher, header[len(MAGIC) :], context)


def _decrypt_chunks(source: Source, cipher: AESGCM, prefix: bytes, context: Context) -> Iterator[bytes]:
    bound = context.as_bytes(b"file:" + prefix)
    for rank, chunk, is_last in _chunks(source, CHUNK + _TAG_BYTES):
        try:
            yield cipher.decrypt(_nonce(prefix, rank, is_last), chunk, bound)
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"chunk {rank} was altered, or the file is incomplete") from error


def _nonce(prefix: bytes, rank: int, is_last: bool) -> bytes:
    return prefix + rank.to_bytes(4, "big") + bytes([is_last])


def _chunks(source: Source, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Rank, bytes and « is the last one » of each chunk; one empty chunk for an empty source."""
    chunk = _read_exactly(source, size)
    rank = 0
    while True:
        following = _read_exactly(source, size) if len(chunk) == size else b""
        yield rank, chunk, not following
        if not following:
            return
        chunk, rank = following, rank + 1
        if rank >= _MAX_CHUNKS:
            raise VaultError("the file is too long for the vault")


def _read_exactly(source: Source, size: int) -> bytes:
    """That many bytes, fewer only at the end: sources over a network give what they have."""
    parts: list[bytes] = []
    while size > 0 and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


# --- Storage


@dataclass(frozen=True)
class Stored:
    """A file in the storage « pieces », and what is needed to open it."""

    path: str
    sealed: Sealed


class OpenFile(Iterator[bytes]):
    """The chunks of a stored file. Closed at the end, at an error, or by `close()` even before the first."""

    def __init__(self, stored: File, chunks: Iterator[bytes]) -> None:
        self._stored = stored
        self._chunks = chunks

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the stored file; what is left of it will not be read."""
        self._stored.close()


def _storage() -> Storage:
    return storages["pieces"]


def store(source: BinaryIO, context: Context) -> Stored:
    """Encrypt a file, from its beginning, into the storage, under a random path that says nothing."""
    source.seek(0)
    return _store(source, context)


def store_chunks(chunks: Iterator[bytes], context: Context) -> Stored:
    """The same for a content given a chunk at a time, such as that of another stored file."""
    return _store(_Reader(chunks), context)


class _Reader:
    """Chunks of any length, read by size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int = -1, /) -> bytes:
        if not self._rest:
            self._rest = next(self._chunks, b"")
        taken, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return taken


def _store(source: Source, context: Context) -> Stored:
    name = secrets.token_hex(16)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as encrypted:
        sealed = encrypt(source, encrypted, context)
        encrypted.seek(0)
        path = _storage().save(f"{name[:2]}/{name}", File(encrypted))
    return Stored(path, sealed)


def open_stored(path: str, context: Context, wrapped: WrappedKey) -> OpenFile:
    """The plain content of a stored file, a chunk at a time; MissingFile or VaultError before the first one."""
    try:
        stored = _storage().open(path, "rb")
    except FileNotFoundError as error:
        raise MissingFile("nothing is stored under this path") from error
    try:
        chunks = decrypt(stored, context, wrapped)
    except BaseException:
        stored.close()
        raise
    return OpenFile(stored, chunks)


def discard(path: str) -> None:
    """Remove a stored file; nothing happens when it is not there."""
    _storage().delete(path)


def names() -> Iterator[list[str]]:
    """The paths of what is stored, a folder of the 256 at a time; what `store` did not name is left out."""
    for folder in (f"{rank:02x}" for rank in range(256)):
        try:
            _, found = _storage().listdir(folder)
        except FileNotFoundError:
            continue
        yield [f"{folder}/{name}" for name in found if _NAME.fullmatch(name) and name.startswith(folder)]


def age(path: str) -> float | None:
    """For how many seconds a file has been stored, by the real clock; None when it is no longer there."""
    try:
        stored = _storage().get_modified_time(path)
    except FileNotFoundError:
        return None
    except Exception:
        # Storages over a network have errors of their own for a file another machine has just removed.
        if _storage().exists(path):
            raise
        return None
    return time.time() - stored.timestamp()
