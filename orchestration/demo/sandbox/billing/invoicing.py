"""Drafting, adding up and finalizing invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.account import duty
from orchestration.demo.sandbox.billing import discounts, lines, taxes
from orchestration.demo.sandbox.errors import ApiError
from orchestration.demo.sandbox.lists import nested
from orchestration.demo.sandbox.periods import DAY, HOUR
from orchestration.demo.sandbox.shapes import invoices as shapes
from orchestration.demo.sandbox.shapes.customers import customer_balance_transaction

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json


def draft(  # noqa: PLR0913 - an invoice is made of this much
    account: Account,
    customer: Json,
    currency: str,
    subscription: Json | None,
    own_lines: list[Json],
    *,
    reason: str,
    period: tuple[int, int] | None = None,
    with_pending: bool = True,
) -> Json:
    """Make a draft of the given lines and what is pending; it is still to be told of.

    Args:
        account: Where.
        customer: Who pays.
        currency: Of every line.
        subscription: What it is for, if anything.
        own_lines: Lines not yet on any invoice.
        reason: Stripe's `billing_reason`; a `subscription_cycle` waits an hour to be finalized.
        period: The usage period it covers; the present instant unless given.
        with_pending: Whether pending invoice items come along.
    """
    invoice = shapes.invoice(account.ids.new("in"), customer, currency, account.now)
    invoice["billing_reason"] = reason
    invoice["period_start"], invoice["period_end"] = period or (account.now, account.now)
    settle_currency(account, customer, currency)
    invoice["discounts"] = discounts.covering(account, subscription, customer)
    account.add(invoice)
    if subscription is not None:
        _inherit(account, invoice, subscription)
    waiting = pending(account, customer, currency, subscription) if with_pending else []
    put_lines(account, invoice, own_lines, waiting)
    used = {each["discount"] for line in all_lines(account, invoice) for each in line["discount_amounts"]}
    discounts.use_up_once(account, subscription, customer, sorted(used))
    return invoice


def _inherit(account: Account, invoice: Json, subscription: Json) -> None:
    invoice["parent"] = shapes.subscription_parent(subscription)
    for field in ("collection_method", "default_tax_rates", "default_payment_method", "description"):
        invoice[field] = subscription[field]
    if subscription["days_until_due"] is not None:
        account.secret(invoice["id"])["days_until_due"] = subscription["days_until_due"]
    account.store.of("invoice").link("subscription", subscription["id"], invoice["id"])
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    elif invoice["billing_reason"] == "subscription_cycle":
        schedule_finalization(account, invoice)


def settle_currency(account: Account, customer: Json, currency: str) -> None:
    """Give a customer the currency of their first bill."""
    if customer["currency"] is None:
        before = account.snapshot(customer)
        customer["currency"] = currency
        account.saved(customer, before, "customer.updated")


def subscription_of(invoice: Json) -> str | None:
    """Return the id of the subscription that made an invoice."""
    details = (invoice["parent"] or {}).get("subscription_details")
    return details["subscription"] if details else None


def pending(account: Account, customer: Json, currency: str, subscription: Json | None) -> list[Json]:
    """Return the invoice items that the next invoice takes up: the customer's own and the subscription's."""
    wanted = {None, (subscription or {}).get("id")}

    def subscription_id(waiting: Json) -> str | None:
        details = (waiting["parent"] or {}).get("subscription_details")
        return details["subscription"] if details else None

    known = account.store.of("invoiceitem").under("customer", customer["id"])
    return [
        each
        for each in known
        if each["invoice"] is None and each["currency"] == currency and subscription_id(each) in wanted
    ]


def put_lines(account: Account, invoice: Json, own_lines: list[Json], waiting: list[Json]) -> None:
    """Add lines and pending items to an invoice and add it up anew."""
    made = []
    for item in waiting:
        line = lines.for_pending(account, item)
        before = account.snapshot(item)
        item["invoice"] = invoice["id"]
        account.secret(item["id"])["line"] = line["id"]
        account.saved(item, before, None)
        made.append(line)
    for line in [*made, *own_lines]:
        line["invoice"] = invoice["id"]
        account.add(line)
    add_up(account, invoice)


def all_lines(account: Account, invoice: Json) -> list[Json]:
    """Return every line of an invoice in its order."""
    return account.store.of("line_item").under("invoice", invoice["id"])


def _rates(account: Account, invoice: Json, line: Json) -> list[Json]:
    details = (line["parent"] or {}).get("subscription_item_details")
    item = account.expandable(details["subscription_item"]) if details else None
    own = (item or {}).get("tax_rates") or account.hidden.get(line["id"], {}).get("tax_rates")
    found: list[Json] = own or invoice["default_tax_rates"]
    return found


def add_up(account: Account, invoice: Json) -> None:
    """Compute discounts, taxes and totals from the lines."""
    found = all_lines(account, invoice)
    discounts.apply(account, found, invoice["discounts"])
    taken: dict[str, int] = {}
    for line in found:
        taxes.apply(line, _rates(account, invoice, line))
        account.dirty.add(line["id"])
        for each in line["discount_amounts"]:
            taken[each["discount"]] = taken.get(each["discount"], 0) + each["amount"]
    total_taxes = taxes.summed(found)
    inclusive, exclusive = taxes.of(total_taxes, "inclusive"), taxes.of(total_taxes, "exclusive")
    subtotal = sum(line["amount"] for line in found)
    total = subtotal - sum(taken.values()) + exclusive
    invoice["lines"] = nested(found, f"/v1/invoices/{invoice['id']}/lines")
    invoice["subtotal"], invoice["subtotal_excluding_tax"] = subtotal, subtotal - inclusive
    invoice["total"], invoice["total_excluding_tax"] = total, total - inclusive - exclusive
    invoice["total_taxes"] = total_taxes
    invoice["total_discount_amounts"] = [{"amount": cut, "discount": each} for each, cut in taken.items()]
    customer = account.named("customer", invoice["customer"], "customer")
    invoice["starting_balance"] = customer["balance"]
    invoice["amount_due"] = invoice["amount_remaining"] = max(0, total + min(0, customer["balance"]))
    account.dirty.add(invoice["id"])


def schedule_finalization(account: Account, invoice: Json) -> None:
    """Let a draft be finalized by itself an hour after it was made."""
    due = account.now + HOUR
    invoice["automatically_finalizes_at"] = due
    account.dirty.add(invoice["id"])
    account.schedule("invoice.finalize", invoice["id"], due)


def finalize(account: Account, invoice: Json) -> None:
    """Give a draft its number, settle it with the customer's balance, and open it."""
    if invoice["status"] != "draft":
        message = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
        raise ApiError(message, code="invoice_no_longer_editable")
    account.unschedule("invoice.finalize", invoice["id"])
    customer = account.named("customer", invoice["customer"], "customer")
    before = account.snapshot(invoice)
    add_up(account, invoice)
    _take_number(account, invoice, customer)
    _settle_balance(account, invoice, customer)
    now = account.now
    invoice["status"], invoice["effective_at"] = "open", now
    invoice["status_transitions"]["finalized_at"] = now
    invoice["webhooks_delivered_at"] = now
    invoice["automatically_finalizes_at"] = None
    shown_at = f"{account.base_url}/_sandbox/invoices/{invoice['id']}"
    invoice["hosted_invoice_url"] = invoice["invoice_pdf"] = shown_at
    if invoice["collection_method"] == "send_invoice" and invoice["due_date"] is None:
        due = now + account.hidden.get(invoice["id"], {}).get("days_until_due", 30) * DAY
        invoice["due_date"] = due
        account.schedule("invoice.overdue", invoice["id"], due)
    account.saved(invoice, before, "invoice.updated", "invoice.finalized")


