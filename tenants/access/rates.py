"""Calls a minute or a day, by name: counted in memory for one process, in Redis for several.

Where there is no Redis, calls a day are counted durably (`daily.py`): their caps protect people.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Count = Callable[[str, int, int], "RateState"]

_log = structlog.get_logger(__name__)
_MINUTE = 60
DAY = 24 * 60 * _MINUTE


@dataclass(frozen=True, slots=True)
class RateState:
    """How a rate stands after a call: `reset_seconds` until there is room again, or all of it."""

    is_within: bool
    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """Return the response's `RateLimit-*` headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class Windows:
    """The latest calls by name and window, in this process's memory; counting one costs the same always."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, int], deque[float]] = {}
        self._changing = threading.Lock()
        self._swept = time.monotonic()

    def count(self, name: str, limit: int, seconds: int) -> RateState:
        """Count one call, if there is room for it within so many seconds."""
        with self._changing:
            now = time.monotonic()
            if now - self._swept > _MINUTE:
                self._sweep(now)
            calls = self._calls.setdefault((name, seconds), deque())
            _forget(calls, now - seconds)
            is_within = len(calls) < limit
            if is_within:
                calls.append(now)
            reset = math.ceil(calls[0] + seconds - now) if calls else seconds
            return RateState(is_within, limit, max(0, limit - len(calls)), reset)

    def _sweep(self, now: float) -> None:
        """Forget the names that have not called within their window."""
        self._swept = now
        for (_, seconds), calls in self._calls.items():
            _forget(calls, now - seconds)
        self._calls = {name: calls for name, calls in self._calls.items() if calls}


def _forget(calls: deque[float], until: float) -> None:
    while calls and calls[0] <= until:
        calls.popleft()


class RateLimiter:
    """Moving windows.

    Args:
        redis_url: Where several processes count together; None counts in this process.
        daily: Counts calls a day where there is no Redis; left out, this process does.
    """

    def __init__(self, redis_url: str | None = None, daily: Count | None = None) -> None:
        self._local = Windows()
        self._daily = daily or self._local.count
        self._shared = None if redis_url is None else _in_redis(redis_url)

    def take(self, limits_by_name: Iterable[tuple[str, int]], seconds: int = _MINUTE) -> RateState:
        """Count one call under each name; it is within the rate where every name has room.

        The window is a minute unless it is said to be longer. Where Redis does not answer, calls are
        counted as without it until it does.
        """
        named = list(limits_by_name)
        ours = self._daily if seconds >= DAY else self._local.count
        if self._shared is None:
            return _taken(ours, named, seconds)
        from limits.errors import StorageError  # noqa: PLC0415 - start-up time

        try:
            return _taken(self._shared, named, seconds)
        except StorageError:
            _log.warning("rate_limits_counted_locally")
            return _taken(ours, named, seconds)


def _in_redis(url: str) -> Count:
    """Return what counts a call where several processes do."""
    from limits import RateLimitItemPerSecond  # noqa: PLC0415 - start-up time
    from limits.storage import storage_from_string  # noqa: PLC0415 - as above
    from limits.strategies import MovingWindowRateLimiter  # noqa: PLC0415 - as above

    limiter: Any = MovingWindowRateLimiter(storage_from_string(url, wrap_exceptions=True))

    def count(name: str, limit: int, seconds: int) -> RateState:
        item = RateLimitItemPerSecond(limit, seconds)
        is_within = bool(limiter.hit(item, name))
        stats = limiter.get_window_stats(item, name)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        return RateState(is_within, limit, stats.remaining, reset if is_within else max(1, reset))

    return count


def _taken(count: Count, named: list[tuple[str, int]], seconds: int) -> RateState:
    tightest: RateState | None = None
    for name, limit in named:
        state = count(name, limit, seconds)
        if not state.is_within:
            return state
        if tightest is None or state.remaining < tightest.remaining:
            tightest = state
    return tightest or RateState(is_within=True, limit=0, remaining=0, reset_seconds=0)
