"""How numbers look: the only place where money is rounded to its minor unit, half up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING = "–"
_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥"}
# Stripe's published lists of currencies without, and with three, decimals.
_ZERO_DECIMALS = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
_THREE_DECIMALS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency's minor unit has."""
    code = currency.upper()
    return 0 if code in _ZERO_DECIMALS else 3 if code in _THREE_DECIMALS else 2


def symbol(currency: str) -> str:
    """Return what stands before an amount: a sign where it is unmistakable, else the code."""
    return _SYMBOLS.get(currency.upper(), f"{currency.upper()} ")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return the amount in whole minor units, half up (away from zero)."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP)


def money(amount: Decimal | None, currency: str) -> str:
    """Return `£1,234.50`, with a true minus before the sign, or a dash for what is not known."""
    if amount is None:
        return NOTHING
    value = rounded(amount, currency)
    return f"{'−' if value < 0 else ''}{symbol(currency)}{abs(value):,}"


def signed_money(amount: Decimal | None, currency: str) -> str | None:
    """Return a change with an ASCII sign, as the metric's arrow reads it; None for no or an unknown one."""
    value = None if amount is None else rounded(amount, currency)
    return f"{'-' if value < 0 else '+'}{symbol(currency)}{abs(value):,}" if value else None


def percent(fraction: Decimal | float | None, digits: int = 1) -> str:
    """Return a fraction such as 0.051 as `5.1 %`."""
    if fraction is None:
        return NOTHING
    places = Decimal(1).scaleb(-digits)
    value = (Decimal(str(fraction)) * 100).quantize(places, ROUND_HALF_UP)
    return f"{'−' if value < 0 else ''}{abs(value):,} %"


def points(fraction: Decimal | float | None) -> str | None:
    """Return a difference of two fractions in percentage points, signed; None for no or an unknown one."""
    value = (Decimal(str(fraction or 0)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{value:+} pts" if value else None


def count(value: Decimal | float | None) -> str:
    """Return a whole number with thousands marks."""
    if value is None:
        return NOTHING
    return f"{Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP):,}"


def several(number: int, noun: str) -> str:
    """Return `1 customer`, `2 customers`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def signed_count(value: Decimal | float | None) -> str | None:
    """Return a change of a count, signed; None for no or an unknown one."""
    return f"{int(value):+,}" if value else None


def ratio(value: Decimal | float | None) -> str:
    """Return a multiple such as `3.2 ×`."""
    if value is None:
        return NOTHING
    return f"{Decimal(str(value)).quantize(Decimal('0.1'), ROUND_HALF_UP):,} ×"


def month_name(month: date | None) -> str:
    """Return `March 2026`."""
    return NOTHING if month is None else f"{month:%B %Y}"


def day(value: date | None) -> str:
    """Return `3 March 2026`."""
    return NOTHING if value is None else f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """Return `3 Mar 2026 14:05 UTC`."""
    if value is None:
        return NOTHING
    utc = value.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y %H:%M} UTC"


_HOUR, _DAY = 3600, 86400


def age(since: datetime, now: datetime) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < _HOUR:
        number, unit = seconds // 60, "minute"
    elif seconds < 2 * _DAY:
        number, unit = seconds // _HOUR, "hour"
    else:
        number, unit = seconds // _DAY, "day"
    return several(number, unit)


def shown(frame: pl.DataFrame, columns: Iterable[str], currency: str) -> pl.DataFrame:
    """Return the frame with these money columns in whole minor units, for a table or a drawing."""
    digits = minor_digits(currency)
    present = [name for name in columns if name in frame.columns]
    return frame.with_columns(
        pl.col(name).round(digits, mode="half_away_from_zero").cast(pl.Float64) for name in present
    )


def shown_by_row(frame: pl.DataFrame, columns: Iterable[str], currency: str = "currency") -> pl.DataFrame:
    """Return the frame with these money columns in whole minor units of each row's own currency."""
    code = pl.col(currency).str.to_uppercase()
    whole, thousandths = code.is_in(sorted(_ZERO_DECIMALS)), code.is_in(sorted(_THREE_DECIMALS))

    def digits(name: str, number: int) -> pl.Expr:
        return pl.col(name).round(number, mode="half_away_from_zero").cast(pl.Float64)

    return frame.with_columns(
        pl.when(whole)
        .then(digits(name, 0))
        .when(thousandths)
        .then(digits(name, 3))
        .otherwise(digits(name, 2))
        .alias(name)
        for name in columns
    )


def money_format(currency: str) -> str:
    """Return the printf form of an amount for tooltips."""
    return f"{number_format(currency)} {currency.upper()}"


def number_format(currency: str) -> str:
    """Return the printf form of an amount whose currency stands elsewhere."""
    return f"%,.{minor_digits(currency)}f"


def whole_percent(value: Decimal | float | None) -> str:
    """Return a number that is already in percent as `87 %`."""
    return NOTHING if value is None else f"{count(value)} %"


def bar(use_percent: Decimal | float) -> float:
    """Return how full a progress bar is, from 0 to 1."""
    return min(1.0, max(0.0, float(use_percent) / 100))


Step = tuple[str, Decimal | float | None, bool]


def steps(amounts: Iterable[Step], currency: str) -> list[Step]:
    """Return the steps of a waterfall in whole minor units."""
    return [
        (name, None if amount is None else float(rounded(Decimal(str(amount)), currency)), is_total)
        for name, amount, is_total in amounts
    ]
