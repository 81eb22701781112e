"""What a price costs for a quantity: per unit, packaged, graduated, volume."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.demo.sandbox.errors import Json

_ONE = Decimal(1)


@dataclass(frozen=True)
class Part:
    """One invoice line's worth: `amount` in minor units for `quantity` at `unit` each."""

    amount: int
    quantity: int
    unit: str | None
    note: str = ""


def to_minor(amount: Decimal) -> int:
    """Round half up to whole minor units."""
    return int(amount.quantize(_ONE, rounding=ROUND_HALF_UP))


def plain(value: Decimal) -> str:
    """Spell a decimal as Stripe does: no exponent, no trailing zeros."""
    spelled = format(value, "f")
    return spelled.rstrip("0").rstrip(".") if "." in spelled else spelled


def parts(price: Json, tiers: list[Json] | None, quantity: int) -> list[Part]:
    """Return the lines that a quantity of a price makes; a graduated price makes one a tier."""
    if price["billing_scheme"] == "tiered":
        graduated = price["tiers_mode"] == "graduated"
        return _graduated(tiers or [], quantity) if graduated else [_volume(tiers or [], quantity)]
    units = _packaged(price["transform_quantity"], quantity)
    unit_amount = price["unit_amount"]
    if unit_amount is not None:
        return [Part(unit_amount * units, quantity, price["unit_amount_decimal"])]
    exact = Decimal(price["unit_amount_decimal"] or 0)
    return [Part(to_minor(exact * units), quantity, price["unit_amount_decimal"])]


def _packaged(transform: Json | None, quantity: int) -> int:
    if transform is None:
        return quantity
    whole, rest = divmod(quantity, int(transform["divide_by"]))
    return whole + (1 if rest and transform["round"] == "up" else 0)


def _amount(tier: Json, units: int) -> Decimal:
    return Decimal(tier["unit_amount_decimal"] or 0) * units + Decimal(tier["flat_amount_decimal"] or 0)


def _graduated(tiers: list[Json], quantity: int) -> list[Part]:
    lines, below = [], 0
    for place, tier in enumerate(tiers, start=1):
        top = tier["up_to"]
        units = max(0, (quantity if top is None else min(quantity, top)) - below)
        if units or place == 1:
            lines.append(
                Part(to_minor(_amount(tier, units)), units, tier["unit_amount_decimal"], f"Tier {place}")
            )
        if top is None or quantity <= top:
            break
        below = top
    return lines


def _volume(tiers: list[Json], quantity: int) -> Part:
    tier = next(tier for tier in tiers if tier["up_to"] is None or quantity <= tier["up_to"])
    return Part(to_minor(_amount(tier, quantity)), quantity, tier["unit_amount_decimal"])


def total(price: Json, tiers: list[Json] | None, quantity: int) -> int:
    """Return the whole amount in minor units."""
    return sum(part.amount for part in parts(price, tiers, quantity))
