"""Calls a day, by name, in the control plane's database: a restart begins no new day.

Names are kept as keyed hashes, as they hold addresses of people, and go when their day is over.
"""

from __future__ import annotations

import hmac
import math
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.access.rates import RateState
from tenants.clock import SystemClock
from tenants.control.identity_tables import daily_calls

if TYPE_CHECKING:
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase

_COLUMNS = daily_calls.c


class DailyCalls:
    """The calls of the last day.

    Args:
        database: Where they are kept.
        secret: Keys the hashes of names.
        clock: The real time, as with every rate; tests have another.
    """

    def __init__(self, database: ControlDatabase, secret: bytes, clock: Clock | None = None) -> None:
        self._database = database
        self._secret = secret
        self._clock = clock or SystemClock()

    def count(self, name: str, limit: int, seconds: int) -> RateState:
        """Count one call, if there is room for it within so many seconds."""
        now = self._clock.now()
        since = now - timedelta(seconds=seconds)
        name_hash = hmac.digest(self._secret, name.encode(), "sha256")
        known = sa.select(_COLUMNS.called_at).where(_COLUMNS.name_hash == name_hash)

        def work(connection: sa.Connection) -> RateState:
            connection.execute(sa.delete(daily_calls).where(_COLUMNS.called_at <= since))
            calls = list(connection.scalars(known.order_by(_COLUMNS.called_at)))
            is_within = len(calls) < limit
            if is_within:
                calls.append(now)
                connection.execute(sa.insert(daily_calls).values(name_hash=name_hash, called_at=now))
            reset = math.ceil((calls[0] - since).total_seconds()) if calls else seconds
            return RateState(is_within, limit, max(0, limit - len(calls)), reset)

        return self._database.write(work)
