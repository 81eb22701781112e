"""What one subscription is worth a month at one instant: the rules once more, in plain exact arithmetic.

Written from the rules alone and on another plan than the SQL: no change points, only "how much now".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
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


@dataclass(frozen=True)
class Once:
    """The billing period that a coupon for one period was taken off, as its invoice says."""

    discount: Json
    starts: datetime
    ends: datetime


@dataclass
class Moment:
    """Everything beside the subscription's own body that its worth depends on at an instant."""

    at: datetime
    policy: Json
    past_due_since: datetime | None = None
    customer_discount: Json | None = None
    customer_deleted: bool = False
    coupons: dict[str, Json] = field(default_factory=dict)
    once: dict[str, Once] = field(default_factory=dict)

    def coupon(self, discount: Json) -> Json:
        """Return a discount's coupon, with what Stripe sends of it with the coupon alone."""
        carried: Json = discount["source"]["coupon"]
        return self.coupons.get(carried["id"], {}) | carried


def number(text: object) -> Fraction:
    """Return a switch such as 52/12, 4.33 or 4 as an exact fraction."""
    return Fraction(str(text))


def paid_in(price: Json, currency: str) -> Json:
    """Return what a price charges in a currency: its own terms, or those of its option for that one.

    Stripe lists the amounts or tiers of further currencies in `currency_options`; how tiers and packages work
    is the same in all of them.
    """
    if currency == price["currency"]:
        return price
    untold: Json = {"unit_amount": None, "unit_amount_decimal": None, "tiers": []}
    return price | untold | price.get("currency_options", {}).get(currency, {})


def period_amount(price: Json, quantity: int | None, currency: str) -> Fraction:
    """Return what one billing period costs in a currency, in minor units, before discounts."""
    recurring, price = price["recurring"], paid_in(price, currency)
    if recurring["usage_type"] == "metered":
        return Fraction(0)
    count = 1 if quantity is None else quantity
    if price["billing_scheme"] == "tiered":
        return tiered(price, count)
    unit = price.get("unit_amount_decimal") or price.get("unit_amount")
    if unit is None:
        return Fraction(0)
    packages = price.get("transform_quantity")
    if packages:
        rounding = ceil if packages["round"] == "up" else floor
        count = rounding(Fraction(count, packages["divide_by"]))
    return max(Fraction(unit) * count, Fraction(0))


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
    return total if count <= below else Fraction(0)


def factor(price: Json, policy: Json) -> Fraction:
    """Return how much of a billing period falls into a month."""
    unit, count = str(price["recurring"]["interval"]), int(price["recurring"]["interval_count"])
    months = {
        "month": Fraction(1),
        "year": Fraction(1, 12),
        "week": number(policy["week_factor"]),
        "day": number(policy["day_factor"]),
    }
    return months[unit] / count


def resumes_at(body: Json) -> float:
    """Return when a pause of collection will be over by itself; never where nobody set that."""
    return (body.get("pause_collection") or {}).get("resumes_at") or float("inf")


def is_collection_paused(body: Json, at: datetime) -> bool:
    """Tell whether collection is paused at an instant."""
    return bool(body.get("pause_collection")) and at.timestamp() < resumes_at(body)


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
    if status == "paused" or is_collection_paused(body, moment.at):
        if policy["paused"] == "zero":
            return False
        if status == "paused":
            return True
    if status == "past_due" and policy["past_due_days"] != "never":
        assert moment.past_due_since is not None
        age = (moment.at - moment.past_due_since).total_seconds()
        return age < int(policy["past_due_days"]) * 24 * 3600
    return status in {"active", "past_due"}


def period_end(body: Json) -> float:
    """Return when the period ends that the subscription is in; never where it does not say."""
    ends = [item["current_period_end"] for item in body["items"]["data"] if item.get("current_period_end")]
    return min(ends, default=float("inf"))


def running(discounts: Iterable[Json], at: datetime, body: Json) -> list[Json]:
    """Return the discounts that have begun and not ended; one for one period ends with the period."""
    now = at.timestamp()
    return [
        d
        for d in discounts
        if d["start"] <= now
        and not (d["end"] and now >= d["end"])
        and not (d["source"]["coupon"]["duration"] == "once" and now >= period_end(body))
    ]


