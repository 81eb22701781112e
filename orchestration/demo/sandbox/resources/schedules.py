"""Subscription schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.billing import lifecycle, phases
from orchestration.demo.sandbox.errors import ApiError, Json, required
from orchestration.demo.sandbox.lists import listing
from orchestration.demo.sandbox.params import (
    Spec,
    boolean,
    choice,
    count,
    integer,
    many,
    mapping,
    merge_metadata,
    moment,
    text,
)
from orchestration.demo.sandbox.resources.subscriptions import DISCOUNTS, PRORATION
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes import subscriptions as shapes

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_ITEM = Spec(
    price=text, plan=text, quantity=count, metadata=mapping, discounts=DISCOUNTS, tax_rates=many(text)
)
_PHASE = Spec(
    "items",
    collection_method=text,
    currency=text,
    default_payment_method=text,
    default_tax_rates=many(text),
    description=text,
    discounts=DISCOUNTS,
    duration=Spec("interval", interval=choice("day", "week", "month", "year"), interval_count=count),
    end_date=integer,
    items=many(_ITEM),
    iterations=count,
    metadata=mapping,
    proration_behavior=PRORATION,
    start_date=moment,
    trial=boolean,
    trial_end=integer,
)
_UPDATE = Spec(
    default_settings=Spec(
        billing_cycle_anchor=choice("automatic", "phase_start"),
        collection_method=choice("charge_automatically", "send_invoice"),
        default_payment_method=text,
        description=text,
    ),
    end_behavior=choice("cancel", "none", "release", "renew"),
    metadata=mapping,
    phases=many(_PHASE),
    proration_behavior=PRORATION,
)
_CREATE = _UPDATE.with_(customer=text, from_subscription=text, start_date=moment)


@route("POST /v1/subscription_schedules")
def create(account: Account, form: Json) -> Json:
    """Create a schedule, of a running subscription or of one to come."""
    values = _CREATE.read(form)
    if values.get("from_subscription"):
        return _adopt(account, values)
    if not values.get("customer"):
        raise required(param="customer")
    if not values.get("phases"):
        raise required(param="phases")
    customer = account.named("customer", values["customer"], "customer")
    schedule = shapes.schedule(account.ids.new("sub_sched"), customer["id"], account.now)
    schedule["test_clock"] = customer["test_clock"]
    start = values.get("start_date")
    schedule["phases"] = phases.laid_out(
        account, values["phases"], start if isinstance(start, int) else account.now
    )
    account.enter(customer["id"])
    _settle(schedule, values)
    account.add(schedule)
    if schedule["phases"][0]["start_date"] <= account.now:
        phases.begin(account, schedule)
    phases.follow(account, schedule)
    account.tell(schedule, "subscription_schedule.created")
    return schedule


def _adopt(account: Account, values: Json) -> Json:
    subscription = account.named("subscription", values["from_subscription"], "from_subscription")
    if subscription["schedule"]:
        message = "You cannot migrate a subscription that is already attached to a schedule."
        raise ApiError(message, param="from_subscription")
    if subscription["status"] in lifecycle.ENDED:
        message = "You cannot migrate a subscription that has ended."
        raise ApiError(message, param="from_subscription")
    schedule = shapes.schedule(account.ids.new("sub_sched"), subscription["customer"], account.now)
    schedule.update(status="active", subscription=subscription["id"], test_clock=subscription["test_clock"])
    schedule["phases"] = [phases.from_subscription(account, subscription)]
    _settle(schedule, values)
    account.add(schedule)
    phases.follow(account, schedule)
    before = account.snapshot(subscription)
    subscription["schedule"] = schedule["id"]
    account.saved(subscription, before, "customer.subscription.updated")
    account.tell(schedule, "subscription_schedule.created")
    return schedule


def _settle(schedule: Json, values: Json) -> None:
    schedule["end_behavior"] = values.get("end_behavior") or schedule["end_behavior"]
    schedule["metadata"] = merge_metadata(schedule["metadata"], values.get("metadata"))
    schedule["default_settings"].update(values.get("default_settings") or {})


def _running(account: Account, schedule_id: str) -> Json:
    schedule = account.get("subscription_schedule", schedule_id)
    if schedule["status"] not in phases.RUNNING:
        message = f"You cannot change a schedule that is {schedule['status']}."
        raise ApiError(message)
    return schedule


@route("POST /v1/subscription_schedules/{id}")
def update(account: Account, form: Json, schedule_id: str) -> Json:
    """Change what is to come; phases are given anew, from the current one on."""
    schedule = _running(account, schedule_id)
    values = _UPDATE.read(form)
    before = account.snapshot(schedule)
    _settle(schedule, values)
    if values.get("phases"):
        start = schedule["phases"][0]["start_date"]
        schedule["phases"] = phases.laid_out(account, values["phases"], start)
        account.enter(schedule_id)
        phases.follow(account, schedule)
    account.saved(schedule, before, "subscription_schedule.updated")
    return schedule


@route("POST /v1/subscription_schedules/{id}/release")
def release(account: Account, form: Json, schedule_id: str) -> Json:
    """Let the subscription run on by itself."""
    schedule = _running(account, schedule_id)
    Spec(preserve_cancel_date=boolean).read(form)
    phases.release(account, schedule, account.snapshot(schedule))
    return schedule


@route("POST /v1/subscription_schedules/{id}/cancel")
def cancel(account: Account, form: Json, schedule_id: str) -> Json:
    """End the schedule and its subscription now."""
    schedule = _running(account, schedule_id)
    Spec(invoice_now=boolean, prorate=boolean).read(form)
    subscription = account.store.of("subscription").objects.get(schedule["subscription"] or "")
    if subscription is not None and subscription["status"] not in lifecycle.ENDED:
        lifecycle.cancel(account, subscription, reason="cancellation_requested")
        return schedule
    before = account.snapshot(schedule)
    account.unschedule("schedule.phase", schedule_id)
    schedule.update(status="canceled", canceled_at=account.now, current_phase=None)
    account.saved(schedule, before, "subscription_schedule.updated", "subscription_schedule.canceled")
    return schedule


retrieval("subscription_schedule", "/v1/subscription_schedules")
listing(
    "subscription_schedule",
    "/v1/subscription_schedules",
    customer=text,
    scheduled=boolean,
    keep=lambda schedule, wanted: not wanted.get("scheduled") or schedule["status"] == "not_started",
)
