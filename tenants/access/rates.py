"""Calls a minute, by tenant and by key: counted in memory for one process, in Redis for several."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable

_log = structlog.get_logger(__name__)


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


class RateLimiter:
    """Moving windows of one minute.

    Args:
        redis_url: Where several processes count together; None counts in this process.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        from limits.storage import MemoryStorage, storage_from_string  # noqa: PLC0415 - start-up time
        from limits.strategies import MovingWindowRateLimiter  # noqa: PLC0415 - as above

        self._local = MovingWindowRateLimiter(MemoryStorage())
        shared = None if redis_url is None else storage_from_string(redis_url, wrap_exceptions=True)
        self._shared = None if shared is None else MovingWindowRateLimiter(shared)

    def take(self, limits_by_name: Iterable[tuple[str, int]]) -> RateState:
        """Count one call under each name; it is within the rate where every name has room.

        Where Redis does not answer, this process counts for itself until it does.
        """
        from limits.errors import StorageError  # noqa: PLC0415 - start-up time

        named = list(limits_by_name)
        if self._shared is None:
            return _taken(self._local, named)
        try:
            return _taken(self._shared, named)
        except StorageError:
            _log.warning("rate_limits_counted_locally")
            return _taken(self._local, named)


def _taken(limiter: Any, named: list[tuple[str, int]]) -> RateState:  # noqa: ANN401 - the library has no types
    from limits import RateLimitItemPerMinute  # noqa: PLC0415 - start-up time

    tightest: RateState | None = None
    for name, limit in named:
        item = RateLimitItemPerMinute(limit)
        is_within = bool(limiter.hit(item, name))
        stats = limiter.get_window_stats(item, name)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        state = RateState(is_within, limit, stats.remaining, reset if is_within else max(1, reset))
        if not is_within:
            return state
        if tightest is None or state.remaining < tightest.remaining:
            tightest = state
    return tightest or RateState(is_within=True, limit=0, remaining=0, reset_seconds=0)
