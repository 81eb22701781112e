"""Coupons, promotion codes and taxes on invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.demo.sandbox.errors import ApiError

if TYPE_CHECKING:
    from tests.orchestration.demo.sandbox.factories import Json, Shop


def _totals(shop: Shop, made: Json) -> list[int]:
    return [invoice["total"] for invoice in shop.invoices(made)]


@pytest.mark.parametrize(
    ("coupon", "totals"),
    [
        ({"percent_off": 50, "duration": "once"}, [5000, 10000, 10000, 10000]),
        ({"percent_off": 25, "duration": "repeating", "duration_in_months": 2}, [7500, 7500, 10000, 10000]),
        ({"percent_off": 10, "duration": "forever"}, [9000, 9000, 9000, 9000]),
        ({"amount_off": 1500, "currency": "gbp", "duration": "forever"}, [8500, 8500, 8500, 8500]),
        ({"amount_off": 20000, "currency": "gbp", "duration": "once"}, [0, 10000, 10000, 10000]),
        ({"percent_off": 100, "duration": "forever"}, [0, 0, 0, 0]),
    ],
)
def test_a_coupon_lasts_as_long_as_it_says(shop: Shop, coupon: Json, totals: list[int]) -> None:
    code = shop.post("coupons", **coupon)["id"]
    made = shop.subscribe(shop.price(10000), discounts=[{"coupon": code}])
    shop.wait(days=89, hours=2)
    assert _totals(shop, made) == totals


def test_several_coupons_come_off_one_after_the_other_items_first(shop: Shop) -> None:
    ten, twenty = (shop.post("coupons", percent_off=each, duration="forever")["id"] for each in (10, 20))
    fixed = shop.post("coupons", amount_off=500, currency="gbp", duration="forever")["id"]
    items = [{"price": shop.price(10000), "discounts": [{"coupon": fixed}]}, {"price": shop.price(1000)}]
    made = shop.subscribe(items=items, discounts=[{"coupon": ten}, {"coupon": twenty}])
    [invoice] = shop.invoices(made)
    assert invoice["total"] == (9500 + 1000) * 72 // 100
    assert [sum(cut["amount"] for cut in line["discount_amounts"]) for line in invoice["lines"]["data"]] == [
        3160,
        280,
    ]
    assert sum(each["amount"] for each in invoice["total_discount_amounts"]) == 11000 - invoice["total"]


def test_a_customers_discount_counts_only_where_the_subscription_has_none(shop: Shop) -> None:
    half, tenth = (shop.post("coupons", percent_off=each, duration="forever")["id"] for each in (50, 10))
    customer = shop.customer(coupon=half)
    assert shop.get(f"customers/{customer}")["discount"]["source"] == {"coupon": half, "type": "coupon"}
    price = shop.price(10000)
    plain = shop.subscribe(price, customer)
    own = shop.subscribe(price, customer, discounts=[{"coupon": tenth}])
    assert (_totals(shop, plain), _totals(shop, own)) == ([5000], [9000])
    shop.delete(f"customers/{customer}/discount")
    assert shop.get(f"customers/{customer}")["discount"] is None


def test_a_repeating_discount_leaves_the_subscription_when_it_ends(shop: Shop) -> None:
    code = shop.post("coupons", percent_off=10, duration="repeating", duration_in_months=1)["id"]
    made = shop.subscribe(discounts=[{"coupon": code}])
    assert len(made["discounts"]) == 1
    shop.wait(days=28)
    assert shop.subscription(made)["discounts"] == []
    [event] = shop.events(type="customer.discount.deleted")
    assert event["data"]["object"]["id"] == made["discounts"][0]


def test_discounts_are_replaced_and_kept_by_name(shop: Shop) -> None:
    ten, twenty = (shop.post("coupons", percent_off=each, duration="forever")["id"] for each in (10, 20))
    made = shop.subscribe(discounts=[{"coupon": ten}])
    both = shop.post(
        f"subscriptions/{made['id']}", discounts=[{"discount": made["discounts"][0]}, {"coupon": twenty}]
    )
    assert both["discounts"][0] == made["discounts"][0]
    assert len(both["discounts"]) == 2
    assert shop.post(f"subscriptions/{made['id']}", discounts="")["discounts"] == []


def test_a_coupon_for_one_product_spares_the_others(shop: Shop) -> None:
    price, other = shop.price(10000), shop.price(1000)
    product = shop.get(f"prices/{price}")["product"]
    code = shop.post("coupons", percent_off=50, duration="forever", applies_to={"products": [product]})["id"]
    made = shop.subscribe(items=[{"price": price}, {"price": other}], discounts=[{"coupon": code}])
    assert _totals(shop, made) == [6000]


def test_a_promotion_code_redeems_its_coupon_until_it_is_used_up(shop: Shop) -> None:
    code = shop.post("coupons", percent_off=50, duration="forever", max_redemptions=1)["id"]
    promotion = shop.post("promotion_codes", code="HALF", promotion={"type": "coupon", "coupon": code})
    made = shop.subscribe(discounts=[{"promotion_code": promotion["id"]}])
    assert _totals(shop, made) == [4950]
    assert shop.get(f"coupons/{code}")["valid"] is False
    assert shop.get("promotion_codes", code="HALF")["data"][0]["times_redeemed"] == 1
    with pytest.raises(ApiError, match="expired"):
        shop.subscribe(discounts=[{"promotion_code": promotion["id"]}])


def test_a_deleted_coupon_leaves_its_discounts_in_place(shop: Shop) -> None:
    code = shop.post("coupons", percent_off=50, duration="forever")["id"]
    made = shop.subscribe(shop.price(10000), discounts=[{"coupon": code}])
    assert shop.delete(f"coupons/{code}") == {"id": code, "object": "coupon", "deleted": True}
    with pytest.raises(ApiError, match="No such coupon"):
        shop.get(f"coupons/{code}")
    shop.wait(days=28, hours=1)
    assert _totals(shop, made) == [5000, 5000]
    expanded = shop.get(f"subscriptions/{made['id']}", expand=["discounts.source.coupon"])
    assert expanded["discounts"][0]["source"]["coupon"]["percent_off"] == 50


@pytest.mark.parametrize(
    ("inclusive", "total", "tax", "net"), [(False, 12000, 2000, 10000), (True, 10000, 1667, 8333)]
)
def test_tax_is_added_or_contained(shop: Shop, inclusive: bool, total: int, tax: int, net: int) -> None:  # noqa: FBT001 - a case
    rate = shop.post("tax_rates", display_name="VAT", percentage=20, inclusive=inclusive)["id"]
    made = shop.subscribe(shop.price(10000), default_tax_rates=[rate])
    [invoice] = shop.invoices(made)
    assert (invoice["total"], invoice["total_excluding_tax"], invoice["subtotal"]) == (total, net, 10000)
    [found] = invoice["total_taxes"]
    assert (found["amount"], found["tax_rate_details"]["tax_rate"]) == (tax, rate)


def test_a_discount_lowers_the_tax(shop: Shop) -> None:
    rate = shop.post("tax_rates", display_name="VAT", percentage=20, inclusive=False)["id"]
    code = shop.post("coupons", percent_off=50, duration="forever")["id"]
    items = [{"price": shop.price(10000), "tax_rates": [rate]}]
    made = shop.subscribe(items=items, discounts=[{"coupon": code}])
    assert _totals(shop, made) == [6000]
