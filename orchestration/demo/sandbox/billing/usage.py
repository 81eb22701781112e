"""Metered usage: what meter events add up to for a customer and a period."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json


def entries(
    account: Account, meter: Json, customer_id: str, start: int, end: int
) -> list[tuple[int, Decimal]]:
    """Return time and value of a customer's meter events in [start, end)."""
    known = account.usage.of(meter["event_name"], customer_id)
    first, last = bisect_left(known, start, key=_at), bisect_left(known, end, key=_at)
    return known[first:last]


def _at(entry: tuple[int, Decimal]) -> int:
    return entry[0]


def aggregate(account: Account, meter: Json, customer_id: str, start: int, end: int) -> Decimal:
    """Return the meter's value over [start, end) by its formula: sum, count or last."""
    found = entries(account, meter, customer_id, start, end)
    match meter["default_aggregation"]["formula"]:
        case "count":
            return Decimal(len(found))
        case "last":
            return found[-1][1] if found else Decimal(0)
        case _:
            return sum((value for _, value in found), Decimal(0))


def quantity(account: Account, price: Json, customer_id: str, period: tuple[int, int]) -> int:
    """Return the units that a metered price bills for a period."""
    meter_id = price["recurring"]["meter"]
    if meter_id is None:
        return 0
    return int(aggregate(account, account.store.of("billing.meter").objects[meter_id], customer_id, *period))
