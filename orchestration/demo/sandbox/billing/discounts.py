"""Coupons at work: taking them on, applying them to lines, letting them run out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.account import duty
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.periods import add_months
from orchestration.demo.sandbox.pricing import to_minor
from orchestration.demo.sandbox.shapes import catalogue

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account


def coupon_of(account: Account, discount: Json) -> Json:
    """Return a discount's coupon, even one deleted since."""
    coupon_id = discount["source"]["coupon"]
    return account.store.of("coupon").objects.get(coupon_id) or account.store.gone[coupon_id]


def take(account: Account, wishes: list[Json], customer: Json, **owner: str) -> list[str]:
    """Redeem coupons or promotion codes, or keep named discounts, and return the discount ids in order.

    Args:
        account: Where.
        wishes: Hashes with one of `coupon`, `promotion_code`, `discount`.
        customer: Who redeems.
        owner: The `subscription` or `subscription_item` they are for.
    """
    return [
        wish["discount"] if wish.get("discount") else _redeem(account, wish, customer, owner)
        for wish in wishes
    ]


def _redeem(account: Account, wish: Json, customer: Json, owner: dict[str, str]) -> str:
    promotion: Json | None = None
    coupon_id = wish.get("coupon")
    if wish.get("promotion_code"):
        promotion = account.named("promotion_code", wish["promotion_code"], "discounts[0][promotion_code]")
        coupon_id = promotion["promotion"]["coupon"]
        if not promotion["active"]:
            message = "This promotion code is inactive."
            raise ApiError(message, code="resource_missing", param="discounts[0][promotion_code]")
    coupon = account.named("coupon", coupon_id or "", "discounts[0][coupon]")
    _require_valid(account, coupon)
    for counted in (coupon, promotion):
        if counted is not None:
            counted["times_redeemed"] += 1
            account.dirty.add(counted["id"])
    coupon["valid"] = (
        coupon["max_redemptions"] is None or coupon["times_redeemed"] < coupon["max_redemptions"]
    )
    account.enter(customer["id"])
    months = coupon["duration_in_months"] if coupon["duration"] == "repeating" else None
    end = add_months(account.now, months) if months else None
    discount = catalogue.discount(account.ids.new("di"), coupon["id"], customer["id"], account.now, end)
    discount.update(owner, promotion_code=promotion["id"] if promotion else None)
    account.add(discount, "customer.discount.created")
    if end is not None:
        account.schedule("discount.end", discount["id"], end)
    return str(discount["id"])


def _require_valid(account: Account, coupon: Json) -> None:
    expired = coupon["redeem_by"] is not None and coupon["redeem_by"] < account.now
    if expired or not coupon["valid"]:
        message = f"Coupon expired: {coupon['id']}"
        raise ApiError(message, code="coupon_expired", param="coupon")


def covering(account: Account, subscription: Json | None, customer: Json) -> list[str]:
    """Return the discounts that lie over a whole invoice: the subscription's, else the customer's."""
    if subscription is not None and subscription["discounts"]:
        return [each for each in subscription["discounts"] if is_running(account, each)]
    held = customer["discount"]
    return [held["id"]] if held and is_running(account, held["id"]) else []


def is_running(account: Account, discount_id: str) -> bool:
    """Tell whether a discount has not reached its end."""
    end = account.store.by_id[discount_id]["end"] if discount_id in account.store.by_id else 0
    return end is None or end > account.now


def apply(account: Account, lines: list[Json], over_all: list[str]) -> None:
    """Take discounts off lines: each line's own first, then those over all, in the order listed."""
    for line in lines:
        line["discount_amounts"] = []
        for discount_id in line["discounts"]:
            _deduct(account, [line], discount_id)
    for discount_id in over_all:
        _deduct(account, [line for line in lines if line["discountable"]], discount_id)


def left(line: Json) -> int:
    """Return a line's amount after the discounts so far."""
    return int(line["amount"] - sum(each["amount"] for each in line["discount_amounts"]))


def _deduct(account: Account, lines: list[Json], discount_id: str) -> None:
    coupon = coupon_of(account, account.expandable(discount_id) or {})
    only = account.hidden.get(coupon["id"], {}).get("products")
    covered = [line for line in lines if left(line) > 0 and (not only or _product(line) in only)]
    if coupon["percent_off"] is not None:
        share = Decimal(str(coupon["percent_off"])) / 100
        cuts = [to_minor(left(line) * share) for line in covered]
    else:
        cuts = spread(
            min(coupon["amount_off"] or 0, sum(map(left, covered))), [left(line) for line in covered]
        )
    for line, cut in zip(covered, cuts, strict=True):
        line["discount_amounts"].append({"amount": cut, "discount": discount_id})


def _product(line: Json) -> str | None:
    return line["pricing"]["price_details"]["product"] if line["pricing"] else None


def spread(amount: int, weights: list[int]) -> list[int]:
    """Share a whole amount by weights so that the shares add up to it."""
    shares, total, given, passed = [], sum(weights), 0, 0
    for weight in weights:
        passed += weight
        until_here = amount * passed // total
        shares.append(until_here - given)
        given = until_here
    return shares


def use_up_once(account: Account, subscription: Json | None, customer: Json, used: list[str]) -> None:
    """Remove `once` discounts that an invoice has just used; who bills tells of the subscription's change."""
    for discount_id in used:
        discount = account.expandable(discount_id) or {}
        if coupon_of(account, discount)["duration"] == "once":
            _take_off(account, discount, subscription, customer)


def drop(account: Account, discount: Json, subscription: Json | None, customer: Json) -> None:
    """Take a discount off whatever carries it; what it was stays readable."""
    before = account.snapshot(subscription or {})
    _take_off(account, discount, subscription, customer)
    if subscription is not None:
        account.saved(subscription, before, "customer.subscription.updated")


def _take_off(account: Account, discount: Json, subscription: Json | None, customer: Json) -> None:
    if discount["id"] not in account.store.by_id:
        return
    account.remove(discount, "customer.discount.deleted")
    if (customer["discount"] or {}).get("id") == discount["id"]:
        before = account.snapshot(customer)
        customer["discount"] = None
        account.saved(customer, before, "customer.updated")
    items = account.store.of("subscription_item").under("subscription", (subscription or {}).get("id", ""))
    for holder in (*([subscription] if subscription else []), *items):
        if discount["id"] in holder["discounts"]:
            holder["discounts"] = [each for each in holder["discounts"] if each != discount["id"]]
            account.dirty.add(holder["id"])


@duty("discount.end")
def run_out(account: Account, discount: Json) -> None:
    """Let a repeating discount end."""
    customer = account.store.of("customer").objects.get(discount["customer"])
    if customer is None:
        return
    account.enter(customer["id"])
    subscription_id = discount["subscription"]
    if discount["subscription_item"]:
        subscription_id = account.expandable(discount["subscription_item"] or "")["subscription"]  # type: ignore[index]
    drop(account, discount, account.store.of("subscription").objects.get(subscription_id or ""), customer)
