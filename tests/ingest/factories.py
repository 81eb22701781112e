"""Usage, tenants' keys and stores without a control plane, and a landing zone of an earlier version."""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest import ledger, record_ids
from ingest.landing import LandingZone
from ingest.tenant_stores.schema import SCHEMAS
from tenants.clock import FixedClock
from tenants.protection.record_keys import RecordKeys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def keys(*erased: str) -> RecordKeys:
    """Return keys that are the same at every call; those of erased tenants are destroyed."""
    return RecordKeys(
        lambda tenants: {each: None if each in erased else sha256(each.encode()).digest() for each in tenants}
    )


class AsSent(RecordKeys):
    """Lands ids as they were sent, as an earlier version did."""

    def __init__(self) -> None:
        super().__init__(lambda tenants: dict.fromkeys(tenants, b"key"))

    def hashed(self, tenant_id: str, source: str, record_id: str) -> str:  # noqa: ARG002 - its shape
        return record_id


class Stores:
    """Stores of tenants that hold usage alone."""

    def __init__(self) -> None:
        self.usage: dict[str, list[dict[str, Any]]] = {}

    def tenant_ids(self) -> list[str]:
        return sorted(self.usage)

    def open(self, tenant_id: str) -> Store:
        return Store(self.usage[tenant_id])

    def add(self, row: dict[str, Any]) -> None:
        rows = self.usage.setdefault(row["tenant_id"], [])
        rows.append({**row, "seq": len(rows) + 1})


class Store:
    def __init__(self, usage: list[dict[str, Any]]) -> None:
        self._usage = usage

    def rows_after(self, table: str, after: int, limit: int) -> list[dict[str, Any]]:
        return [row for row in self._usage if row["seq"] > after][:limit] if table == "usage_records" else []


def row(number: int, **fields: Any) -> dict[str, Any]:
    """Return a usage record as a tenant's store holds it."""
    return {
        "tenant_id": "ten_1",
        "source": "api",
        "record_id": f"sent-{number}",
        "meter": "conversations",
        "module": None,
        "endpoint": "/v1/chats",
        "status_code": 200,
        "succeeded": True,
        "units": Decimal(1),
        "occurred_at": NOW - timedelta(days=3),
        **fields,
    }


def logged(row: dict[str, Any]) -> str:
    """Return a usage record as a line of a log file."""
    return json.dumps(row, default=str) + "\n"


def open_zone(root: Path, tenant_keys: RecordKeys | None = None, now: datetime = NOW) -> LandingZone:
    """Return a landing zone of usage, upgraded by its first writer where keys are given."""

    def upgrade(zone: LandingZone) -> None:
        if tenant_keys is not None:
            record_ids.upgrade(zone, partial(nullcontext, tenant_keys))

    schemas = SCHEMAS | ledger.SCHEMAS
    return LandingZone(root / "landing", schemas, FixedClock(now), upgrade).load()


def age(zone: LandingZone) -> None:
    """Let the manifests look as an earlier version wrote them, which hashed no ids."""
    for path in (zone.root / "_manifests").glob("*.json"):
        manifest = json.loads(path.read_bytes())
        for entry in manifest.get("added", ()):
            entry.pop("hashed_ids", None)
        path.write_text(json.dumps(manifest))


def identities(zone: LandingZone) -> list[tuple[str, str, str]]:
    """Return tenant, source and id of every usage record that has landed, in order."""
    rows = zone.read("usage_records", record_ids.IDENTITY).to_pylist()
    return sorted(tuple(each.values()) for each in rows)


def texts(root: Path) -> Iterator[str]:
    """Yield every file's content, rows of Parquet files as text."""
    for path in sorted(each for each in root.rglob("*") if each.is_file()):
        yield path.read_bytes().decode(errors="replace")
        if path.suffix == ".parquet":
            with suppress(pa.ArrowException):
                yield str(pq.read_table(path).to_pylist())
