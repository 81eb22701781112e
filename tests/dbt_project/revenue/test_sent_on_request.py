"""Prices and coupons, of which Stripe sends the products and other currencies only on request."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.test_odd_objects import NOW, START, one
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb


def coupon_for_one_product_that_only_the_coupon_names(account: Account) -> Json:
    coupon = {"id": "co_product", "object": "coupon", "duration": "forever", "percent_off": 50}
    account.list_object(coupon | {"applies_to": {"products": ["prod_cheap"]}}, moment("2025-01-02"))
    account.list_object(coupon, moment("2025-02-02"))  # an event leaves the products out
    discount = account.discount(START, id="co_product", percent_off=50)
    prices = [account.price("4000", product="prod_cheap"), account.price("10000", product="prod_dear")]
    return account.subscribe(START, [account.item(price) for price in prices], discounts=[discount])


def coupon_with_an_amount_in_euros_that_only_the_coupon_names(account: Account) -> Json:
    coupon = {
        "id": "co_amount",
        "object": "coupon",
        "duration": "forever",
        "amount_off": 500,
        "currency": "usd",
    }
    options = {"usd": {"amount_off": 500}, "eur": {"amount_off": 450}}
    account.list_object(coupon | {"currency_options": options}, moment("2025-01-02"))
    account.list_object(coupon, moment("2025-02-02"))
    discount = account.discount(START, id="co_amount", amount_off=500, currency="usd")
    return one(account, account.price("6000", currency="eur"), discounts=[discount])


def euros_of_a_price_in_dollars(account: Account) -> Json:
    shown = account.price("5000")
    options = {"usd": {"unit_amount_decimal": "5000"}, "eur": {"unit_amount_decimal": "4525.5"}}
    account.list_object(shown | {"currency_options": options}, moment("2025-01-02"))
    account.list_object(shown, moment("2025-02-02"))  # an event leaves the other currencies out
    return one(account, shown, 2, currency="eur")


def euros_of_a_price_that_tells_only_dollars(account: Account) -> Json:
    return one(account, account.price("5000"), currency="eur")


TIERS = [
    {"up_to": 3, "unit_amount": 300, "flat_amount": 1000},
    {"up_to": None, "unit_amount": 200, "flat_amount": None},
]
EURO_TIERS = [
    {"up_to": 2, "unit_amount": 280, "flat_amount": 900},
    {"up_to": None, "unit_amount_decimal": "180.5", "flat_amount": None},
]


def tiers_in_euros_of_a_price_with_tiers_in_dollars(account: Account) -> Json:
    shown = account.price(tiers=TIERS, tiers_mode="graduated")
    options = {"usd": {"tiers": TIERS}, "eur": {"tiers": EURO_TIERS}}
    account.list_object(shown | {"currency_options": options}, moment("2025-01-02"))
    options = {code: {"unit_amount": None} for code in options}
    account.list_object(
        shown | {"currency_options": options}, moment("2025-02-02")
    )  # Stripe refused the tiers
    return one(account, shown, 4, currency="eur")


def volume_in_euros(account: Account) -> Json:
    options = {"eur": {"tiers": EURO_TIERS}}
    return one(
        account, account.price(tiers=TIERS, tiers_mode="volume", currency_options=options), 4, currency="eur"
    )


def tiers_that_are_told_in_dollars_only(account: Account) -> Json:
    options = {"eur": {"unit_amount": None, "unit_amount_decimal": None}}
    price = account.price(tiers=TIERS, tiers_mode="graduated", currency_options=options)
    return one(account, price, 4, currency="eur")


def euros_that_the_customer_chooses(account: Account) -> Json:
    chosen = {"custom_unit_amount": {"minimum": 100, "maximum": None, "preset": 500}, "unit_amount": None}
    return one(account, account.price("5000", currency_options={"eur": chosen}), currency="eur")


def tax_inside_the_euros_only(account: Account) -> Json:
    options = {"eur": {"unit_amount": 6000, "tax_behavior": "inclusive"}}
    price = account.price("5000", tax_behavior="exclusive", currency_options=options)
    body = one(account, price, currency="eur")
    rate = {"id": "txr_inside", "object": "tax_rate", "percentage": 20, "inclusive": True}
    account.list_object(rate, START)
    line = {
        "id": "il_taxed",
        "object": "line_item",
        "amount": 6000,
        "currency": "eur",
        "period": {"start": seconds(START), "end": seconds(NOW)},
        "parent": {
            "type": "subscription_item_details",
            "subscription_item_details": {
                "subscription": body["id"],
                "subscription_item": body["items"]["data"][0]["id"],
            },
        },
        "taxes": [
            {"amount": 1000, "tax_behavior": "inclusive", "tax_rate_details": {"tax_rate": "txr_inside"}}
        ],
    }
    account.list_object(line | {"invoice": "in_taxed"}, NOW)
    return body


def tax_inside_the_dollars_only(account: Account) -> Json:
    options = {"eur": {"unit_amount": 6000, "tax_behavior": "exclusive"}}
    price = account.price("5000", tax_behavior="inclusive", currency_options=options)
    return one(account, price, currency="eur")


STORIES: list[tuple[Callable[[Account], Json], list[tuple[str, str]]]] = [
    (coupon_for_one_product_that_only_the_coupon_names, [("usd", "120")]),
    (coupon_with_an_amount_in_euros_that_only_the_coupon_names, [("eur", "55.50")]),
    (euros_of_a_price_in_dollars, [("eur", "90.51")]),
    (euros_of_a_price_that_tells_only_dollars, []),
    (tiers_in_euros_of_a_price_with_tiers_in_dollars, [("eur", "18.21")]),
    (volume_in_euros, [("eur", "7.22")]),
    (tiers_that_are_told_in_dollars_only, []),
    (euros_that_the_customer_chooses, []),
    (tax_inside_the_euros_only, [("eur", "50")]),
    (tax_inside_the_dollars_only, [("eur", "60")]),
]
Told = tuple["duckdb.DuckDBPyConnection", list[Json]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell all stories on one account and build it once."""
    account = Account()
    account.rate("2025-01-01", "eur", "usd", "1.1")
    bodies = [story(account) for story, _ in STORIES]
    return compiled().build(account.land(tmp_path_factory.mktemp("on-request")), NOW), bodies


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.__name__ for story, _ in STORIES])
def test_what_a_list_told_once_counts_whatever_events_leave_out(number: int, told: Told) -> None:
    con, bodies = told
    query = "select currency, amount from marts.mrr_movements where customer_id = ?"
    found = con.execute(query, [bodies[number]["customer"]]).fetchall()
    assert found == [(currency, Decimal(amount)) for currency, amount in STORIES[number][1]]


def test_amounts_in_a_currency_nobody_tells_are_findings(told: Told) -> None:
    con, bodies = told
    names = {body["id"]: story.__name__ for (story, _), body in zip(STORIES, bodies, strict=True)}
    rows = con.execute("select check_name, object_id from intermediate.dq_revenue__flaws").fetchall()
    assert {(check, names[subscription]) for check, subscription in rows} == {
        ("price_in_another_currency", "euros_of_a_price_that_tells_only_dollars"),
        ("price_in_another_currency", "tiers_that_are_told_in_dollars_only"),
        ("price_in_another_currency", "euros_that_the_customer_chooses"),
    }
