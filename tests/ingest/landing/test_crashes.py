"""A writer may die at any moment: what it was told is committed stays, whole and once."""

from __future__ import annotations

import errno
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from ingest.errors import DiskFull
from ingest.landing import upkeep
from tests.ingest.landing.dying import dies_at
from tests.ingest.landing.factories import commit, numbers, open_zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.landing import LandingZone

COMMIT_FOR_EVER = """
import sys, pathlib
from ingest.landing import upkeep
from tests.ingest.landing.factories import commit, open_zone
zone = open_zone(pathlib.Path(sys.argv[1]))
upkeep.FEWEST = 7
number = zone.cursor("source") or 0
while True:
    number += 1
    commit(zone, number)
    print("committed", number, flush=True)
    if number % 5 == 0:
        upkeep.compact(zone)
"""


def assert_whole(zone: LandingZone, acknowledged: int) -> None:
    """Both streams hold 1 to the cursor, each once, and the cursor is no less than what was acknowledged."""
    with zone.writer():
        cursor = zone.cursor("source") or 0
        assert cursor >= acknowledged
        assert numbers(zone, "left") == numbers(zone, "right") == list(range(1, cursor + 1))
        visible = [p for p in zone.root.glob("left/*/*.parquet") if p.parent.name != "schema"]
        assert len(visible) == len(zone.entries("left"))


def survives_death_at_every_step(root: Path, work: Callable[[LandingZone], object], stride: int) -> int:
    """Do the work, dying at the first, next, … durable step, until it ends alive; return how many steps."""
    for number in (1, 2, 3):
        commit(open_zone(root / "before"), number)
    for step in range(0, 200, stride):
        place = shutil.copytree(root / "before", root / str(step))
        is_dead = dies_at(step, partial(_in_zone, work, place))
        assert_whole(open_zone(place), acknowledged=3 if is_dead else 4)
        if not is_dead:
            return step
        commit(open_zone(place), open_zone(place).cursor("source") + 1)
        assert_whole(open_zone(place), acknowledged=4)
    raise AssertionError


def _in_zone(work: Callable[[LandingZone], object], place: Path) -> object:
    return work(open_zone(place))


STRIDES = [pytest.param(1, marks=pytest.mark.long), 3]


@pytest.mark.parametrize("stride", STRIDES)
def test_a_commit_survives_death_at_every_step(tmp_path: Path, stride: int) -> None:
    assert survives_death_at_every_step(tmp_path, lambda zone: commit(zone, 4), stride) > 10


@pytest.mark.parametrize("stride", STRIDES)
def test_compaction_survives_death_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stride: int
) -> None:
    monkeypatch.setattr(upkeep, "FEWEST", 2)

    def work(zone: LandingZone) -> None:
        commit(zone, 4)
        upkeep.compact(zone)

    assert survives_death_at_every_step(tmp_path, work, stride) > 20


@pytest.mark.parametrize(
    ("seed", "kills"),
    [(1, 1), (2, 1), (3, 1), *(pytest.param(n, 5, marks=pytest.mark.long) for n in range(4, 24))],
)
def test_kill_9_at_a_random_moment_loses_and_doubles_nothing(tmp_path: Path, seed: int, kills: int) -> None:
    moment = random.Random(seed)
    acknowledged = 0
    for _ in range(kills):
        command = [sys.executable, "-c", COMMIT_FOR_EVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603 - our own script
            assert writer.stdout
            lines = writer.stdout.readline()
            time.sleep(moment.uniform(0, 0.2))
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.read()
            acknowledged = max([acknowledged, *map(int, re.findall(r"committed (\d+)\n", lines))])
        assert_whole(open_zone(tmp_path), acknowledged)


def commit_for_ever(root: Path) -> None:
    for number in itertools.count(2):
        commit(open_zone(root), number)


@pytest.mark.parametrize("step", range(0, 12, 2))
def test_a_full_disk_is_said_clearly_and_leaves_nothing_half_done(tmp_path: Path, step: int) -> None:
    zone = open_zone(tmp_path)
    commit(zone, 1)
    left = step
    fsync = os.fsync

    def full(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull, match="No space is left"):
            commit_for_ever(tmp_path)

    assert_whole(open_zone(tmp_path), acknowledged=1)
    commit(open_zone(tmp_path), open_zone(tmp_path).cursor("source") + 1)
    assert_whole(open_zone(tmp_path), acknowledged=2)
