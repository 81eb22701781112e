"""Collecting invoices: the first attempt, retries, recovery, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.account import duty
from orchestration.demo.sandbox.billing import invoicing, payments
from orchestration.demo.sandbox.periods import DAY
from orchestration.demo.sandbox.shapes.invoices import invoice_payment
from orchestration.demo.sandbox.shapes.payments import payment_intent

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json

WAITING = {"incomplete", "past_due", "unpaid"}


def customer_of(account: Account, thing: Json) -> Json:
    """Return the customer of a subscription or invoice."""
    return account.named("customer", thing["customer"], "customer")


def subscription_for(account: Account, invoice: Json) -> Json | None:
    """Return the subscription that made an invoice, if any."""
    return account.store.of("subscription").objects.get(invoicing.subscription_of(invoice) or "")


def method_for(account: Account, customer: Json, *holders: Json | None) -> Json | None:
    """Return the payment method to charge: the invoice's or subscription's own, else the customer's."""
    chosen = [holder["default_payment_method"] for holder in holders if holder]
    chosen.append(customer["invoice_settings"]["default_payment_method"])
    known = account.store.of("payment_method").objects
    return next((known[each] for each in chosen if each in known), None)


def finalize_and_collect(account: Account, invoice: Json) -> bool:
    """Finalize a draft and collect it as its subscription wants; True if nothing is left to pay."""
    subscription = subscription_for(account, invoice)
    pause = (subscription or {}).get("pause_collection")
    if pause and pause["behavior"] == "keep_as_draft":
        return False
    invoicing.finalize(account, invoice)
    if pause:
        void(account, invoice) if pause["behavior"] == "void" else give_up(account, invoice)
        return False
    if invoice["amount_due"] == 0:
        mark_paid(account, invoice, 0)
        return True
    if invoice["collection_method"] == "send_invoice":
        account.tell(invoice, "invoice.sent")
        return False
    open_payment(account, invoice)
    return attempt(account, invoice)


def open_payment(account: Account, invoice: Json) -> Json:
    """Make the payment intent of a finalized invoice, and the record that links the two."""
    intent = payment_intent(
        account.ids.new("pi"),
        invoice["amount_remaining"],
        invoice["currency"],
        invoice["customer"],
        account.now,
    )
    intent["description"] = {
        "subscription_create": "Subscription creation",
        "subscription_update": "Subscription update",
    }.get(invoice["billing_reason"], f"Payment for Invoice {invoice['number']}")
    intent["setup_future_usage"] = "off_session" if invoice["parent"] else None
    account.add(intent, "payment_intent.created")
    record = account.add(invoice_payment(account.ids.new("inpay"), invoice, intent["id"], account.now))
    account.store.of("invoice_payment").link("payment_intent", intent["id"], record["id"])
    return intent


def payment_of(account: Account, invoice: Json) -> tuple[Json, Json] | None:
    """Return an invoice's own payment record and its intent."""
    known = account.store.of("invoice_payment").under("invoice", invoice["id"])
    known = [record for record in known if record["is_default"]]
    if not known:
        return None
    return known[-1], account.store.by_id[known[-1]["payment"]["payment_intent"]]


def attempt(account: Account, invoice: Json, method: Json | None = None) -> bool:
    """Try to collect an open invoice; on failure the subscription follows and a retry is planned."""
    customer, subscription = customer_of(account, invoice), subscription_for(account, invoice)
    method = method or method_for(account, customer, subscription, invoice)
    found = payment_of(account, invoice)
    intent = found[1] if found else open_payment(account, invoice)
    refusal = "no_payment_method" if method is None else payments.confirm(account, intent, method)
    before = account.snapshot(invoice)
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    if refusal is None:
        mark_paid(account, invoice, invoice["amount_remaining"], before)
        return True
    _plan_retry(account, invoice)
    account.saved(invoice, before, "invoice.updated", "invoice.payment_failed")
    _set_delinquent(account, customer, is_delinquent=True)
    if subscription is not None:
        _fall_behind(account, subscription, invoice)
    return False


def _plan_retry(account: Account, invoice: Json) -> None:
    days, tries = account.settings["retry_days"], invoice["attempt_count"]
    invoice["next_payment_attempt"] = None
    if invoice["auto_advance"] and tries <= len(days) and invoice["billing_reason"] != "subscription_create":
        invoice["next_payment_attempt"] = account.now + days[tries - 1] * DAY
        account.schedule("invoice.retry", invoice["id"], invoice["next_payment_attempt"])


def _fall_behind(account: Account, subscription: Json, invoice: Json) -> None:
    """Mark a subscription past due, or end it when the last retry failed."""
    from orchestration.demo.sandbox.billing import lifecycle  # noqa: PLC0415 - the two call each other

    if subscription["status"] in {"incomplete", "canceled", "incomplete_expired"}:
        return
    exhausted = invoice["next_payment_attempt"] is None and invoice["auto_advance"]
    outcome = account.settings["after_retries"] if exhausted else "past_due"
    if outcome == "cancel":
        lifecycle.cancel(account, subscription, reason="payment_failed")
        return
    before = account.snapshot(subscription)
    subscription["status"] = outcome
    account.saved(subscription, before, "customer.subscription.updated")


def _set_delinquent(account: Account, customer: Json, *, is_delinquent: bool) -> None:
    before = account.snapshot(customer)
    customer["delinquent"] = is_delinquent
    account.saved(customer, before, "customer.updated")


