"""Files that open only with a tenant's own key: written in pieces, each bound to its place and its end."""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING

from tenants.encryption import decrypt, encrypt
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

MAGIC = b"LOKIBAK1"
_PIECE = 1 << 20
_LENGTH = struct.Struct(">I")


def write_sealed(path: Path, key: bytes, bound_to: str, records: Iterable[bytes]) -> int:
    """Write records compressed and encrypted, durably, appearing whole or not at all; return the size."""
    temporary = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with temporary.open("wb") as file:
            file.write(MAGIC)
            for place, (piece, is_last) in enumerate(_pieces(records)):
                sealed = encrypt(key, piece, _binding(bound_to, place, is_last=is_last))
                file.write(_LENGTH.pack(len(sealed)) + sealed)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path.stat().st_size


def read_sealed(path: Path, key: bytes, bound_to: str) -> Iterator[bytes]:
    """Yield the records of a file.

    Raises:
        InvalidInput: It is no backup, was changed or cut, or belongs to another tenant.
    """
    unpack, rest = zlib.decompressobj(), b""
    for piece in _opened(path, key, bound_to):
        rest += unpack.decompress(piece)
        rest = yield from _records(rest)
    rest = yield from _records(rest + unpack.flush())
    if rest or not unpack.eof:
        raise _damaged(path)


def _pieces(records: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    pack, waiting = zlib.compressobj(6), b""
    for record in records:
        waiting += pack.compress(_LENGTH.pack(len(record)) + record)
        while len(waiting) > _PIECE:
            yield waiting[:_PIECE], False
            waiting = waiting[_PIECE:]
    waiting += pack.flush()
    while len(waiting) > _PIECE:
        yield waiting[:_PIECE], False
        waiting = waiting[_PIECE:]
    yield waiting, True


def _opened(path: Path, key: bytes, bound_to: str) -> Iterator[bytes]:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - start-up time

    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise _damaged(path)
            place, head = 0, file.read(_LENGTH.size)
            while head:
                sealed = file.read(_LENGTH.unpack(head)[0])
                head = file.read(_LENGTH.size)
                yield decrypt(key, sealed, _binding(bound_to, place, is_last=not head))
                place += 1
    except FileNotFoundError:
        message = f"There is no file {path}; list the tenant's backups with `loki backup list`."
        raise InvalidInput(message, "backup_not_found") from None
    except (InvalidTag, struct.error) as error:
        raise _damaged(path) from error


def _records(data: bytes) -> Generator[bytes, None, bytes]:
    at = 0
    while len(data) - at >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(data, at)
        if len(data) - at - _LENGTH.size < length:
            break
        yield data[at + _LENGTH.size : at + _LENGTH.size + length]
        at += _LENGTH.size + length
    return data[at:]


def _binding(bound_to: str, place: int, *, is_last: bool) -> bytes:
    return f"{bound_to}:{place}:{'last' if is_last else 'more'}".encode()


def _damaged(path: Path) -> InvalidInput:
    message = f"{path} is no backup of this tenant, or was changed or cut; take another one."
    return InvalidInput(message, "backup_damaged")
