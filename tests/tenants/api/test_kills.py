"""The API and its workers killed under load: what was answered is there, once; all is back at once."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import requests

from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tests.tenants import factories as make
from tests.tenants.api.whole_api import free_port, start_api, tenant_with_key, workers_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

pytestmark = pytest.mark.early

_SEED = 20261126
_CALLERS = 4
_BACK_WITHIN = 5.0
_UNDER_LOAD_WITHIN = 60.0
_BODY = {
    "document": "We guarantee returns of 12% a year. Capital at risk.",
    "document_type": "investment_promotion",
    "modules": ["fca_uk"],
}


@pytest.mark.parametrize("kills", [2, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_answered_is_lost_or_counted_twice(kills: int, tmp_path: Path) -> None:
    settings = PlatformSettings(home=tmp_path)
    tenant_id, key = tenant_with_key(settings)
    port, answered, stop = free_port(), dict[str, str](), threading.Event()
    arguments = (f"http://127.0.0.1:{port}", key, answered, stop)
    callers = [threading.Thread(target=_call, args=arguments) for _ in range(_CALLERS)]
    for caller in callers:
        caller.start()
    try:
        waits = _killed_again_and_again(kills, tmp_path, port, answered)
    finally:
        stop.set()
        for caller in callers:
            caller.join()
    _assert_each_once(settings, tenant_id, answered)
    assert max(waits) < _BACK_WITHIN


def _killed_again_and_again(kills: int, home: Path, port: int, answered: dict[str, str]) -> list[float]:
    """Kill a worker, then the API, and start it again; return how long each start took."""
    chance, waits = random.Random(_SEED), []
    api = start_api(home, port)
    try:
        for _ in range(kills):
            _await_answers(answered, len(answered) + _CALLERS)
            time.sleep(chance.uniform(0.1, 1.0))
            workers = workers_of(api)
            if workers:  # else none has started yet
                os.kill(chance.choice(workers), signal.SIGKILL)
            time.sleep(chance.uniform(0.1, 1.0))
            api.kill()
            api.wait()
            api = start_api(home, port)
            waits.append(_cpu_seconds(api))
        _await_answers(answered, len(answered) + _CALLERS)
    finally:
        api.kill()
        api.wait()
    return waits


def _await_answers(answered: dict[str, str], count: int) -> None:
    """Wait until the API is under load again: so many calls were answered."""
    deadline = time.monotonic() + _UNDER_LOAD_WITHIN
    while len(answered) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _call(address: str, key: str, answered: dict[str, str], stop: threading.Event) -> None:
    """Validate again and again; a call that got no answer is sent again under its key."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {key}"
        while not stop.is_set():
            name = uuid4().hex
            for attempt in _attempts(stop):
                try:
                    answer = session.post(
                        f"{address}/v1/validations", json=_BODY, headers={"Idempotency-Key": name}, timeout=30
                    )
                except requests.RequestException:
                    time.sleep(0.05 * min(attempt, 4))
                    continue
                assert answer.status_code == 200, answer.text
                answered[name] = answer.json()["id"]
                break


def _cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Return the time the process has worked: how long the start takes where nothing else runs."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _attempts(stop: threading.Event) -> Iterator[int]:
    attempt = 0
    while not stop.is_set():
        attempt += 1
        yield attempt


def _assert_each_once(settings: PlatformSettings, tenant_id: str, answered: dict[str, str]) -> None:
    stores = TenantStores(settings, make.CLOCK)
    store = stores.open(tenant_id)
    runs = [row["run_id"] for row in store.rows_after("validation_runs", 0, 10**9)]
    usage = [row["record_id"] for row in store.rows_after("usage_records", 0, 10**9)]
    charged = sum(row["units"] for row in store.rows_after("usage_records", 0, 10**9))
    units = _used(stores, tenant_id)
    stores.close()
    assert len(answered) > 10
    assert set(answered.values()) <= set(runs)
    assert len(set(answered.values())) == len(answered)
    assert sorted(usage) == sorted(runs)
    assert units == charged == len(runs)
    # What was not answered was under way when the callers stopped: at most one call each.
    assert len(runs) - len(answered) <= _CALLERS


def _used(stores: TenantStores, tenant_id: str) -> int:
    with stores.leased(tenant_id) as database, database.read() as connection:
        (used,) = connection.execute("SELECT sum(used) FROM quota_counters", {}).fetchone() or (0,)
    return int(used) // 1_000_000
