from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ingest.landing import upkeep
from tests.ingest.landing.factories import commit, numbers, open_zone, rows

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.landing import LandingZone


@pytest.fixture
def zone(tmp_path: Path) -> LandingZone:
    found = open_zone(tmp_path)
    with found.writer():
        for number in range(1, upkeep.FEWEST + 1):
            commit(found, number)
    return found


def test_many_small_files_become_one_with_the_same_rows(zone: LandingZone) -> None:
    before = zone.read("left")

    assert upkeep.compact(zone) == 2 * upkeep.FEWEST
    assert len(zone.entries("left")) == 1
    assert zone.read("left").equals(before.combine_chunks()) or zone.read("left") == before
    assert len([p for p in zone.root.glob("left/*/*.parquet") if p.parent.name != "schema"]) == 1


def test_few_files_are_left_alone(zone: LandingZone) -> None:
    upkeep.compact(zone)
    commit(zone, 99)

    assert upkeep.compact(zone) == 0


def test_a_compacted_file_that_is_lost_takes_the_cursor_back_to_before_its_first_commit(
    zone: LandingZone, tmp_path: Path
) -> None:
    upkeep.compact(zone)
    (zone.root / zone.entries("left")[0].path).unlink()

    reopened = open_zone(tmp_path)
    with reopened.writer():
        assert reopened.cursor("source") is None


def test_damage_is_never_copied_into_a_sound_file(zone: LandingZone) -> None:
    path = zone.root / zone.entries("left")[3].path
    path.write_bytes(path.read_bytes()[::-1])

    upkeep.compact(zone)

    assert numbers(zone, "left") == [n for n in range(1, upkeep.FEWEST + 1) if n != 4]
    assert len(zone.findings) == 1


def test_erased_rows_are_gone_from_every_file_and_the_others_stay(zone: LandingZone) -> None:
    zone.commit({"left": rows(500, 501)})

    def is_erased(stream: str, table: pa.Table) -> pa.Array | None:
        return pc.is_in(table["name"], pa.array(["n3", "n500"])) if stream in ("left", "right") else None

    assert upkeep.erase(zone, is_erased) == 3
    everything = [n for n in range(1, upkeep.FEWEST + 1) if n != 3]
    assert (numbers(zone, "left"), numbers(zone, "right")) == ([*everything, 501], everything)
    files = [p for p in zone.root.rglob("*.parquet") if p.parent.name != "schema"]
    assert not any("n500" in read_names(path) for path in files)
    assert any("n501" in read_names(path) for path in files)  # the search does find what is there


def read_names(path: Path) -> list[str]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only here

    names: list[str] = pq.read_table(path)["name"].to_pylist()
    return names
