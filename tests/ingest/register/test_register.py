from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ingest.landing import LandingZone
from ingest.run import pull_register
from ingest.streams import schemas
from tenants.clock import FixedClock

if TYPE_CHECKING:
    from pathlib import Path

MORNING = datetime(2026, 5, 4, 6, tzinfo=UTC)
PLANS = [{"catalogue": "loki", "plan": "starter", "currency": "gbp", "month_price": Decimal(99)}]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)


@pytest.fixture
def landing(tmp_path: Path, clock: FixedClock) -> LandingZone:
    return LandingZone(tmp_path / "landing", schemas(), clock)


def tenant(name: str, **fields: Any) -> dict[str, Any]:
    return {"tenant_id": name, "plan": "starter", "user_limit": 3, "modules": ["fca_uk"], **fields}


def snapshots(landing: LandingZone) -> list[tuple[Any, ...]]:
    rows = landing.read("tenant_register", ["tenant_id", "snapshot_on", "plan"]).to_pylist()
    return sorted(tuple(map(str, row.values())) for row in rows)


def test_each_tenant_is_taken_once_a_day(landing: LandingZone, clock: FixedClock) -> None:
    pull_register([tenant("a"), tenant("b")], PLANS, landing)
    assert pull_register([tenant("a"), tenant("b")], PLANS, landing).is_empty
    clock.set(MORNING + timedelta(days=1))
    pull_register([tenant("a"), tenant("b")], PLANS, landing)

    assert snapshots(landing) == [
        (name, day, "starter") for name in ("a", "b") for day in ("2026-05-04", "2026-05-05")
    ]


def test_a_change_on_the_same_day_is_taken_again(landing: LandingZone, clock: FixedClock) -> None:
    pull_register([tenant("a"), tenant("b")], PLANS, landing)
    clock.set(MORNING + timedelta(hours=5))

    report = pull_register([tenant("a", plan="professional"), tenant("b")], PLANS, landing)

    assert report.new_rows == {"tenant_register": 1, "plan_catalogue": 0}
    assert ("a", "2026-05-04", "professional") in snapshots(landing)
