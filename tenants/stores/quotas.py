"""Quota counters: one conditional statement takes the units or leaves everything as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tenants.stores.records import Period, QuotaCharge, QuotaState
from tenants.stores.values import from_micros, from_millionths, to_micros, to_millionths

if TYPE_CHECKING:
    from tenants.databases.connection import Connection

_TAKE = """
    INSERT INTO quota_counters (meter, period_start, period_end, used)
    VALUES (:meter, :period_start, :period_end, :units)
    ON CONFLICT (meter, period_start) DO UPDATE SET used = quota_counters.used + excluded.used
    WHERE CAST(:most AS BIGINT) IS NULL OR quota_counters.used + excluded.used <= :most
    RETURNING used
"""
_USED = "SELECT used FROM quota_counters WHERE meter = :meter AND period_start = :period_start"
_COUNTERS = "SELECT meter, period_start, period_end, used FROM quota_counters WHERE period_end > :since"


def take(connection: Connection, charge: QuotaCharge) -> tuple[bool, QuotaState]:
    """Take the units if the limit allows, and return whether it did and how the quota stands."""
    units = to_millionths(charge.units)
    most = None if charge.limit is None or charge.overage_allowed else to_millionths(charge.limit)
    row = None
    if most is None or units <= most:
        row = connection.execute(_TAKE, {**_period(charge), "units": units, "most": most}).fetchone()
    if row is not None:
        return True, _state(charge, row[0])
    return False, state(connection, charge)


def state(connection: Connection, charge: QuotaCharge) -> QuotaState:
    """Return how the quota stands before the charge."""
    row = connection.execute(_USED, {"meter": charge.meter, "period_start": to_micros(charge.period.start)})
    return _state(charge, (row.fetchone() or (0,))[0])


def used_by_meter(connection: Connection, period: Period) -> dict[str, Decimal]:
    """Return the units used of each meter whose counter starts within the period."""
    rows = connection.execute(_COUNTERS, {"since": to_micros(period.start)}).fetchall()
    used: dict[str, Decimal] = {}
    for meter, start, _, units in rows:
        if period.start <= from_micros(start) < period.end:
            used[meter] = used.get(meter, Decimal(0)) + from_millionths(units)
    return used


def _period(charge: QuotaCharge) -> dict[str, object]:
    return {
        "meter": charge.meter,
        "period_start": to_micros(charge.period.start),
        "period_end": to_micros(charge.period.end),
    }


def _state(charge: QuotaCharge, used: int) -> QuotaState:
    return QuotaState(charge.meter, from_millionths(used), charge.limit, charge.period)
