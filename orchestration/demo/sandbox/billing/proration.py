"""Changes within a period: credits for time not used, debits for time that is left."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import collection, discounts, lifecycle, lines
from orchestration.demo.sandbox.periods import step
from orchestration.demo.sandbox.pricing import to_minor
from orchestration.demo.sandbox.shapes import invoices as shapes

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json


def net_rates(account: Account, subscription: Json) -> dict[str, int]:
    """Return what each licensed item costs for a whole period after discounts, by item id."""
    mark = dict(account.ids.counters)
    customer = collection.customer_of(account, subscription)
    found: dict[str, list[Json]] = {
        item["id"]: lines.for_item(account, item, (0, 0))
        for item in lifecycle.items_of(account, subscription)
        if not lifecycle.is_metered(item)
    }
    account.ids.counters.update(mark)
    everything = [line for made in found.values() for line in made]
    discounts.apply(account, everything, discounts.covering(account, subscription, customer))
    return {item_id: sum(map(discounts.left, made)) for item_id, made in found.items()}


def share(amount: int, at: int, start: int, end: int) -> int:
    """Return the part of an amount that falls on what is left of a period."""
    return to_minor(Decimal(amount) * (end - at) / (end - start)) if end > start else 0


def shorten(account: Account, subscription: Json, made: list[Json], behavior: str) -> None:
    """Scale the first lines down to the time until the billing cycle's anchor; nothing without proration."""
    for line in made:
        item = account.store.by_id[line["parent"]["subscription_item_details"]["subscription_item"]]
        recurring = item["price"]["recurring"]
        end = item["current_period_end"]
        whole = step(end, recurring["interval"], recurring["interval_count"], -1)
        amount = 0 if behavior == "none" else share(line["amount"], account.now, whole, end)
        line["amount"] = line["subtotal"] = amount
    account.dirty.add(subscription["id"])


def on_day(moment: int) -> str:
    """Return a date as invoice lines spell it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d %b %Y")


def adjust(
    account: Account, subscription: Json, item: Json, amount: int, at: int, *, old: Json | None
) -> Json:
    """Leave a pending invoice item for the rest of a period.

    Args:
        account: Where.
        subscription: Whose change.
        item: The item as it is now.
        amount: In minor units, negative for a credit.
        at: The moment from which the change counts.
        old: For a credit, the item as it was.
    """
    shown = old or item
    customer = collection.customer_of(account, subscription)
    pending = shapes.invoice_item(
        account.ids.new("ii"), customer, subscription["currency"], amount, account.now
    )
    quantity = shown.get("quantity", 1)
    label = "Unused time on" if old else "Remaining time on"
    counted = f"{quantity} × " if quantity != 1 else ""
    pending["description"] = f"{label} {counted}{lines.name_of(account, shown['price'])} after {on_day(at)}"
    pending["discountable"], pending["proration"] = False, True
    pending["parent"] = {
        "subscription_details": {"subscription": subscription["id"], "subscription_item": item["id"]},
        "type": "subscription_details",
    }
    pending["period"] = {"end": shown["current_period_end"], "start": at}
    pending["pricing"] = shapes.pricing(shown["price"], shown["price"]["unit_amount_decimal"])
    pending["proration_details"] = {"credited_items": None, "discount_amounts": []}
    pending["quantity"], pending["quantity_decimal"] = quantity, str(quantity)
    pending["tax_rates"] = shown["tax_rates"]
    account.add(pending, "invoiceitem.created")
    if old:
        account.secret(pending["id"])["credited"] = _credited(account, subscription, item)
    return pending


def _credited(account: Account, subscription: Json, item: Json) -> Json | None:
    """Return which lines a credit takes back: the item's on the newest invoice that billed it."""
    for invoice in reversed(account.store.of("invoice").under("subscription", subscription["id"])):
        billed = [
            line["id"]
            for line in account.store.of("line_item").under("invoice", invoice["id"])
            if ((line["parent"] or {}).get("subscription_item_details") or {}).get("subscription_item")
            == item["id"]
            and line["amount"] > 0
        ]
        if billed:
            return {"invoice": invoice["id"], "invoice_line_items": billed}
    return None
