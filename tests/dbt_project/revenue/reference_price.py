"""What one subscription is worth a month at one instant: the rules once more, in plain exact arithmetic.

Written from the rules alone and on another plan than the SQL: no change points, only "how much now".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]
ZERO_DECIMAL = {"jpy", "krw", "vnd", "clp", "xof"}
THREE_DECIMAL = {"bhd", "kwd", "jod", "omr", "tnd"}
COUNTED = {
    "none": set(),
    "forever": {"forever"},
    "recurring": {"forever", "repeating"},
    "all": {"forever", "repeating", "once"},
}


@dataclass
class Moment:
    """Everything beside the subscription's own body that its worth depends on at an instant."""

    at: datetime
    policy: Json
    past_due_since: datetime | None = None
    customer_discount: Json | None = None
    customer_deleted: bool = False


def number(text: object) -> Fraction:
    """Return a switch such as 52/12, 4.33 or 4 as an exact fraction."""
    return Fraction(str(text))


def period_amount(price: Json, quantity: int | None) -> Fraction:
    """Return what one billing period costs, in minor units, before discounts."""
    recurring = price["recurring"]
    if recurring["usage_type"] == "metered":
        return Fraction(0)
    count = 1 if quantity is None else quantity
    if price["billing_scheme"] == "tiered":
        return tiered(price, count)
    unit = price.get("unit_amount_decimal")
    if unit is None:
        return Fraction(0)
    packages = price.get("transform_quantity")
    if packages:
        rounding = ceil if packages["round"] == "up" else floor
        count = rounding(Fraction(count, packages["divide_by"]))
    return Fraction(unit) * count


def tiered(price: Json, count: int) -> Fraction:
    """Return a graduated or volume amount: unit by unit, or by the one tier that holds them all."""
    below, total = 0, Fraction(0)
    for tier in price["tiers"]:
        bound = count if tier["up_to"] is None else tier["up_to"]
        unit, flat = (
            Fraction(tier.get(f"{name}_decimal") or tier.get(name) or 0)
            for name in ("unit_amount", "flat_amount")
        )
        if price["tiers_mode"] == "volume":
            if count <= bound:
                return flat + unit * count
        elif count > below or below == 0:
            total += flat + unit * (min(count, bound) - below)
        below = bound
    return total


def factor(price: Json, policy: Json) -> Fraction:
    """Return how much of a billing period falls into a month."""
    unit, count = price["recurring"]["interval"], price["recurring"]["interval_count"]
    months = {
        "month": Fraction(1),
        "year": Fraction(1, 12),
        "week": number(policy["week_factor"]),
        "day": number(policy["day_factor"]),
    }
    return months[unit] / count


def is_live(body: Json, moment: Moment) -> bool:  # noqa: PLR0911 - one answer a rule
    """Tell whether a subscription's status bears MRR at the instant."""
    policy, status = moment.policy, body["status"]
    if moment.customer_deleted:
        return False
    if policy["churn_at"] == "scheduled" and (body["cancel_at_period_end"] or body.get("cancel_at")):
        return False
    asked = body.get("canceled_at")
    if policy["churn_at"] == "canceled" and asked and asked <= moment.at.timestamp():
        return False
    if status == "paused" or body.get("pause_collection"):
        if policy["paused"] == "zero":
            return False
        if status == "paused":
            return True
    if status == "past_due" and policy["past_due_days"] != "never":
        assert moment.past_due_since is not None
        age = (moment.at - moment.past_due_since).total_seconds()
        return age < policy["past_due_days"] * 24 * 3600
    return status in {"active", "past_due"}


def running(discounts: list[Json], at: datetime) -> list[Json]:
    """Return the discounts that have begun and not ended."""
    now = at.timestamp()
    return [d for d in discounts if d["start"] <= now and not (d["end"] and now >= d["end"])]


def discounted(body: Json, amounts: dict[str, Fraction], moment: Moment) -> dict[str, Fraction]:
    """Return the items' amounts after all discounts that the policy counts."""
    items = sorted(body["items"]["data"], key=lambda item: item["id"])
    own = [(item["id"], d) for item in items for d in running(item["discounts"], moment.at)]
    own += [(None, d) for d in running(body["discounts"], moment.at)]
    if not own and moment.customer_discount:
        own = [(None, d) for d in running([moment.customer_discount], moment.at)]
    eligible = [item["id"] for item in items if item["price"]["recurring"]["usage_type"] == "licensed"]
    for holder, discount in own:
        coupon = discount["source"]["coupon"]
        if coupon["duration"] not in COUNTED[moment.policy["discounts"]]:
            continue
        covered = [item for item in eligible if holder in (None, item)]
        total = sum((amounts[item] for item in covered), Fraction(0))
        if coupon.get("percent_off") is not None:
            kept = 1 - Fraction(str(coupon["percent_off"])) / 100
        elif coupon.get("currency") == body["currency"] and total:
            kept = max(total - coupon["amount_off"], Fraction(0)) / total
        else:
            kept = Fraction(1)
        for item in covered:
            amounts[item] *= kept
    return amounts


def tax_share(item: Json, policy: Json) -> Fraction:
    """Return the part of an inclusive amount that is not tax."""
    if policy["tax"] == "include":
        return Fraction(1)
    rate = sum(Fraction(str(r["percentage"])) for r in item["tax_rates"] if r["inclusive"])
    return 100 / (100 + rate) if rate else Fraction(1)


def rounded(value: Fraction) -> Fraction:
    """Round half up to eight places of the major unit."""
    return Fraction(floor(value * 10**8 + Fraction(1, 2)), 10**8)


def mrr(body: Json, moment: Moment) -> Fraction:
    """Return a subscription's MRR at the instant, each item rounded once."""
    if not is_live(body, moment):
        return Fraction(0)
    items = {item["id"]: item for item in body["items"]["data"]}
    amounts = {name: period_amount(item["price"], item["quantity"]) for name, item in items.items()}
    amounts = discounted(body, amounts, moment)
    digits = 0 if body["currency"] in ZERO_DECIMAL else 3 if body["currency"] in THREE_DECIMAL else 2
    return sum(
        (
            rounded(
                amounts[name]
                * factor(item["price"], moment.policy)
                * tax_share(item, moment.policy)
                / 10**digits
            )
            for name, item in items.items()
        ),
        Fraction(0),
    )
