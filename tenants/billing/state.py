"""What a tenant's billing is, read from the facts of its Stripe customer; a pure function of them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tenants.billing.facts import Fact
    from tenants.billing.gateway import Json
    from tenants.catalogue import Catalogue
    from tenants.tenancy.records import TenantStatus

# Stripe's status → ours; None leaves the tenant as it was.
STATUS_OF: dict[str, TenantStatus | None] = {
    "trialing": "trial",
    "active": "active",
    "past_due": "past_due",
    "unpaid": "past_due",
    "paused": "paused",
    "canceled": "canceled",
    "incomplete_expired": "canceled",
    "incomplete": None,
}
# Statuses of a subscription that goes on, or could.
RUNNING = frozenset({"trialing", "active", "past_due", "unpaid", "paused", "incomplete"})
# Of those, the ones that have begun.
LIVE = RUNNING - {"incomplete"}
# Statuses of one that is over.
ENDED = frozenset({"canceled", "incomplete_expired"})
# Which of several subscriptions speaks for the tenant: the one that lets it do most.
_PRECEDENCE = ("active", "trialing", "past_due", "unpaid", "paused", "incomplete", "canceled")
# https://docs.stripe.com/currencies
_ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
SEATS = "seats"


class Payment(msgspec.Struct, frozen=True):
    """An amount in major units, with its invoice where there is one."""

    amount: Decimal
    currency: str
    at: datetime | None
    invoice_id: str | None = None


class BillingState(msgspec.Struct, frozen=True, kw_only=True):
    """The billing of one tenant.

    Attributes:
        status: The tenant's status, None where the facts leave it as it was.
        seats: Seats bought beside the plan's.
        payment_failures: Failed attempts on invoices that are still unpaid, but for those of a subscription
            that is over: Stripe collects these no longer, and nothing that goes on depends on them.
        next_payment: The regular amount before discounts, tax and prorations; None where none is due.
        pay_link: Where a person pays the oldest unpaid invoice.
    """

    status: TenantStatus | None = None
    subscription_id: str | None = None
    stripe_status: str | None = None
    plan: str | None = None
    interval: str | None = None
    seats: int = 0
    trial_end: datetime | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    usage_anchor_at: datetime | None = None
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    payment_failures: int = 0
    last_payment: Payment | None = None
    next_payment: Payment | None = None
    pay_link: str | None = None


def read_state(facts: Iterable[Fact], catalogue: Catalogue) -> BillingState:
    """Return the billing that facts of one customer add up to."""
    bodies = [fact.body for fact in facts]
    subscriptions = [body for body in bodies if body["object"] == "subscription"]
    invoices = [body for body in bodies if body["object"] == "invoice"]
    over = {str(body["id"]) for body in subscriptions if body["status"] in ENDED}
    about_payment = _payment_fields(invoices, over)
    if not subscriptions:
        return BillingState(**about_payment)
    return BillingState(**about_payment, **_subscription_fields(_leading(subscriptions), catalogue))


def major(minor: int | str | Decimal, currency: str) -> Decimal:
    """Return an amount in major units of its currency, from Stripe's minor ones."""
    code = currency.upper()
    places = 0 if code in _ZERO_DECIMAL else 3 if code in _THREE_DECIMAL else 2
    return Decimal(minor).scaleb(-places)


def moment(second: int | None) -> datetime | None:
    """Return one of Stripe's times, aware and in UTC."""
    return None if second is None else datetime.fromtimestamp(second, UTC)


def plan_items(subscription: Json, catalogue: Catalogue) -> list[tuple[str, Json]]:
    """Return the items that stand for a plan of the catalogue, with the plan's id."""
    known = {plan.id for plan in catalogue.plans}
    named = [(_plan_named(item, catalogue), item) for item in subscription["items"]["data"]]
    return [(name, item) for name, item in named if name in known]


def seat_items(subscription: Json) -> list[Json]:
    """Return the items that stand for seats beside the plan's."""
    return [item for item in subscription["items"]["data"] if _metadata(item).get("plan") == SEATS]


