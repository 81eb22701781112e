from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ingest.run import pull_tenant_stores
from ingest.streams import open_landing
from ingest.tenant_stores import read
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.stores.records import GateOutcome, Period, QuotaCharge, ValidationCommit, ValidationRun
from tests.ingest.factories import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.landing import LandingZone

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
MAY = Period(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    return PlatformSettings(_env_file=None, home=tmp_path, secret_key="s" * 40)


@pytest.fixture
def stores(settings: PlatformSettings) -> Iterator[TenantStores]:
    found = TenantStores(settings, FixedClock(NOW))
    yield found
    found.close()


@pytest.fixture
def landing(settings: PlatformSettings) -> LandingZone:
    return open_landing(settings, FixedClock(NOW))


def validate(stores: TenantStores, tenant_id: str, run_id: str) -> None:
    run = ValidationRun(
        run_id=run_id,
        document_type="privacy_notice",
        detected_type="privacy_notice",
        type_score=0.75,
        modules=["gdpr_uk"],
        status="FAIL",
        created_at=NOW,
        ruleset_version="1",
        ruleset_hash="abc",
        engine_version="0.1.0",
        custom_gates_revision="3",
        as_of=date(2026, 5, 4),
        document_sha256="0" * 64,
        characters=100,
        duration_ms=1.5,
    )
    outcomes = [GateOutcome("gdpr_uk", f"g{n}", f"Gate {n}", "high", "FAIL", findings=n) for n in range(3)]
    charge = QuotaCharge(meter="api_calls", units=Decimal(1), limit=None, period=MAY)
    stores.open(tenant_id).commit_validation(
        ValidationCommit(run=run, outcomes=outcomes, result=b"{}", charge=charge)
    )


def test_a_validation_lands_as_usage_run_and_outcomes(stores: TenantStores, landing: LandingZone) -> None:
    stores.create("ten_a")
    validate(stores, "ten_a", "run_1")

    report = pull_tenant_stores(stores, landing, keys())

    assert report.new_rows == {"usage_records": 1, "validation_runs": 1, "gate_outcomes": 3}
    run = landing.read("validation_runs").to_pylist()[0]
    assert (run["run_id"], run["tenant_id"], run["modules"], run["as_of"], run["custom_gates_revision"]) == (
        "run_1",
        "ten_a",
        ["gdpr_uk"],
        date(2026, 5, 4),
        "3",
    )
    usage = landing.read("usage_records").to_pylist()[0]
    assert (usage["meter"], usage["units"], usage["tenant_id"]) == ("api_calls", Decimal(1), "ten_a")
    assert [row["findings"] for row in landing.read("gate_outcomes").to_pylist()] == [0, 1, 2]


def test_only_what_came_since_is_read(
    stores: TenantStores, landing: LandingZone, settings: PlatformSettings
) -> None:
    for tenant_id in ("ten_a", "ten_b"):
        stores.create(tenant_id)
        validate(stores, tenant_id, f"run_{tenant_id}")
    pull_tenant_stores(stores, landing, keys())
    assert pull_tenant_stores(stores, landing, keys()).is_empty

    validate(stores, "ten_b", "run_2")
    report = pull_tenant_stores(stores, open_landing(settings, FixedClock(NOW)), keys())

    assert report.new_rows == {"usage_records": 1, "validation_runs": 1, "gate_outcomes": 3}


def test_large_stores_are_committed_in_parts(
    stores: TenantStores, landing: LandingZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(read, "ROWS_PER_COMMIT", 3)
    stores.create("ten_a")
    for number in range(7):
        validate(stores, "ten_a", f"run_{number}")

    pull_tenant_stores(stores, landing, keys())

    runs = landing.read("validation_runs", ["run_id"])["run_id"].to_pylist()
    assert sorted(runs) == [f"run_{number}" for number in range(7)]
    assert landing.read("gate_outcomes").num_rows == 21


def test_a_lost_file_is_read_again_from_the_store(
    stores: TenantStores, landing: LandingZone, settings: PlatformSettings
) -> None:
    stores.create("ten_a")
    validate(stores, "ten_a", "run_1")
    pull_tenant_stores(stores, landing, keys())
    (landing.root / landing.entries("validation_runs")[0].path).unlink()

    report = pull_tenant_stores(stores, open_landing(settings, FixedClock(NOW)), keys())

    assert report.new_rows == {"validation_runs": 1}
    assert "is set aside" in report.gaps[0]


def test_a_damaged_store_is_a_gap_and_is_read_on_once_it_is_mended(
    stores: TenantStores, landing: LandingZone, settings: PlatformSettings
) -> None:
    for tenant_id in ("ten_a", "ten_b"):
        stores.create(tenant_id)
        validate(stores, tenant_id, f"run_{tenant_id}")
    stores.close()
    file = settings.state() / "tenants" / "ten_a" / "store.sqlite"
    whole = file.read_bytes()
    file.write_bytes(b"x" * len(whole))

    report = pull_tenant_stores(stores, landing, keys())

    assert landing.read("validation_runs", ["run_id"])["run_id"].to_pylist() == ["run_ten_b"]
    assert "ten_a could not be read" in report.gaps[0]
    assert {row["status"] for row in landing.read("sync_ledger").to_pylist()} == {"gap"}

    file.write_bytes(whole)

    assert pull_tenant_stores(stores, landing, keys()).new_rows["validation_runs"] == 1
