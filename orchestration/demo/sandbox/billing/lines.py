"""Invoice lines from subscription items, usage and pending invoice items."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.demo.sandbox import pricing
from orchestration.demo.sandbox.shapes import invoices as shapes

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json


def tiers_of(account: Account, price: Json) -> list[Json] | None:
    """Return a price's tiers, which its plain form does not show."""
    found: list[Json] | None = account.hidden.get(price["id"], {}).get("tiers")
    return found


def name_of(account: Account, price: Json) -> str:
    """Return what a line calls a price: its product's name."""
    product = account.expandable(price["product"])
    return str(price["nickname"] or (product or {}).get("name") or price["id"])


def rate_label(price: Json) -> str:
    """Return the part of a description that tells the rate, such as `at £99.00 / month`."""
    recurring = price["recurring"]
    every = (
        recurring["interval"]
        if recurring["interval_count"] == 1
        else (f"every {recurring['interval_count']} {recurring['interval']}s")
    )
    amount = price["unit_amount"]
    shown = "tiered" if amount is None else f"{Decimal(amount) / 100:.2f} {price['currency'].upper()}"
    return f"(at {shown} / {every})"


def for_item(
    account: Account, item: Json, period: tuple[int, int], quantity: int | None = None
) -> list[Json]:
    """Return the lines of an item for a period; more than one for a graduated price.

    Args:
        account: Whose item.
        item: The subscription item.
        period: Start and end, in seconds.
        quantity: The usage of a metered item; a licensed one has its own.
    """
    price = item["price"]
    amount_of = quantity if quantity is not None else item.get("quantity", 1)
    lines = []
    for part in pricing.parts(price, tiers_of(account, price), amount_of):
        line = shapes.line(account.ids.new("il"), None, price["currency"], part.amount, period)
        note = f" ({part.note})" if part.note else ""
        line["description"] = f"{part.quantity} × {name_of(account, price)}{note} {rate_label(price)}"
        line["discounts"] = list(item["discounts"])
        line["metadata"] = item["metadata"]
        line["parent"] = shapes.item_parent(item, None)
        line["pricing"] = shapes.pricing(price, part.unit)
        line["quantity"], line["quantity_decimal"] = part.quantity, str(part.quantity)
        line["subscription"] = item["subscription"]
        lines.append(line)
    return lines


def for_price(account: Account, price: Json, quantity: int) -> list[Json]:
    """Return the lines of a one-time price."""
    made = []
    for part in pricing.parts(price, tiers_of(account, price), quantity):
        line = shapes.line(
            account.ids.new("il"), None, price["currency"], part.amount, (account.now, account.now)
        )
        line["description"] = name_of(account, price)
        line["pricing"] = shapes.pricing(price, part.unit)
        line["quantity"], line["quantity_decimal"] = part.quantity, str(part.quantity)
        made.append(line)
    return made


def for_trial(account: Account, item: Json, period: tuple[int, int]) -> Json:
    """Return the line of nothing that stands for a trial period."""
    price = item["price"]
    line = shapes.line(account.ids.new("il"), None, price["currency"], 0, period)
    line["description"] = f"Trial period for {name_of(account, price)}"
    line["metadata"] = item["metadata"]
    line["parent"] = shapes.item_parent(item, None)
    line["pricing"] = shapes.pricing(price, "0")
    line["quantity"] = item.get("quantity", 1)
    line["quantity_decimal"] = str(line["quantity"])
    line["subscription"] = item["subscription"]
    return line


def for_pending(account: Account, pending: Json) -> Json:
    """Return the line of a pending invoice item."""
    period = (pending["period"]["start"], pending["period"]["end"])
    line = shapes.line(account.ids.new("il"), None, pending["currency"], pending["amount"], period)
    details = (pending["parent"] or {}).get("subscription_details") or {}
    subscription_id = details.get("subscription")
    item = account.expandable(details.get("subscription_item") or "")
    if pending["proration"] and item is not None:
        credited = account.hidden.get(pending["id"], {}).get("credited")
        line["parent"] = shapes.item_parent(item, pending["id"], credited)
    else:
        line["parent"] = shapes.invoice_item_parent(pending["id"], subscription_id)
    for field in ("description", "discountable", "pricing", "quantity", "quantity_decimal", "metadata"):
        line[field] = pending[field]
    line["discounts"] = list(pending["discounts"])
    line["subscription"] = subscription_id
    return line
