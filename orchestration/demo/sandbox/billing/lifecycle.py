"""A subscription's course: start, renewal, end of trial, cancellation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.account import duty
from orchestration.demo.sandbox.billing import collection, invoicing, lines, usage
from orchestration.demo.sandbox.lists import nested
from orchestration.demo.sandbox.periods import DAY, HOUR, boundary_after

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json

ENDED = {"canceled", "incomplete_expired"}
TRIAL_NOTICE = 3 * DAY
FIRST_PAYMENT = 23 * HOUR
RECENT = 3


def items_of(account: Account, subscription: Json) -> list[Json]:
    """Return all items of a subscription, also those its short form leaves out."""
    return account.store.of("subscription_item").under("subscription", subscription["id"])


def show_items(account: Account, subscription: Json) -> None:
    """Put the first ten items into the subscription's own list."""
    subscription["items"] = nested(items_of(account, subscription), subscription["items"]["url"])


def is_metered(item: Json) -> bool:
    """Tell whether an item is billed by usage, in arrears."""
    return bool(item["price"]["recurring"]["usage_type"] == "metered")


def set_period(item: Json, start: int, anchor: int) -> None:
    """Give an item the period that begins at `start` and ends at the anchor's next boundary."""
    recurring = item["price"]["recurring"]
    item["current_period_start"] = start
    item["current_period_end"] = boundary_after(
        anchor, recurring["interval"], recurring["interval_count"], start
    )


def plan_next(account: Account, subscription: Json) -> None:
    """Appoint the subscription's next renewal and, if it ends, its end."""
    ends = [item["current_period_end"] for item in items_of(account, subscription)]
    due = min(ends)
    if subscription["cancel_at"] is not None:
        due = min(due, subscription["cancel_at"])
    account.schedule("subscription.cycle", subscription["id"], due)


def start_trial(account: Account, subscription: Json, end: int) -> None:
    """Put a subscription on trial until a moment; every item's period is the trial."""
    subscription["status"] = "trialing"
    subscription["trial_start"] = subscription["trial_start"] or account.now
    subscription["trial_end"], subscription["billing_cycle_anchor"] = end, end
    for item in items_of(account, subscription):
        item["current_period_start"], item["current_period_end"] = account.now, end
        account.dirty.add(item["id"])
    account.schedule("subscription.trial_will_end", subscription["id"], max(account.now, end - TRIAL_NOTICE))


def period_lines(account: Account, subscription: Json, ended: dict[str, tuple[int, int]]) -> list[Json]:
    """Return the lines of a new period: licensed items ahead, metered ones for the period that ended.

    Args:
        account: Where.
        subscription: Whose items.
        ended: The period that ended, by item id; none for items that begin.
    """
    made: list[Json] = []
    for item in items_of(account, subscription):
        period = (item["current_period_start"], item["current_period_end"])
        if is_metered(item):
            if item["id"] in ended:
                used = usage.quantity(account, item["price"], subscription["customer"], ended[item["id"]])
                made += lines.for_item(account, item, ended[item["id"]], used)
        elif item["id"] in ended or period[0] == account.now:
            made += lines.for_item(account, item, period)
    return made


