"""What lives in a world are made of: currencies, prices, intervals and what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.dbt_project.revenue.account import Json

CURRENCIES = ["usd", "eur", "jpy", "kwd"]
FOREIGN = {"eur": "2755.5", "jpy": "4321.25"}  # what a price in dollars costs there, in minor units
RATES = {"eur": "1.1", "jpy": "0.007", "kwd": "3.25"}
TIERS = [
    {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
    {"up_to": 10, "unit_amount": 800, "flat_amount": None},
    {"up_to": None, "unit_amount_decimal": "650.5", "flat_amount": 100},
]
INTERVALS = [("month", 1), ("year", 1), ("month", 3), ("year", 2), ("week", 1), ("week", 2), ("day", 1)]
ACTS = ["quantity", "quantity", "swap", "add", "drop", "coupon", "pause", "schedule", "cancel"]
ACTS += ["past_due", "past_due", "active", "active", "unpaid", "paused", "trialing"]


def every(price: Json) -> tuple[str, int]:
    """Return how often a price is due."""
    return price["recurring"]["interval"], price["recurring"]["interval_count"]
