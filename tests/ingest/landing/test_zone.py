from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import LandingBusy, LandingDamaged
from ingest.landing.manifest import COMMITS_BETWEEN_CHECKPOINTS
from tests.ingest.landing.factories import NOW, commit, numbers, open_zone, rows

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.tmpdir import TempPathFactory

HOLD = """
import sys, pathlib
from tests.ingest.landing.factories import open_zone
with open_zone(pathlib.Path(sys.argv[1])).writer():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_rows_and_cursor_are_there_for_the_next_process(tmp_path: Path) -> None:
    open_zone(tmp_path).commit({"left": rows(1), "right": rows(2)}, {"source": {"after": "x"}})

    zone = open_zone(tmp_path)
    assert (numbers(zone, "left"), numbers(zone, "right")) == ([1], [2])
    assert zone.cursor("source") == {"after": "x"}


def test_every_stream_can_be_read_before_data_came(tmp_path: Path) -> None:
    with open_zone(tmp_path).writer():
        pass

    for path in tmp_path.glob("landing/*/*/*.parquet"):
        assert pq.read_table(path).num_rows == 0
    assert len(list(tmp_path.glob("landing/*/*/*.parquet"))) == 4


def test_rows_lie_under_the_day_of_their_observation(tmp_path: Path) -> None:
    zone = open_zone(tmp_path)
    zone.commit({"left": rows(1)})
    zone.commit({"left": rows(2, at=NOW + timedelta(days=1))})

    days = {path.parent.name for path in tmp_path.glob("landing/left/*/*.parquet")}
    assert days == {"schema", "2026-05-04", "2026-05-05"}


def test_a_commit_with_nothing_new_writes_nothing(tmp_path: Path) -> None:
    zone = open_zone(tmp_path)
    commit(zone, 1)
    before = zone.manifests.sequence

    assert zone.commit({"left": rows()}, {"source": 1}) == 0
    assert zone.manifests.sequence == before


def test_a_second_writer_is_told_which_process_is_writing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:  # noqa: S603 - our own script
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LandingBusy, match=f"pid {holder.pid}"):
            commit(open_zone(tmp_path), 1)
        holder.communicate("\n")
    commit(open_zone(tmp_path), 1)


def test_many_commits_are_restated_by_a_checkpoint_and_nothing_is_forgotten(tmp_path: Path) -> None:
    zone = open_zone(tmp_path)
    count = COMMITS_BETWEEN_CHECKPOINTS + 5
    with zone.writer():
        for number in range(count):
            zone.commit({}, {"source": number, f"tenant/{number}": number})

    reopened = open_zone(tmp_path)
    assert (reopened.cursor("source"), reopened.cursor("tenant/7")) == (count - 1, 7)
    assert len(list(tmp_path.glob("landing/_manifests/*.json"))) < 10


def test_a_reader_that_stays_open_sees_later_commits_and_checkpoints(tmp_path: Path) -> None:
    zone, reader = open_zone(tmp_path), open_zone(tmp_path)
    with zone.writer():
        commit(zone, 1)
        reader.load()
        for number in range(COMMITS_BETWEEN_CHECKPOINTS + 2):
            zone.commit({}, {"source": number})
        commit(zone, 2)

    assert numbers(reader.load(), "left") == [1, 2]


def test_a_manifest_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path) -> None:
    commit(open_zone(tmp_path), 1)
    path = next(tmp_path.glob("landing/_manifests/*.json"))
    path.write_text("{")

    with pytest.raises(LandingDamaged, match=rf"{path}.*backup"):
        open_zone(tmp_path)


def test_data_without_any_manifest_is_refused_not_forgotten(tmp_path: Path) -> None:
    commit(open_zone(tmp_path), 1)
    for path in tmp_path.glob("landing/_manifests/*.json"):
        path.unlink()

    with pytest.raises(LandingDamaged, match="no manifests"):
        commit(open_zone(tmp_path), 2)
    assert list(tmp_path.glob("landing/left/2026*/*.parquet"))


@settings(max_examples=15)
@given(batches=st.lists(st.lists(st.integers(0, 99), max_size=4), max_size=8))
def test_whatever_was_committed_is_read_back(
    batches: list[list[int]], tmp_path_factory: TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("zone")
    for batch in batches:
        open_zone(root).commit({"left": rows(*batch)}, {"source": batch})

    assert numbers(open_zone(root), "left") == sorted(itertools.chain(*batches))
    assert open_zone(root).cursor("source") == (batches[-1] if batches else None)
