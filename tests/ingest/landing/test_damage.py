from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest import run
from tests.ingest.landing.factories import commit, numbers, open_zone, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [cut, garble, remove])
def test_a_damaged_file_is_set_aside_reported_and_fetched_again(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    zone = open_zone(tmp_path)
    for number in (1, 2, 3):
        commit(zone, number)
    harm(tmp_path / "landing" / zone.entries("left")[1].path)

    reopened = open_zone(tmp_path)
    with reopened.writer():
        assert numbers(reopened, "left") == [1, 3]
        assert reopened.cursor("source") == 1  # as before the lost commit: the next pull fetches 2 again

    assert zone.entries("left")[1].path in reopened.findings[0]
    assert reopened.read("quarantine", ["reason"])["reason"].to_pylist() == ["damaged file"]
    assert reopened.read("sync_ledger", ["status"])["status"].to_pylist() == ["gap"]


def test_damage_is_reported_once_and_does_not_stop_later_runs(tmp_path: Path) -> None:
    zone = open_zone(tmp_path)
    commit(zone, 1)
    cut(tmp_path / "landing" / zone.entries("left")[0].path)

    for _ in range(2):
        commit(open_zone(tmp_path), 2)

    assert open_zone(tmp_path).read("quarantine", ["reason"]).num_rows == 1


def test_bytes_that_changed_without_a_trace_are_found_by_the_deep_check(tmp_path: Path) -> None:
    import os  # noqa: PLC0415 - only here

    zone = open_zone(tmp_path)
    commit(zone, 1)
    path = tmp_path / "landing" / zone.entries("left")[0].path
    before = path.stat()
    garble(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert str(path) in run.mend(open_zone(tmp_path))[0]


def test_a_sound_landing_zone_has_no_findings(tmp_path: Path) -> None:
    commit(open_zone(tmp_path), 1)

    assert run.mend(open_zone(tmp_path)) == []


def test_a_file_that_nobody_committed_is_moved_out_of_the_way(tmp_path: Path) -> None:
    zone = open_zone(tmp_path)
    commit(zone, 1)
    source = tmp_path / "landing" / zone.entries("left")[0].path
    source.with_name("copy.parquet").write_bytes(source.read_bytes())

    with open_zone(tmp_path).writer():
        pass

    assert not source.with_name("copy.parquet").exists()
    assert (tmp_path / "landing/_quarantine/left/2026-05-04/copy.parquet").exists()


def test_a_stream_that_got_a_column_can_be_read_with_its_older_files(tmp_path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only here

    commit(open_zone(tmp_path), 1)
    zone = open_zone(tmp_path)
    zone.schemas["left"] = zone.schemas["left"].append(pa.field("colour", pa.string()))
    coloured = rows(2).append_column("colour", pa.array(["red"]))
    zone.commit({"left": coloured})

    assert zone.read("left", ["number", "colour"]).to_pylist() == [
        {"number": 1, "colour": None},
        {"number": 2, "colour": "red"},
    ]
