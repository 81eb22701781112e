"""How values lie in a store: times as microseconds, units as millionths, both whole numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tenants.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MILLION = Decimal(1_000_000)
_MOST_UNITS = Decimal(10) ** 12


def to_micros(moment: datetime) -> int:
    """Return the microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the aware moment in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def to_millionths(units: Decimal) -> int:
    """Return the units in millionths.

    Raises:
        InvalidInput: They are negative, no number, finer than a millionth, or beyond a million millions.
    """
    if not units.is_finite() or not 0 <= units <= _MOST_UNITS:
        message = f"{units} is no amount of units; give a number from 0 to {_MOST_UNITS:f}."
        raise InvalidInput(message, "invalid_units")
    millionths = units * _MILLION
    if millionths != int(millionths):
        message = f"{units} units are finer than a millionth; round them to six decimals."
        raise InvalidInput(message, "invalid_units")
    return int(millionths)


def from_millionths(millionths: int) -> Decimal:
    """Return the units without trailing zeros in whole numbers."""
    whole, rest = divmod(millionths, 1_000_000)
    return Decimal(whole) if rest == 0 else Decimal(millionths) / _MILLION
