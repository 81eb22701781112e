"""Whatever a customer does, in whatever order, the books balance and the events tell every change."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.demo.sandbox import Sandbox
from orchestration.demo.sandbox.errors import ApiError
from tenants.clock import FixedClock
from tests.orchestration.demo.sandbox.books import faults_in_books, untold_changes
from tests.orchestration.demo.sandbox.factories import START, Json, Shop

Deed = Callable[[Shop, Json, int], object]


def _first_item(shop: Shop, made: Json) -> str:
    return str(shop.subscription(made)["items"]["data"][0]["id"])


def _behave(number: int) -> str:
    return ("create_prorations", "none", "always_invoice")[number % 3]


def _change(shop: Shop, made: Json, number: int, **form: object) -> None:
    shop.post(f"subscriptions/{made['id']}", proration_behavior=_behave(number), **form)


def _price(shop: Shop, made: Json, number: int) -> None:
    every = ("month", "month", "year", "week")[number % 4]
    _change(
        shop,
        made,
        number,
        items=[{"id": _first_item(shop, made), "price": shop.price(100 + 37 * number, every)}],
    )


def _quantity(shop: Shop, made: Json, number: int) -> None:
    _change(shop, made, number, items=[{"id": _first_item(shop, made), "quantity": number % 7}])


def _item(shop: Shop, made: Json, number: int) -> None:
    _change(shop, made, number, items=[{"price": shop.price(50 + 13 * number), "quantity": number % 4}])


def _coupon(shop: Shop, made: Json, number: int) -> None:
    lasts: Json = (
        {"duration": "once"},
        {"duration": "forever"},
        {"duration": "repeating", "duration_in_months": 1},
    )[number % 3]
    cut: Json = (
        {"percent_off": 1 + number} if number % 2 else {"amount_off": 7 * number + 1, "currency": "gbp"}
    )
    _change(shop, made, number, discounts=[{"coupon": shop.post("coupons", **cut, **lasts)["id"]}])


def _refuse(shop: Shop, made: Json, number: int) -> None:
    card = shop.get(f"customers/{made['customer']}")["invoice_settings"]["default_payment_method"]
    shop.sandbox.decline(card, times=number % 5)


def _refund(shop: Shop, made: Json, number: int) -> None:
    for charge in shop.get("charges", customer=made["customer"], limit=1)["data"]:
        shop.post("refunds", charge=charge["id"], amount=1 + number)


def _credit(shop: Shop, made: Json, number: int) -> None:
    shop.post("credit_notes", invoice=shop.invoices(made)[-1]["id"], amount=1 + number)


def _pay(shop: Shop, made: Json, _number: int) -> None:
    shop.post(f"invoices/{shop.invoices(made)[-1]['id']}/pay", payment_method="pm_card_visa")


_DEEDS: tuple[Deed, ...] = (
    _price,
    _quantity,
    _item,
    _coupon,
    _refuse,
    _refund,
    _credit,
    _pay,
    lambda shop, made, number: _change(shop, made, number, cancel_at_period_end=bool(number % 2)),
    lambda shop, made, number: _change(
        shop, made, number, pause_collection={"behavior": "void"} if number % 2 else ""
    ),
    lambda shop, made, number: _change(shop, made, number, billing_cycle_anchor="now"),
    lambda shop, made, number: shop.post(
        "invoiceitems", customer=made["customer"], currency="gbp", amount=number * 11 - 300
    ),
    lambda shop, made, number: shop.delete(
        f"subscriptions/{made['id']}", prorate=bool(number % 2), invoice_now=True
    ),
)
_COURSE = st.lists(st.tuples(st.sampled_from(_DEEDS), st.integers(0, 60), st.integers(0, 40)), max_size=9)


@given(_COURSE, st.integers(0, 20))
@settings(max_examples=25)
def test_any_course_of_a_subscription_keeps_the_books(
    course: list[tuple[Deed, int, int]], trial: int
) -> None:
    with tempfile.TemporaryDirectory() as home:
        sandbox = Sandbox(Path(home), FixedClock(START))
        shop, told = Shop(sandbox), {}
        made = shop.subscribe(shop.price(2999), trial_period_days=trial)
        for deed, number, days in course:
            with suppress(ApiError):  # what Stripe refuses, such as a change after the end, changes nothing
                deed(shop, made, number)
            told.update(sandbox.account.log.by_id)
            shop.wait(days=days % 29, hours=1)
            told.update(sandbox.account.log.by_id)
        assert faults_in_books(sandbox.account) == []
        assert untold_changes(told.values()) == []
        sandbox.close()
