"""Takes the snapshot of the register: every row on a new day, only the changed ones later on the same day."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from ingest.register.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ingest.landing import LandingZone

KEYS = {"tenant_register": ("tenant_id",), "plan_catalogue": ("catalogue", "plan", "currency")}

Row = dict[str, Any]


def pull(rows_by_stream: Mapping[str, Iterable[Mapping[str, Any]]], landing: LandingZone) -> dict[str, int]:
    """Land what differs from the last snapshot of today; return how many rows, by stream.

    Args:
        rows_by_stream: Rows of `tenant_register` and `plan_catalogue` as they are now.
        landing: Where to.
    """
    now = landing.clock.now()
    with landing.writer():
        tables, cursors = {}, {}
        for stream, rows in rows_by_stream.items():
            cursor = f"register/{stream}"
            changed, cursors[cursor] = _changed(stream, rows, now, landing.cursor(cursor) or {})
            tables[stream] = pa.Table.from_pylist(changed, SCHEMAS[stream])
        landing.commit(tables, cursors)
    return {stream: table.num_rows for stream, table in tables.items()}


def _changed(
    stream: str, rows: Iterable[Mapping[str, Any]], now: datetime, last: Row
) -> tuple[list[Row], Row]:
    today = now.date()
    known = last["rows"] if last.get("day") == today.isoformat() else {}
    seen, changed = {}, []
    for row in rows:
        full = {**row, "snapshot_on": today, "observed_at": now}
        key = "/".join(str(row[name]) for name in KEYS[stream])
        seen[key] = _fingerprint(row)
        if known.get(key) != seen[key]:
            changed.append(full)
    return changed, {"day": today.isoformat(), "rows": seen}


def _fingerprint(row: Mapping[str, Any]) -> str:
    facts = {name: value for name, value in row.items() if name not in ("snapshot_on", "observed_at")}
    content = orjson.dumps(facts, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=8).hexdigest()
