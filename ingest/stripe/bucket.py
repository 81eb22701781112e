"""A token bucket: bursts up to one second's worth, then a steady pace below Stripe's limits."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class TokenBucket:
    """Lets `rate` requests a second pass, whichever thread asks.

    Args:
        rate: Requests a second.
        now: Monotonic seconds.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        rate: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._burst = max(rate, 1.0)
        self._now, self._sleep = now, sleep
        self._tokens, self._at = self._burst, now()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until a request may be sent."""
        with self._lock:
            moment = self._now()
            self._tokens = min(self._burst, self._tokens + (moment - self._at) * self._rate) - 1
            self._at = moment
            wait = -self._tokens / self._rate
        if wait > 0:
            self._sleep(wait)