def _take_number(account: Account, invoice: Json, customer: Json) -> None:
    if invoice["number"] is None:
        invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
        customer["next_invoice_sequence"] += 1
        account.dirty.add(customer["id"])


def _settle_balance(account: Account, invoice: Json, customer: Json) -> None:
    """Move a negative total onto the customer's balance, or pay from the credit there."""
    total, balance = invoice["total"], customer["balance"]
    moved = -total if total < 0 else min(total, -balance) if balance < 0 else 0
    invoice["starting_balance"] = balance
    if moved:
        change_balance(
            account, customer, -moved if total < 0 else moved, "applied_to_invoice", invoice=invoice["id"]
        )
    invoice["ending_balance"] = customer["balance"]
    invoice["amount_due"] = invoice["amount_remaining"] = max(0, total - moved) if total > 0 else 0


def change_balance(account: Account, customer: Json, amount: int, kind: str, **links: str | None) -> Json:
    """Move a customer's balance (negative is credit) and keep a record of it."""
    before = account.snapshot(customer)
    customer["balance"] += amount
    record = customer_balance_transaction(account.ids.new("cbtxn"), customer, amount, kind, account.now)
    record.update(links)
    account.add(record)
    account.saved(customer, before, "customer.updated")
    return record


@duty("invoice.finalize")
def finalize_when_due(account: Account, invoice: Json) -> None:
    """Finalize a draft whose hour is over, and collect it."""
    from orchestration.demo.sandbox.billing import collection  # noqa: PLC0415 - the two call each other

    if invoice["status"] == "draft":
        collection.finalize_and_collect(account, invoice)