def mark_paid(account: Account, invoice: Json, amount: int, before: bytes | None = None) -> None:
    """Close an invoice as paid, and let its subscription recover."""
    before = before or account.snapshot(invoice)
    account.unschedule("invoice.retry", invoice["id"])
    account.unschedule("invoice.overdue", invoice["id"])
    now = account.now
    invoice["status"], invoice["status_transitions"]["paid_at"] = "paid", now
    invoice["amount_paid"] += amount
    invoice["amount_remaining"] = 0
    invoice["attempted"], invoice["next_payment_attempt"] = True, None
    found = payment_of(account, invoice)
    if found and found[1]["status"] == "succeeded":
        _tell_paid(account, found[0], amount)
    account.saved(invoice, before, "invoice.updated", "invoice.paid", "invoice.payment_succeeded")
    customer, subscription = customer_of(account, invoice), subscription_for(account, invoice)
    if customer["delinquent"] and not _open_invoices(account, customer):
        _set_delinquent(account, customer, is_delinquent=False)
    if subscription is not None and subscription["status"] in WAITING:
        _recover(account, subscription, invoice)


def attach(account: Account, invoice: Json, intent: Json) -> Json:
    """Add a payment to an invoice beside its own; it is credited as soon as it has succeeded."""
    record = invoice_payment(account.ids.new("inpay"), invoice, intent["id"], account.now)
    record.update(is_default=False, amount_requested=intent["amount"])
    account.add(record)
    account.store.of("invoice_payment").link("payment_intent", intent["id"], record["id"])
    if intent["status"] == "succeeded":
        credit(account, invoice, record, intent["amount_received"])
    return record


def credit(account: Account, invoice: Json, record: Json, received: int) -> None:
    """Credit a payment to an open invoice; what is too much goes to the customer's balance."""
    _tell_paid(account, record, received)
    before, left = account.snapshot(invoice), invoice["amount_remaining"]
    found = payment_of(account, invoice)
    if received < left:
        invoice["amount_paid"] += received
        invoice["amount_remaining"] -= received
        account.saved(invoice, before, "invoice.updated")
        if found:
            found[0]["amount_requested"] = found[1]["amount"] = invoice["amount_remaining"]
            account.dirty.update((found[0]["id"], found[1]["id"]))
        return
    if found:
        _cancel_payment(account, *found, "automatic")
    if received > left:
        invoice["amount_overpaid"] += received - left
        customer = customer_of(account, invoice)
        invoicing.change_balance(
            account, customer, left - received, "invoice_overpaid", invoice=invoice["id"]
        )
    mark_paid(account, invoice, left, before)


def pay_elsewhere(account: Account, invoice: Json) -> None:
    """Record that what remains of an invoice was paid outside Stripe; its own payment is canceled."""
    found = payment_of(account, invoice)
    if found and found[1]["status"] not in {"succeeded", "canceled"}:
        _cancel_payment(account, *found, "automatic")
    record = invoice_payment(account.ids.new("inpay"), invoice, None, account.now)
    record["payment"] = {"payment_record": account.ids.new("prec"), "type": "payment_record"}
    record["is_default"] = False
    account.add(record)
    _tell_paid(account, record, invoice["amount_remaining"])
    mark_paid(account, invoice, invoice["amount_remaining"])


def _tell_paid(account: Account, record: Json, amount: int) -> None:
    record["status"], record["amount_paid"] = "paid", amount
    record["status_transitions"]["paid_at"] = account.now
    account.saved(record, b"", None, "invoice_payment.paid")


def _open_invoices(account: Account, customer: Json) -> list[Json]:
    known = account.store.of("invoice").under("customer", customer["id"])[-20:]
    return [each for each in known if each["status"] == "open" and each["attempted"]]


def _recover(account: Account, subscription: Json, invoice: Json) -> None:
    if subscription["latest_invoice"] != invoice["id"]:
        return
    account.unschedule("subscription.expire", subscription["id"])
    before = account.snapshot(subscription)
    subscription["status"] = "active"
    account.saved(subscription, before, account.once_told(subscription, "customer.subscription.updated"))


@duty("invoice.retry")
def retry(account: Account, invoice: Json) -> None:
    """Try again what failed before."""
    if invoice["status"] == "open":
        attempt(account, invoice)


@duty("invoice.overdue")
def overdue(account: Account, invoice: Json) -> None:
    """Let a sent invoice pass its due date."""
    if invoice["status"] != "open":
        return
    account.tell(invoice, "invoice.overdue")
    subscription = subscription_for(account, invoice)
    if subscription is not None and subscription["status"] == "active":
        before = account.snapshot(subscription)
        subscription["status"] = "past_due"
        account.saved(subscription, before, "customer.subscription.updated")


def void(account: Account, invoice: Json) -> None:
    """Declare an open invoice void, and cancel its payment."""
    _close(account, invoice, "void", "voided_at", "invoice.voided", "void_invoice")


def give_up(account: Account, invoice: Json) -> None:
    """Mark an open invoice uncollectible."""
    _close(account, invoice, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible", None)


def _close(account: Account, invoice: Json, status: str, when: str, event: str, reason: str | None) -> None:
    account.unschedule("invoice.retry", invoice["id"])
    before = account.snapshot(invoice)
    invoice["status"], invoice["status_transitions"][when] = status, account.now
    invoice["next_payment_attempt"] = None
    account.saved(invoice, before, "invoice.updated", event)
    found = payment_of(account, invoice) if reason else None
    if found and found[1]["status"] != "succeeded":
        _cancel_payment(account, *found, reason or "")


def _cancel_payment(account: Account, record: Json, intent: Json, reason: str) -> None:
    before = account.snapshot(intent)
    intent.update(status="canceled", canceled_at=account.now, cancellation_reason=reason)
    account.saved(intent, before, None, "payment_intent.canceled")
    record["status"], record["status_transitions"]["canceled_at"] = "canceled", account.now
    account.dirty.add(record["id"])
