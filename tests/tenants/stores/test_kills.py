from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tests.tenants import factories as make

_ROOT = Path(__file__).parents[3]
_SEED = 20261126


@pytest.mark.parametrize("rounds", [4, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_acknowledged_is_lost_when_writers_are_killed(rounds: int, tmp_path: Path) -> None:
    """Three processes write to one file and checkpoint it; each round kills one at a random moment."""
    chance = random.Random(_SEED)
    stores = TenantStores(PlatformSettings(home=tmp_path), make.CLOCK)
    stores.create("ten_a")
    logs: list[Path] = []
    writers = [_start(tmp_path, logs) for _ in range(3)]
    for _ in range(rounds):
        time.sleep(chance.uniform(0, 0.4))
        victim = writers.pop(chance.randrange(len(writers)))
        victim.kill()
        victim.wait()
        writers.append(_start(tmp_path, logs))
        _await_first_commit(logs[-1])
    for writer in writers:
        writer.kill()
        writer.wait()
    acknowledged = {line for log in logs for line in log.read_text().split("\n")[:-1]}
    _assert_whole(stores, acknowledged)
    stores.close()
    assert _integrity(tmp_path / "tenants" / "ten_a" / "store.sqlite") == "ok"


def _start(home: Path, logs: list[Path]) -> subprocess.Popen[bytes]:
    logs.append(home / f"acknowledged_{len(logs)}.txt")
    command = [sys.executable, "-m", "tests.tenants.stores.crashing_writer", str(home), f"w{len(logs)}"]
    with logs[-1].open("wb") as log:
        return subprocess.Popen(command, stdout=log, cwd=_ROOT)  # noqa: S603 - our own interpreter and module


def _await_first_commit(log: Path) -> None:
    deadline = time.monotonic() + 30
    while not log.stat().st_size and time.monotonic() < deadline:
        time.sleep(0.01)


def _assert_whole(stores: TenantStores, acknowledged: set[str]) -> None:
    store = stores.open("ten_a")
    runs = {row["run_id"] for row in store.rows_after("validation_runs", 0, 10**9)}
    usage = [row["record_id"] for row in store.rows_after("usage_records", 0, 10**9)]
    assert len(acknowledged) > 100
    assert acknowledged <= runs
    assert sorted(usage) == sorted(runs)
    assert store.usage(make.NOVEMBER).units["api_calls"] == len(runs)


def _integrity(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        answer: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return answer
