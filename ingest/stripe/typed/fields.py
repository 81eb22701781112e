"""Reading single values out of a Stripe object, whichever API version rendered it.

Every reader raises `Misfit` with the field's name when the value is there but is not what Stripe promises.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]

AMOUNT_SCALE = 12  # Stripe's `*_decimal` amounts have at most twelve places below the minor unit
WHOLE_PERCENT = 100
MONEY_DIGITS = 12  # what was billed or paid; Stripe takes no more, and the warehouse keeps none


class Misfit(ValueError):  # noqa: N818 - says what the row is, not that the program failed
    """A value does not fit its column; the message names the field, the value and what was expected."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(f"{name} is {value!r}, expected {expected}")


def at(body: Json | None, *path: str) -> Any:  # noqa: ANN401 - JSON holds anything
    """Return the value at a path, null where any step is missing or no object."""
    value: Any = body
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def reference(value: object) -> str | None:
    """Return the id of an expandable field, expanded or not."""
    found = value.get("id") if isinstance(value, dict) else value
    return str(found) if found else None


def text(value: object) -> str | None:
    """Return a string, null staying null."""
    return None if value is None else str(value)


def moment(value: object, name: str) -> datetime | None:
    """Return Stripe's seconds since 1970 as a moment in UTC."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit(name, value, "seconds since 1970")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as problem:
        raise Misfit(name, value, "a moment within the calendar") from problem


def whole(value: object, name: str, digits: int = 18) -> int | None:
    """Return an integer that fits 64 bits, such as a quantity."""
    if value is None:
        return None
    number = decimal(value, name, scale=0, digits=digits)
    return None if number is None else int(number)


def money(value: object, name: str) -> int | None:
    """Return an amount in minor units that was billed or paid."""
    return whole(value, name, MONEY_DIGITS)


def decimal(value: object, name: str, scale: int = AMOUNT_SCALE, digits: int = 38) -> Decimal | None:
    """Return an exact decimal; more digits than the column holds do not fit."""
    if value is None:
        return None
    try:
        number = Decimal(str(value))
        exponent = int(number.normalize().as_tuple().exponent)
    except (InvalidOperation, ValueError, TypeError) as problem:
        raise Misfit(name, value, "a decimal number") from problem
    if isinstance(value, bool) or -exponent > scale or abs(number) >= Decimal(10) ** (digits - scale):
        raise Misfit(name, value, f"at most {digits} digits, {scale} of them after the point")
    return number


def percentage(value: object, name: str) -> Decimal | None:
    """Return a part of 100, as a coupon takes off or a tax rate adds."""
    number = decimal(value, name, scale=8, digits=12)
    if number is not None and not 0 <= number <= WHOLE_PERCENT:
        raise Misfit(name, value, "0 to 100")
    return number


def listed(value: object) -> list[Any]:
    """Return the members of a Stripe list object or a plain array; null has none."""
    members = value.get("data") if isinstance(value, dict) else value
    return list(members) if isinstance(members, list) else []


def references(value: object) -> list[str]:
    """Return the ids of an array of expandable fields in their order."""
    return [found for member in listed(value) if (found := reference(member))]


def currency(value: object) -> str | None:
    """Return a currency code in lower case, as Stripe writes it today."""
    return str(value).lower() if value else None
