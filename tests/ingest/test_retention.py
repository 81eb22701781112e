"""Details that have landed go after their tenant's days, and nothing that is counted changes."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ingest import ledger
from ingest.landing import upkeep
from ingest.retention import Blanked, Bounds, blank_details
from ingest.tenant_stores.read import pull as pull_stores
from ingest.usage_logs.read import pull as pull_logs
from tests.ingest.factories import NOW, Stores, keys, logged, open_zone, row, texts
from tests.ingest.landing.dying import dies_at

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.landing import LandingZone

DAYS = {"ten_1": 30, "ten_2": 90}
BOUNDS = Bounds({each: NOW - timedelta(days=days) for each, days in DAYS.items()}, NOW - timedelta(days=90))
COUNTED = ["tenant_id", "record_id", "meter", "module", "endpoint", "succeeded", "units", "occurred_at"]


def aged(number: int, days: int, tenant_id: str = "ten_1") -> dict[str, Any]:
    return row(number, tenant_id=tenant_id, occurred_at=NOW - timedelta(days=days), status_code=200 + number)


def land(root: Path, *rows: dict[str, Any]) -> LandingZone:
    zone, stores = open_zone(root), Stores()
    for each in rows:
        stores.add(each)
    pull_stores(stores, zone, keys())
    return zone


def statuses(zone: LandingZone) -> list[int]:
    return sorted(each for each in zone.read("usage_records")["status_code"].to_pylist() if each)


def counted(zone: LandingZone) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = zone.read("usage_records", COUNTED).sort_by("record_id").to_pylist()
    return rows


def facts(zone: LandingZone) -> list[dict[str, Any]]:
    names = ["source", "object_id", "reason", "detail", "observed_at"]
    rows: list[dict[str, Any]] = zone.read("quarantine", names).sort_by("detail").to_pylist()
    return rows


def test_the_status_of_calls_goes_after_each_tenants_own_days(tmp_path: Path) -> None:
    zone = land(
        tmp_path,
        aged(1, 31),
        aged(2, 29),
        aged(3, 91, "ten_2"),
        aged(4, 89, "ten_2"),
        aged(5, 91, "ten_x"),
        aged(6, 89, "ten_x"),
    )
    before = counted(zone)
    blanked = blank_details(zone, BOUNDS)
    assert dict(blanked.usage) == {"ten_1": 1, "ten_2": 1, None: 1}
    assert statuses(zone) == [202, 204, 206]
    assert counted(zone) == before
    assert zone.read("usage_records").schema == zone.schemas["usage_records"]


def test_done_again_nothing_is_touched(tmp_path: Path) -> None:
    zone = land(tmp_path, aged(1, 31), aged(2, 1))
    blank_details(zone, BOUNDS)
    before = zone.manifests.sequence
    assert blank_details(zone, BOUNDS) == Blanked()
    assert zone.manifests.sequence == before


def test_what_lands_late_loses_its_details_the_next_night(tmp_path: Path) -> None:
    zone = land(tmp_path, aged(1, 31))
    blank_details(zone, BOUNDS)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.ndjson").write_text(logged(aged(1, 31)) + logged(aged(2, 300)))
    assert pull_logs(tmp_path / "logs", zone, keys())["usage_records"] == 1
    assert statuses(zone) == [202]
    assert blank_details(zone, BOUNDS).usage.total() == 1


def test_a_blanked_file_that_is_lost_sends_its_cursor_back(tmp_path: Path) -> None:
    zone, stores = open_zone(tmp_path), Stores()
    stores.add(aged(1, 31))
    pull_stores(stores, zone, keys())
    blank_details(zone, BOUNDS)
    (zone.root / zone.entries("usage_records")[0].path).unlink()
    again = open_zone(tmp_path)
    assert pull_stores(stores, again, keys()) == {"usage_records": 1}
    assert statuses(again) == [201]


def test_files_lost_together_send_the_cursor_back_to_the_first_also_after_it_was_rewritten(
    tmp_path: Path,
) -> None:
    zone, stores = open_zone(tmp_path), Stores()
    for some in ((aged(1, 40), aged(2, 33)), (aged(3, 1),)):
        for each in some:
            stores.add(each)
        pull_stores(stores, zone, keys())
    first, second = (entry.path for entry in zone.entries("usage_records"))
    for days in (35, 31):
        night = Bounds({"ten_1": NOW - timedelta(days=days)}, NOW - timedelta(days=90))
        assert blank_details(zone, night).usage.total() == 1
    rewritten, kept = (entry.path for entry in zone.entries("usage_records"))
    assert (kept, len(rewritten)) == (second, len(first) + len("-000000000009-0"))
    for path in (rewritten, kept):
        (zone.root / path).unlink()
    assert pull_stores(stores, open_zone(tmp_path), keys()) == {"usage_records": 3}


def test_rejected_rows_lose_what_was_received_but_not_that_they_came(tmp_path: Path) -> None:
    bad = [
        logged({"tenant_id": "ten_1", "record_id": "sent-1"}),
        logged({"tenant_id": "ten_2", "record_id": "sent-2"}),
        logged({"subject": "ten_2", "also": "ten_1", "record_id": "sent-3"}),
        '{"broken sent-4\n',
    ]
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.ndjson").write_text("".join(bad))
    zone = open_zone(tmp_path)
    pull_logs(tmp_path / "logs", zone, keys())
    stripes = ledger.Rejected("stripe", "sub_1", "does not fit", "facts", "{}", "subscription")
    zone.commit({"quarantine": ledger.quarantine([stripes], NOW)})
    before = facts(zone)
    later = open_zone(tmp_path, now=NOW + timedelta(days=60))
    bounds = Bounds({each: at + timedelta(days=60) for each, at in BOUNDS.of_tenant.items()}, NOW)
    assert dict(blank_details(later, bounds).rejected) == {"ten_1": 2}
    kept = dict(
        zip(*(later.read("quarantine")[name].to_pylist() for name in ("detail", "body")), strict=True)
    )
    assert [line.split(":")[0] for line, body in kept.items() if body is None] == ["line 1", "line 3"]
    assert kept["facts"] == "{}"
    assert not any("sent-3" in each for each in texts(zone.root))
    much_later = Bounds(dict.fromkeys(DAYS, NOW + timedelta(days=1)), NOW + timedelta(days=1))
    assert dict(blank_details(later, much_later).rejected) == {"ten_2": 1, None: 1}
    assert facts(later) == before
    assert not any("sent-" in each for each in texts(zone.root))


def test_a_rejected_row_that_was_named_by_its_own_id_is_named_by_its_line_then(tmp_path: Path) -> None:
    zone = open_zone(tmp_path)
    old = ledger.Rejected("a.csv", "sent-1", "does not fit", "line 7: x\ny", "sent-1", "usage_records")
    zone.commit({"quarantine": ledger.quarantine([old], NOW - timedelta(days=91))})
    assert blank_details(zone, BOUNDS).rejected.total() == 1
    assert [each["object_id"] for each in facts(zone)] == ["a.csv:7"]
    assert not any("sent-" in each for each in texts(zone.root))


def test_no_id_of_a_rejected_row_stands_where_reports_read_it(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.ndjson").write_text(logged(row(1, units=-1)))
    zone = open_zone(tmp_path)
    pull_logs(tmp_path / "logs", zone, keys())
    (rejected,) = zone.read("quarantine").to_pylist()
    assert rejected["object_id"] == "a.ndjson:1"
    assert "sent-1" in rejected.pop("body")
    assert "sent-1" not in str(rejected)


def test_damage_is_set_aside_not_copied_and_old_damage_deleted(tmp_path: Path) -> None:
    zone = land(tmp_path, aged(1, 31))
    path = zone.root / zone.entries("usage_records")[0].path
    about = path.stat()
    path.write_bytes(path.read_bytes()[:-9] + b"X" * 9)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert blank_details(zone, BOUNDS) == Blanked()
    assert "is set aside" in zone.take_findings()[0]
    assert zone.cursor("usage_records/ten_1") is None
    (aside,) = (zone.root / "_quarantine").rglob("*.parquet")
    os.utime(aside, (0, 0))
    assert blank_details(zone, BOUNDS).damaged_files == 1
    assert not aside.exists()


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.long), 6])
def test_killed_at_any_step_it_changes_no_count_and_ends_the_next_night(tmp_path: Path, stride: int) -> None:
    before = tmp_path / "before"
    zone = land(before, aged(1, 31), aged(2, 1))
    (before / "logs").mkdir()
    (before / "logs" / "a.ndjson").write_text(logged(aged(3, 40)) + logged({"tenant_id": "ten_1"}))
    pull_logs(before / "logs", zone, keys())
    wanted = counted(zone)
    bounds = Bounds({"ten_1": NOW - timedelta(days=30)}, NOW + timedelta(days=1))
    for step in range(0, 200, stride):
        place = shutil.copytree(before, tmp_path / str(step))
        is_dead = dies_at(step, partial(_blank, place, bounds))
        again = open_zone(place)
        with again.writer():
            assert counted(again) == wanted
        _blank(place, bounds)
        assert (statuses(again.load()), counted(again)) == ([202], wanted)
        if not is_dead:
            assert step > 10
            return
    raise AssertionError


def _blank(root: Path, bounds: Bounds) -> None:
    blank_details(open_zone(root), bounds)


def test_merging_files_brings_no_status_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FEWEST", 2)
    zone = land(tmp_path, aged(1, 31))
    blank_details(zone, BOUNDS)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.ndjson").write_text(logged(aged(2, 1)))
    pull_logs(tmp_path / "logs", zone, keys())
    assert upkeep.compact(zone) >= 2
    assert statuses(zone) == [202]