def interval_of(price: Json) -> str:
    """Return how a price is paid: month, quarter or year, else Stripe's words."""
    recurring = price.get("recurring") or {}
    unit, times = recurring.get("interval", "month"), recurring.get("interval_count", 1)
    named = {("month", 1): "month", ("month", 3): "quarter", ("year", 1): "year", ("month", 12): "year"}
    return named.get((unit, times), f"{times} {unit}s")


def _leading(subscriptions: Sequence[Json]) -> Json:
    def rank(body: Json) -> tuple[int, int, str]:
        status = str(body["status"])
        place = _PRECEDENCE.index(status) if status in _PRECEDENCE else len(_PRECEDENCE)
        return place, -int(body["created"]), str(body["id"])

    return min(subscriptions, key=rank)


def _subscription_fields(body: Json, catalogue: Catalogue) -> dict[str, Any]:
    plans = plan_items(body, catalogue)
    plan, item = plans[0] if plans else (None, (body["items"]["data"] or [{}])[0])
    ends = body.get("cancel_at")
    is_ending = bool(body.get("cancel_at_period_end")) or ends is not None
    period_end = moment(item.get("current_period_end", body.get("current_period_end")))
    is_charged = body["status"] in {"trialing", "active", "past_due"} and not is_ending
    return {
        "status": STATUS_OF.get(str(body["status"])),
        "subscription_id": body["id"],
        "stripe_status": body["status"],
        "plan": plan,
        "interval": interval_of(item.get("price") or {}),
        "seats": sum(int(each.get("quantity") or 0) for each in seat_items(body)),
        "trial_end": moment(body.get("trial_end")),
        "period_start": moment(item.get("current_period_start", body.get("current_period_start"))),
        "period_end": period_end,
        "usage_anchor_at": moment(body.get("billing_cycle_anchor") or body.get("start_date")),
        "cancel_at": moment(ends),
        "cancel_at_period_end": is_ending,
        "next_payment": _regular_amount(body, period_end) if is_charged else None,
    }


def _payment_fields(invoices: Sequence[Json], over: Collection[str]) -> dict[str, Any]:
    unpaid = [each for each in invoices if each.get("status") == "open" and each.get("attempt_count")]
    paid = [each for each in invoices if each.get("status") == "paid" and each.get("amount_paid")]
    newest = max(paid, key=_paid_second, default=None)
    oldest = min(unpaid, key=lambda each: (each["created"], each["id"]), default=None)
    return {
        "payment_failures": sum(
            int(each["attempt_count"]) for each in unpaid if _subscription_of(each) not in over
        ),
        "pay_link": None if oldest is None else oldest.get("hosted_invoice_url"),
        "last_payment": None
        if newest is None
        else Payment(
            major(newest["amount_paid"], newest["currency"]),
            str(newest["currency"]).upper(),
            moment(_paid_second(newest)[0]),
            str(newest["id"]),
        ),
    }


def _subscription_of(invoice: Json) -> str | None:
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    subscription: str | None = details.get("subscription")
    return subscription


def _paid_second(invoice: Json) -> tuple[int, str]:
    at = (invoice.get("status_transitions") or {}).get("paid_at") or invoice["created"]
    return int(at), str(invoice["id"])


def _regular_amount(body: Json, at: datetime | None) -> Payment | None:
    amounts = [
        Decimal(str(price["unit_amount_decimal"])) * int(item.get("quantity") or 1)
        for item in body["items"]["data"]
        if (price := item.get("price") or {}).get("unit_amount_decimal") is not None
    ]
    currency = str(body["currency"])
    return Payment(major(sum(amounts, Decimal(0)), currency), currency.upper(), at) if amounts else None


def _plan_named(item: Json, catalogue: Catalogue) -> str | None:
    named = _metadata(item).get("plan")
    if named is not None:
        return str(named)
    parts = str((item.get("price") or {}).get("lookup_key") or "").removeprefix(f"{catalogue.name}_")
    return next((plan.id for plan in catalogue.plans if parts.rsplit("_", 2)[0] == plan.id), None)


def _metadata(item: Json) -> Json:
    return (item.get("price") or {}).get("metadata") or {}