def bill(
    account: Account,
    subscription: Json,
    own_lines: list[Json],
    reason: str,
    period: tuple[int, int] | None = None,
) -> Json:
    """Draft an invoice for a subscription and make it the latest; it is told with the next change."""
    customer = collection.customer_of(account, subscription)
    invoice = invoicing.draft(
        account, customer, subscription["currency"], subscription, own_lines, reason=reason, period=period
    )
    account.tell(invoice, "invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    account.dirty.add(subscription["id"])
    return invoice


@duty("subscription.trial_will_end")
def trial_will_end(account: Account, subscription: Json) -> None:
    """Tell that a trial ends in three days."""
    if subscription["status"] == "trialing":
        account.tell(subscription, "customer.subscription.trial_will_end")


@duty("subscription.expire")
def expire(account: Account, subscription: Json) -> None:
    """Let a subscription lapse whose first payment never came."""
    if subscription["status"] != "incomplete":
        return
    before = account.snapshot(subscription)
    subscription["status"], subscription["ended_at"] = "incomplete_expired", account.now
    account.unschedule("subscription.cycle", subscription["id"])
    account.saved(subscription, before, "customer.subscription.updated")
    invoice = account.store.of("invoice").objects.get(subscription["latest_invoice"] or "")
    if invoice is not None and invoice["status"] == "open":
        collection.void(account, invoice)


@duty("subscription.cycle")
def cycle(account: Account, subscription: Json) -> None:
    """Do what the end of a period asks for: end the subscription, its trial, or renew it."""
    if subscription["status"] in ENDED | {"paused", "incomplete"}:
        return
    cancel_at = subscription["cancel_at"]
    if cancel_at is not None and cancel_at <= account.now:
        _cancel_as_planned(account, subscription)
    elif subscription["status"] == "trialing" and _lacks_method(account, subscription):
        _end_trial_without_method(account, subscription)
    else:
        renew(account, subscription)


def _cancel_as_planned(account: Account, subscription: Json) -> None:
    metered = {
        item["id"]: (item["current_period_start"], account.now)
        for item in items_of(account, subscription)
        if is_metered(item)
    }
    final = [
        line
        for item in items_of(account, subscription)
        if item["id"] in metered
        for line in lines.for_item(
            account,
            item,
            metered[item["id"]],
            usage.quantity(account, item["price"], subscription["customer"], metered[item["id"]]),
        )
    ]
    if any(line["amount"] for line in final):
        bill(account, subscription, final, "subscription_cycle")
    cancel(account, subscription, reason="cancellation_requested")


def _lacks_method(account: Account, subscription: Json) -> bool:
    wish = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    customer = collection.customer_of(account, subscription)
    return wish != "create_invoice" and collection.method_for(account, customer, subscription) is None


def _end_trial_without_method(account: Account, subscription: Json) -> None:
    if subscription["trial_settings"]["end_behavior"]["missing_payment_method"] == "cancel":
        cancel(account, subscription, reason="payment_failed")
        return
    before = account.snapshot(subscription)
    subscription["status"] = "paused"
    subscription["status_details"] = paused_details("trial_end_without_payment_method", account.now)
    account.saved(subscription, before, "customer.subscription.updated", "customer.subscription.paused")


def paused_details(reason: str, now: int) -> Json:
    """Return why and since when a subscription is paused."""
    return {"paused": {"subscription": {"type": reason}, "transitioned_at": now, "type": "subscription"}}


def renew(account: Account, subscription: Json) -> None:
    """Roll the items whose period is over into the next one and draft the invoice."""
    before = account.snapshot(subscription)
    ended: dict[str, tuple[int, int]] = {}
    was_trial = subscription["status"] == "trialing"
    if was_trial:
        subscription["status"] = "active"
    for item in items_of(account, subscription):
        if item["current_period_end"] <= account.now:
            ended[item["id"]] = (item["current_period_start"], item["current_period_end"])
            set_period(item, item["current_period_end"], subscription["billing_cycle_anchor"])
            account.dirty.add(item["id"])
    made = period_lines(account, subscription, {} if was_trial else ended)
    span = next(iter(ended.values()), None)
    bill(account, subscription, made, "subscription_cycle", span)
    plan_next(account, subscription)
    account.saved(subscription, before, "customer.subscription.updated")


def cancel(account: Account, subscription: Json, *, reason: str, details: Json | None = None) -> None:
    """End a subscription now."""
    before = account.snapshot(subscription)
    subscription["status"], subscription["ended_at"] = "canceled", account.now
    subscription["canceled_at"] = subscription["canceled_at"] or account.now
    subscription["cancellation_details"] = {
        **subscription["cancellation_details"],
        **(details or {}),
        "reason": subscription["cancellation_details"]["reason"] or reason,
    }
    for kind in (
        "subscription.cycle",
        "subscription.trial_will_end",
        "subscription.expire",
        "subscription.unpause",
    ):
        account.unschedule(kind, subscription["id"])
    for invoice in account.store.of("invoice").under("subscription", subscription["id"])[-RECENT:]:
        if account.due("invoice.finalize", invoice["id"]) != account.now + HOUR:
            stop_collecting(account, invoice)
    _end_schedule(account, subscription)
    account.saved(subscription, before, None, "customer.subscription.deleted")


def stop_collecting(account: Account, invoice: Json) -> None:
    """Let a draft or open invoice rest: nothing finalizes or retries it any more."""
    if invoice["status"] not in {"draft", "open"}:
        return
    for kind in ("invoice.finalize", "invoice.retry", "invoice.overdue"):
        account.unschedule(kind, invoice["id"])
    before = account.snapshot(invoice)
    invoice["auto_advance"], invoice["next_payment_attempt"] = False, None
    invoice["automatically_finalizes_at"] = None
    account.saved(invoice, before, "invoice.updated")


def _end_schedule(account: Account, subscription: Json) -> None:
    schedule = account.store.of("subscription_schedule").objects.get(subscription["schedule"] or "")
    if schedule is None or schedule["status"] not in {"active", "not_started"}:
        return
    account.unschedule("schedule.phase", schedule["id"])
    before = account.snapshot(schedule)
    schedule["status"], schedule["canceled_at"], schedule["current_phase"] = "canceled", account.now, None
    account.saved(schedule, before, "subscription_schedule.updated", "subscription_schedule.canceled")


@duty("subscription.unpause")
def resume_collection(account: Account, subscription: Json) -> None:
    """Let a pause of collection end at the moment that was set for it."""
    before = account.snapshot(subscription)
    subscription["pause_collection"] = None
    account.saved(subscription, before, "customer.subscription.updated")
