"""Tax on invoice lines, exclusive or inclusive, by rate."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing.discounts import left
from orchestration.demo.sandbox.pricing import to_minor

if TYPE_CHECKING:
    from orchestration.demo.sandbox.errors import Json


def apply(line: Json, rates: list[Json]) -> None:
    """Put each rate's tax on a line, computed on what discounts left of it."""
    base = left(line)
    inclusive = sum((Decimal(str(rate["percentage"])) for rate in rates if rate["inclusive"]), Decimal(0))
    net = base * 100 / (100 + inclusive)
    line["taxes"] = [_tax(rate, net) for rate in rates]


def _tax(rate: Json, net: Decimal) -> Json:
    return {
        "amount": to_minor(net * Decimal(str(rate["percentage"])) / 100),
        "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": rate["id"]},
        "taxability_reason": "standard_rated" if rate["percentage"] else "zero_rated",
        "taxable_amount": to_minor(net),
        "type": "tax_rate_details",
    }


def summed(lines: list[Json]) -> list[Json]:
    """Return an invoice's taxes: those of its lines added up by rate."""
    by_rate: dict[str, Json] = {}
    for line in lines:
        for tax in line["taxes"]:
            total = by_rate.setdefault(
                tax["tax_rate_details"]["tax_rate"], {**tax, "amount": 0, "taxable_amount": 0}
            )
            total["amount"] += tax["amount"]
            total["taxable_amount"] += tax["taxable_amount"]
    return list(by_rate.values())


def of(taxes: list[Json], behavior: str) -> int:
    """Return the sum of the inclusive or of the exclusive taxes."""
    return sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == behavior)
