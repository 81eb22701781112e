"""Two streams that always grow together, so that half a commit would show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from ingest import ledger
from ingest.landing import LandingZone
from tenants.clock import FixedClock

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NUMBERS = pa.schema([("number", pa.int64()), ("name", pa.string()), ("observed_at", ledger.TIME)])
SCHEMAS = {"left": NUMBERS, "right": NUMBERS, **ledger.SCHEMAS}


def open_zone(root: Path) -> LandingZone:
    return LandingZone(root / "landing", SCHEMAS, FixedClock(NOW)).load()


def rows(*numbers: int, at: datetime = NOW) -> pa.Table:
    found = [{"number": number, "name": f"n{number}", "observed_at": at} for number in numbers]
    return pa.Table.from_pylist(found, NUMBERS)


def commit(zone: LandingZone, number: int) -> None:
    zone.commit({"left": rows(number), "right": rows(number)}, {"source": number})


def numbers(zone: LandingZone, stream: str) -> list[int]:
    return sorted(zone.read(stream, ["number"])["number"].to_pylist())
