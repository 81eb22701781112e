"""Signed heads of the audit chain, kept outside its database, so that a cut tail shows.

A chain alone cannot tell that its newest entries were removed. A head says «entry N had this
hash at this time», signed with a key that is made from the platform's secret; whoever holds
an exported head and the public key can prove later that entry N is gone or changed.
"""

from __future__ import annotations

import base64
import fcntl
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from tenants.control.tables import audit_entries
from tenants.errors import InvalidInput, Unavailable
from tenants.secret import platform_secret

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from sqlalchemy.engine import Connection

    from tenants.control import ControlPlane

_FILE = "audit-heads.ndjson"
_MOST_OF_A_LINE = 4096
_AT_ONCE = 1000


class Head(msgspec.Struct, frozen=True):
    """The newest entry at one time."""

    seq: int
    entry_hash: str
    at: str
    signature: str = ""

    def told(self) -> bytes:
        """Return what is signed."""
        return f"{self.seq}:{self.entry_hash}:{self.at}".encode()

    @classmethod
    def from_text(cls, text: str) -> Head:
        """Return a head from the line in which it was printed.

        Raises:
            InvalidInput: It is no such line.
        """
        seq, *rest = text.split() or [""]
        if not seq.isdecimal() or len(rest) < len(cls.__struct_fields__) - 1:
            message = f"{text[:40]!r} is no head; give the whole line that `loki audit sign` printed."
            raise InvalidInput(message, "invalid_head")
        return cls(int(seq), rest[0], rest[1], rest[2])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; sound where nothing is broken, missing or forged.

    Attributes:
        first_broken: The first entry that does not follow from the one before.
        missing: Numbers of entries that a head vouches for and that are gone or different.
        forged: Lines of the file of heads whose signature is wrong.
    """

    entries: int
    heads: int
    first_broken: int | None
    missing: tuple[int, ...]
    forged: tuple[int, ...]

    @property
    def is_sound(self) -> bool:
        """Return whether the log is whole."""
        return self.first_broken is None and not self.missing and not self.forged


class Heads:
    """The file of signed heads of one installation.

    Args:
        control: Its audit log and secret.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self.path: Path = control.settings.state() / _FILE

    def sign(self) -> Head | None:
        """Sign the newest entry, append it to the file durably and return it; None while there is none.

        Raises:
            Unavailable: The disk took only a part of the line.
        """
        row = self._newest()
        if row is None:
            return None
        plain = Head(row.seq, row.entry_hash.hex(), self._control.clock.now().isoformat())
        signature = base64.b64encode(self._key().sign(plain.told())).decode()
        head = msgspec.structs.replace(plain, signature=signature)
        self._append(msgspec.json.encode(head) + b"\n")
        return head

    def signed(self) -> Head | None:
        """Return the head that the file ends with where it is the newest entry's, else sign that one.

        Whoever asks for it in a loop does not fill the disk.
        """
        last, row = self._last(), self._newest()
        if last is not None and row is not None and last.entry_hash == row.entry_hash.hex():
            return last
        return self.sign()

    def public_key(self) -> str:
        """Return the key with which anyone can check a head, base64 of its 32 bytes."""
        return base64.b64encode(self._key().public_key().public_bytes_raw()).decode()

    def verify(self, kept: Sequence[Head] = ()) -> Verdict:
        """Check the chain, and that each entry that a head vouches for is still there and the same.

        Args:
            kept: Heads kept elsewhere: they vouch even where the file here was cut as well.

        Raises:
            InvalidInput: One of them was not signed here.
        """
        heads, forged = self._read()
        for head in kept:
            if not self._is_ours(head):
                message = f"Entry {head.seq}'s head was not signed by this installation; check the line."
                raise InvalidInput(message, "invalid_head")
        heads += kept
        with self._control.database.read() as connection:
            entries = connection.scalar(sa.select(sa.func.count()).select_from(audit_entries)) or 0
            found = _hashes(connection, sorted({head.seq for head in heads}))
        missing = sorted({head.seq for head in heads if found.get(head.seq) != head.entry_hash})
        broken = self._control.audit.first_broken()
        return Verdict(entries, len(heads), broken, tuple(missing), tuple(forged))

    def _newest(self) -> sa.Row[tuple[int, bytes]] | None:
        columns = audit_entries.c
        newest = sa.select(columns.seq, columns.entry_hash).order_by(columns.seq.desc()).limit(1)
        with self._control.database.read() as connection:
            return connection.execute(newest).first()

    def _append(self, line: bytes) -> None:
        with self.path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            file.truncate(len(_written(file.read())))
            if file.write(line) != len(line):
                message = "The head could not be written whole; free some disk space, then sign again."
                raise Unavailable(message, "heads_not_written")
            os.fsync(file.fileno())

    def _read(self) -> tuple[list[Head], list[int]]:
        heads: list[Head] = []
        forged = []
        lines = _written(self.path.read_bytes()).splitlines() if self.path.exists() else []
        for number, line in enumerate(lines, start=1):
            try:
                head = msgspec.json.decode(line, type=Head)
            except msgspec.DecodeError:
                forged.append(number)
                continue
            if self._is_ours(head):
                heads.append(head)
            else:
                forged.append(number)
        return heads, forged

    def _last(self) -> Head | None:
        """Return the head at the end of the file; None where there is none of ours."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_OF_A_LINE))
            lines = _written(file.read()).splitlines()
        try:
            head = msgspec.json.decode(lines[-1], type=Head)
        except (IndexError, msgspec.DecodeError):
            return None
        return head if self._is_ours(head) else None

    def _is_ours(self, head: Head) -> bool:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - start-up time

        try:
            self._key().public_key().verify(base64.b64decode(head.signature), head.told())
        except (ValueError, InvalidSignature):
            return False
        return True

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - start-up time

        return ed25519.Ed25519PrivateKey.from_private_bytes(
            platform_secret(self._control.settings, "audit-heads")
        )


def _hashes(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the hashes of entries by their number, as many at once as any database takes."""
    found: dict[int, str] = {}
    columns = audit_entries.c
    for first in range(0, len(numbers), _AT_ONCE):
        some = columns.seq.in_(numbers[first : first + _AT_ONCE])
        rows = connection.execute(sa.select(columns.seq, columns.entry_hash).where(some))
        found.update((seq, entry_hash.hex()) for seq, entry_hash in rows)
    return found


def _written(content: bytes) -> bytes:
    """Return the finished lines: a last one without its end was torn by a crash and vouches for nothing."""
    return content[: content.rfind(b"\n") + 1]
