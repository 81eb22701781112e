"""Reads each log file once, known by the hash of its bytes, and each row once, known by its identity."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import pyarrow as pa
import structlog

from ingest import ledger, record_ids
from ingest.errors import SourceUnreadable
from ingest.tenant_stores.schema import USAGE_RECORDS
from ingest.usage_logs.formats import BadRow, reader_for
from ingest.usage_logs.identity import unseen
from ingest.usage_logs.schema import as_record, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from ingest.erasure import Forgotten
    from ingest.landing import LandingZone
    from ingest.usage_logs.formats import Numbered, Row
    from tenants.protection.record_keys import RecordKeys

log = structlog.get_logger()

CURSOR = "usage_logs/"
ROWS_AT_ONCE = 200_000
BROKEN = (OSError, EOFError, UnicodeDecodeError, csv.Error, msgspec.MsgspecError, pa.ArrowException)

_WORD = re.compile(r"\w+")
Stamp = tuple[str, int, int]


def pull(
    folder: Path, landing: LandingZone, keys: RecordKeys, forgotten: Forgotten | None = None
) -> dict[str, int]:
    """Land what is new in a folder of log files; return how many rows, by stream.

    Args:
        folder: Looked through with its subfolders; names beginning with a dot are left alone.
        landing: Where to; bad rows go to `quarantine` with file, line and reason.
        keys: What the ids of records are hashed with before they are looked up and landed.
        forgotten: Whose rows are passed over; by default nobody's.

    Raises:
        SourceUnreadable: There is no such folder.
    """
    if not folder.is_dir():
        message = f"LOKI_USAGE_LOGS names {folder}, which is no folder; create it or correct the setting."
        raise SourceUnreadable(message, path=str(folder))
    new: Counter[str] = Counter()
    with landing.writer():
        for path, stamp in new_files(folder, landing):
            new.update(_land(path, stamp, landing, keys, forgotten))
    return dict(new)


def new_files(folder: Path, landing: LandingZone) -> Iterator[tuple[Path, Stamp]]:
    """Yield the log files not read as they are now, with their name, size and time of change."""
    cursors = landing.manifests.cursors
    seen = {tuple(stamp) for name in cursors if name.startswith(CURSOR) for stamp in cursors[name]}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if any(part.startswith(".") for part in inner.parts) or not path.is_file() or not reader_for(path):
            continue
        about = path.stat()
        stamp = (inner.as_posix(), about.st_size, about.st_mtime_ns)
        if stamp not in seen:
            yield path, stamp


@dataclass
class _Slice:
    """Some rows of a file: what fits and what does not."""

    records: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[ledger.Rejected] = field(default_factory=list)

    def without(self, forgotten: Forgotten | None) -> _Slice:
        """Return the rows that concern nobody who is forgotten."""
        if not forgotten:
            return self
        named = {record["tenant_id"] for record in self.records}
        gone = {each for each in named if forgotten.anonymous_id([each])}
        return _Slice(
            [record for record in self.records if record["tenant_id"] not in gone],
            [row for row in self.rejected if not forgotten.anonymous_id(_WORD.findall(row.body or ""))],
        )


def _land(
    path: Path, stamp: Stamp, landing: LandingZone, keys: RecordKeys, forgotten: Forgotten | None
) -> Counter[str]:
    try:
        with path.open("rb") as file:
            cursor = CURSOR + hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        now, detail = landing.clock.now(), f"{stamp[0]} cannot be read: {error.strerror}"
        _note(landing, ledger.Pull("usage_records", now, status="error", detail=detail))
        return Counter()
    stamps = landing.cursor(cursor) or []
    total: Counter[str] = Counter()
    if not stamps:
        for some in _slices(path, stamp[0], landing.clock.now()):
            total.update(_commit(landing, keys, some.without(forgotten), rewind={cursor: None}))
    detail = f"{stamp[0]}: {total.pop('known', 0)} rows had landed before"
    pull_ = ledger.Pull("usage_records", landing.clock.now(), rows=total["usage_records"], detail=detail)
    _note(landing, pull_, {cursor: [*stamps, stamp]})
    log.info("usage_log_landed", file=stamp[0], rows=total["usage_records"], rejected=total["quarantine"])
    return total


def _commit(landing: LandingZone, keys: RecordKeys, some: _Slice, rewind: dict[str, Any]) -> dict[str, int]:
    told = record_ids.hashed(pa.Table.from_pylist(some.records, USAGE_RECORDS), keys)
    new = unseen(told, landing)
    rejected = ledger.quarantine(some.rejected, landing.clock.now())
    landing.commit({"usage_records": new, "quarantine": rejected}, rewind=rewind)
    known = told.num_rows - new.num_rows
    return {"usage_records": new.num_rows, "quarantine": len(some.rejected), "known": known}


def _note(landing: LandingZone, pull_: ledger.Pull, cursors: dict[str, Any] | None = None) -> None:
    landing.commit({"sync_ledger": ledger.pulls([pull_], landing.clock.now())}, cursors)


def _slices(path: Path, name: str, now: datetime) -> Iterator[_Slice]:
    some = _Slice()
    for number, row in _rows(path):
        if isinstance(row, BadRow):
            some.rejected.append(_rejected(name, number, row, row.reason))
            continue
        try:
            some.records.append(as_record(parse(row, now), now))
        except ValueError as problem:
            some.rejected.append(_rejected(name, number, row, str(problem)))
        if len(some.records) + len(some.rejected) >= ROWS_AT_ONCE:
            yield some
            some = _Slice()
    yield some


def _rows(path: Path) -> Iterator[Numbered]:
    """Yield the rows; where the file breaks off or is no such format, the rest is one bad row."""
    read, number = reader_for(path), 0
    try:
        for number, row in read(path) if read else ():
            yield number, row
    except BROKEN as error:
        yield number + 1, BadRow("", f"unreadable from here on ({error})")


def _rejected(name: str, number: int, row: Row | BadRow, problem: str) -> ledger.Rejected:
    body = row.text if isinstance(row, BadRow) else orjson.dumps(row, default=str).decode()
    return ledger.Rejected(
        source=name,
        object_id=f"{name}:{number}",
        reason="does not fit",
        detail=f"line {number}: {problem}",
        body=body,
        stream="usage_records",
    )
