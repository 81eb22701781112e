"""Usage that comes as events, counted once for ever, and what a period adds up to."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING

from tenants.stores import quotas
from tenants.stores.commits import ADD_USAGE
from tenants.stores.records import QuotaCharge, UsageSummary
from tenants.stores.values import from_millionths, to_micros, to_millionths

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tenants.databases.connection import Connection
    from tenants.stores.records import Period, UsageEvent

_ADD_KEY = "INSERT INTO usage_keys (key_hash) VALUES (:key_hash) ON CONFLICT (key_hash) DO NOTHING"
_CALLS = """
    SELECT module, status_code, succeeded, count(*)
    FROM usage_records
    WHERE meter = 'api_calls' AND occurred_at >= :start AND occurred_at < :end
    GROUP BY module, status_code, succeeded
"""
_UNITS = """
    SELECT meter, sum(units) FROM usage_records
    WHERE occurred_at >= :start AND occurred_at < :end
    GROUP BY meter
"""


def record_events(
    connection: Connection,
    events: Sequence[UsageEvent],
    period_of: Callable[[datetime], Period],
    secret: bytes,
) -> int:
    """Record the events not seen before, count them in the period of their time, return how many were new.

    What has happened is counted even beyond a limit; limits refuse calls, not facts.
    """
    new = [event for event in events if _is_new(connection, event, secret)]
    for event in new:
        charge = QuotaCharge(
            meter=event.meter, units=event.units, limit=None, period=period_of(event.occurred_at)
        )
        quotas.take(connection, charge)
        connection.execute(ADD_USAGE, _row(event))
    return len(new)


def units_within(connection: Connection, period: Period) -> dict[str, Decimal]:
    """Add up the units by meter, of those records that are still there."""
    bounds = {"start": to_micros(period.start), "end": to_micros(period.end)}
    rows = connection.execute(_UNITS, bounds).fetchall()
    return {meter: from_millionths(int(units)) for meter, units in rows}


def summarise(connection: Connection, period: Period) -> UsageSummary:
    """Add up the period."""
    bounds = {"start": to_micros(period.start), "end": to_micros(period.end)}
    by_module: dict[str, int] = {}
    by_status: dict[str, int] = {}
    calls = succeeded = 0
    for modules, status, is_success, count in connection.execute(_CALLS, bounds).fetchall():
        calls += count
        succeeded += count if is_success else 0
        by_status[str(status)] = by_status.get(str(status), 0) + count
        for module in (modules or "").split("+"):
            by_module[module] = by_module.get(module, 0) + count
    by_module.pop("", None)
    units = quotas.used_by_meter(connection, period)
    return UsageSummary(period, units, calls, by_module, by_status, succeeded / calls if calls else None)


def _is_new(connection: Connection, event: UsageEvent, secret: bytes) -> bool:
    identity = f"{event.source}\0{event.record_id}".encode()
    key_hash = blake2b(identity, key=secret, digest_size=16).digest()
    return connection.execute(_ADD_KEY, {"key_hash": key_hash}).rowcount == 1


def _row(event: UsageEvent) -> dict[str, object]:
    return {
        "source": event.source,
        "record_id": event.record_id,
        "meter": event.meter,
        "module": event.module,
        "endpoint": event.endpoint,
        "status_code": event.status_code,
        "succeeded": int(event.succeeded),
        "units": to_millionths(Decimal(event.units)),
        "occurred_at": to_micros(event.occurred_at),
    }