def own_discounts(body: Json, moment: Moment) -> list[tuple[str | None, Json]]:
    """Return a subscription's own discounts in their order, each with the item it is for or none.

    Where the policy counts coupons for one period and an invoice tells which, that period decides.
    """
    billed = moment.once if moment.policy["discounts"] == "all" else {}
    during = [once.discount for once in billed.values() if once.starts <= moment.at < once.ends]
    items = sorted(body["items"]["data"], key=lambda item: item["id"])
    own: list[tuple[str | None, Json]] = []
    for holder, listed in [*((item["id"], item["discounts"]) for item in items), (None, body["discounts"])]:
        ids = [d["id"] for d in listed]
        own += [
            (holder, d)
            for d in listed
            if (d in during if d["id"] in billed else d in running([d], moment.at, body))
        ]
        own += [(holder, d) for d in during if d.get("subscription_item") == holder and d["id"] not in ids]
    return own


def discounted(body: Json, amounts: dict[str, Fraction], moment: Moment) -> dict[str, Fraction]:
    """Return the items' amounts after all discounts that the policy counts."""
    items = sorted(body["items"]["data"], key=lambda item: item["id"])
    own = own_discounts(body, moment)
    if not own and moment.customer_discount:
        own = [(None, d) for d in running([moment.customer_discount], moment.at, body)]
    eligible = [item["id"] for item in items if item["price"]["recurring"]["usage_type"] == "licensed"]
    products = {item["id"]: item["price"]["product"] for item in items}
    for holder, discount in own:
        coupon = moment.coupon(discount)
        if coupon["duration"] not in COUNTED[moment.policy["discounts"]]:
            continue
        covered = [item for item in eligible if holder in (None, item) and applies(coupon, products[item])]
        off, total = amount_off(coupon, body["currency"]), sum((amounts[i] for i in covered), Fraction(0))
        if coupon.get("percent_off") is not None:
            kept = 1 - Fraction(str(coupon["percent_off"])) / 100
        elif off is not None and total:
            kept = max(total - off, Fraction(0)) / total
        else:
            kept = Fraction(1)
        for item in covered:
            amounts[item] *= kept
    return amounts


def applies(coupon: Json, product: str) -> bool:
    """Tell whether a coupon is for a product: for each one unless it names some."""
    return coupon.get("applies_to") is None or product in coupon["applies_to"]["products"]


def amount_off(coupon: Json, currency: str) -> int | None:
    """Return what a coupon takes off in a currency; nothing where it has no amount in that one."""
    if coupon.get("currency") == currency:
        return int(coupon["amount_off"])
    option = coupon.get("currency_options", {}).get(currency)
    return option and int(option["amount_off"])


def tax_share(item: Json, policy: Json) -> Fraction:
    """Return the part of an inclusive amount that is not tax."""
    if policy["tax"] == "include":
        return Fraction(1)
    rate = sum(Fraction(str(r["percentage"])) for r in item["tax_rates"] if r["inclusive"])
    return 100 / (100 + rate) if rate else Fraction(1)


def rounded(value: Fraction) -> Fraction:
    """Round half up to eight places of the major unit."""
    return Fraction(floor(value * 10**8 + Fraction(1, 2)), 10**8)


def item_mrr(body: Json, moment: Moment) -> dict[str, Fraction]:
    """Return what each item of a subscription is worth at the instant, each rounded once."""
    if not is_live(body, moment):
        return {}
    items = {item["id"]: item for item in body["items"]["data"]}
    amounts = {name: period_amount(i["price"], i["quantity"], body["currency"]) for name, i in items.items()}
    amounts = discounted(body, amounts, moment)
    return {
        name: rounded(
            amounts[name]
            * factor(item["price"], moment.policy)
            * tax_share(item, moment.policy)
            / 10 ** digits(body["currency"])
        )
        for name, item in items.items()
    }


def digits(currency: str) -> int:
    """Return how many decimals a currency's minor unit has."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def mrr(body: Json, moment: Moment) -> Fraction:
    """Return a subscription's MRR at the instant."""
    return sum(item_mrr(body, moment).values(), Fraction(0))
