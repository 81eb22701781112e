from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.erasure import Forgotten
from ingest.erasure.forgotten import subject_hash
from ingest.errors import SourceUnreadable
from ingest.landing import LandingZone
from ingest.streams import schemas
from ingest.usage_logs.read import pull
from tenants.clock import FixedClock
from tests.ingest.factories import keys

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEYS = keys()


@pytest.fixture
def landing(tmp_path: Path) -> LandingZone:
    return LandingZone(tmp_path / "landing", schemas(), FixedClock(NOW))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def use(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "tenant_id": "ten_1",
        "source": "gateway",
        "record_id": f"r{number}",
        "meter": "conversations",
        "units": 1,
        "occurred_at": "2026-05-03T10:00:00Z",
        **fields,
    }


def write(path: Path, rows: list[Any]) -> None:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))


def landed(landing: LandingZone, *columns: str) -> list[Any]:
    rows = landing.read("usage_records", columns).to_pylist()
    return [row[columns[0]] if len(columns) == 1 else tuple(row[c] for c in columns) for row in rows]


def reasons(landing: LandingZone) -> list[str]:
    return [row["detail"] for row in landing.read("quarantine", ["detail"]).to_pylist()]


def test_ndjson_csv_parquet_and_cloud_events_land_alike(folder: Path, landing: LandingZone) -> None:
    write(folder / "a.ndjson", [use(1, units=0.1)])
    (folder / "b.csv").write_text(
        "tenant_id,source,record_id,meter,units,occurred_at,module\n"
        "ten_1,gateway,r2,conversations,0.1,2026-05-03T11:00:00+01:00,\n"
    )
    moment = pa.array([datetime(2026, 5, 3, 10, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    columns = {name: pa.array([value]) for name, value in use(3, units=0.1).items()}
    pq.write_table(pa.table(columns | {"occurred_at": moment}), folder / "c.parquet")
    cloud = {
        "specversion": "1.0",
        "id": "r4",
        "source": "gateway",
        "type": "loki.usage.conversations",
        "subject": "ten_1",
        "time": "2026-05-03T10:00:00Z",
        "data": {"units": "0.1"},
    }
    (folder / "d.json").write_text(json.dumps([cloud]))

    assert pull(folder, landing, KEYS)["usage_records"] == 4
    assert sorted(landed(landing, "record_id", "meter", "units", "occurred_at", "tenant_id")) == sorted(
        (
            KEYS.hashed("ten_1", "gateway", f"r{n}"),
            "conversations",
            Decimal("0.100000"),
            datetime(2026, 5, 3, 10, tzinfo=UTC),
            "ten_1",
        )
        for n in (1, 2, 3, 4)
    )


def test_a_row_lands_once_for_ever_whichever_file_repeats_it(folder: Path, landing: LandingZone) -> None:
    write(folder / "monday.ndjson", [use(1), use(2), use(2)])
    pull(folder, landing, KEYS)
    write(folder / "tuesday.ndjson", [use(2), use(3)])

    assert pull(folder, landing, KEYS)["usage_records"] == 1
    wanted = {KEYS.hashed("ten_1", "gateway", each) for each in ("r1", "r2", "r3")}
    assert set(landed(landing, "record_id")) == wanted
    assert len(landed(landing, "record_id")) == 3


def test_a_file_that_grew_brings_only_its_new_rows(folder: Path, landing: LandingZone) -> None:
    write(folder / "log.ndjson", [use(1)])
    pull(folder, landing, KEYS)
    write(folder / "log.ndjson", [use(1), use(2)])
    os.utime(folder / "log.ndjson", ns=(1, 1))

    assert pull(folder, landing, KEYS)["usage_records"] == 1


def test_the_same_id_of_another_tenant_or_source_is_another_row(folder: Path, landing: LandingZone) -> None:
    write(folder / "a.ndjson", [use(1), use(1, tenant_id="ten_2"), use(1, source="mobile")])

    assert pull(folder, landing, KEYS)["usage_records"] == 3


def test_a_copied_file_is_not_read_again(folder: Path, landing: LandingZone) -> None:
    write(folder / "a.ndjson", [use(1), "nonsense"])
    pull(folder, landing, KEYS)
    (folder / "copy.ndjson").write_bytes((folder / "a.ndjson").read_bytes())

    assert pull(folder, landing, KEYS).get("quarantine", 0) == 0
    assert pull(folder, landing, KEYS) == {}
    assert len(reasons(landing)) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{broken", "line 2: "),
        ("[1, 2]", "line 2: no object"),
        (use(9, tenant_id=""), "line 2: without tenant_id"),
        (use(9, tenant_id="ten\0"), "line 2: tenant_id holds a NUL character"),
        (use(9, occurred_at="2026-05-03T10:00:00"), "names no offset from UTC"),
        (use(9, occurred_at="2027-05-03T10:00:00Z"), "is in the future"),
        (use(9, units="0.1234567"), "more than 6 decimal places"),
        (use(9, units=-1), "units"),
        (use(9, units="NaN"), "units"),
        (use(9, units=10**15), "units"),
        (use(9, status_code=99), "status_code"),
    ],
)
def test_a_bad_row_goes_to_quarantine_with_its_line_and_the_good_ones_land(
    folder: Path, landing: LandingZone, row: Any, reason: str
) -> None:
    write(folder / "a.ndjson", [use(1), row, use(2)])

    assert pull(folder, landing, KEYS) == {"usage_records": 2, "quarantine": 1}
    assert reason in reasons(landing)[0]


def test_a_file_that_is_no_parquet_is_one_row_of_quarantine(folder: Path, landing: LandingZone) -> None:
    (folder / "a.parquet").write_bytes(b"not parquet at all")

    assert pull(folder, landing, KEYS) == {"usage_records": 0, "quarantine": 1}
    assert "unreadable from here on" in reasons(landing)[0]


def test_a_row_with_more_fields_than_the_header_is_refused_alone(folder: Path, landing: LandingZone) -> None:
    head = "tenant_id,record_id,meter,occurred_at\n"
    good, long = "t,r1,m,2026-05-03T10:00:00Z\n", "t,r2,m,2026-05-03T10:00:00Z,,extra\n"
    (folder / "a.csv").write_text(head + long + good)

    assert pull(folder, landing, KEYS) == {"usage_records": 1, "quarantine": 1}


def test_a_missing_folder_names_the_setting(tmp_path: Path, landing: LandingZone) -> None:
    with pytest.raises(SourceUnreadable, match="LOKI_USAGE_LOGS"):
        pull(tmp_path / "nowhere", landing, KEYS)


def test_rows_of_a_tenant_that_is_forgotten_do_not_land_when_its_file_grew(
    folder: Path, landing: LandingZone
) -> None:
    forgotten = Forgotten(b"secret", {subject_hash(b"secret", "ten_gone"): "erased_1"})
    write(folder / "use.ndjson", [use(1, tenant_id="ten_gone"), use(2), {"tenant_id": "ten_gone", "x": 1}])
    assert pull(folder, landing, KEYS, forgotten) == {"usage_records": 1, "quarantine": 0}
    assert landed(landing, "tenant_id") == ["ten_1"]
    assert reasons(landing) == []
