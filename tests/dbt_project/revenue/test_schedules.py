"""What schedules make certain: later phases, their coupons, ends and beginnings, each added up by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

BEGAN, TOLD, NOW = moment("2025-01-10"), moment("2025-04-01"), moment("2025-04-15")
Changes = list[tuple[str, str, Decimal | int]]


class Planned:
    """An account on which the phases of schedules are listed, and what the models make of each."""

    def __init__(self) -> None:
        self.account = Account()
        self.hundred = self.account.price("10000")
        self.larger = self.account.price("25000")

    def coupon(self, **terms: object) -> str:
        """List a coupon, forever unless told otherwise, and return its id."""
        coupon = {"id": self.account.new_id("co"), "object": "coupon", "duration": "forever"} | terms
        self.account.list_object(coupon, BEGAN)
        return str(coupon["id"])

    def subscribe(self, *discounts: Json, price: Json | None = None, **item: Any) -> Json:
        """Subscribe a customer to one item."""
        items = [self.account.item(price or self.hundred, **item)]
        return self.account.subscribe(BEGAN, items, discounts=list(discounts))

    def phase(
        self, start: str, price: Json, quantity: int = 1, coupons: tuple[str, ...] = (), **fields: object
    ) -> Json:
        """Return a phase that ends with 2025, or where another one begins."""
        return {
            "start_date": seconds(moment(start)),
            "end_date": seconds(moment("2026-01-01")),
            "items": [{"price": price["id"], "quantity": quantity}],
            "discounts": [{"coupon": coupon} for coupon in coupons],
        } | fields

    def schedule(self, body: Json | None, *phases: Json, **fields: object) -> str:
        """List a schedule; return the id by which its changes are found."""
        schedule = {
            "id": self.account.new_id("sub_sched"),
            "object": "subscription_schedule",
            "subscription": body and body["id"],
            "customer": body and body["customer"],
            "status": "active",
            "end_behavior": "release",
            "created": 0,
            "phases": list(phases),
        } | fields
        self.account.list_object(schedule, TOLD)
        return str(body["id"] if body else schedule["id"])

    def built(self, folder: Path) -> duckdb.DuckDBPyConnection:
        """Build all of it."""
        return compiled().build(self.account.land(folder), NOW)

    def changes(self, folder: Path, subscription: str) -> Changes:
        """Return day, kind and amount of what is certain to change."""
        con = self.built(folder)
        query = """
            select strftime(changes_at, '%m-%d'), kind, delta from intermediate.int_scheduled_changes
            where subscription_id = ? order by changes_at
        """
        return con.execute(query, [subscription]).fetchall()


@pytest.fixture
def planned() -> Planned:
    return Planned()


def test_a_discount_that_runs_out_after_a_phase_began_ends_on_the_phase_s_price(
    planned: Planned, tmp_path: Path
) -> None:
    discount = planned.account.discount(BEGAN, moment("2025-08-01"), percent_off=10, duration="repeating")
    body = planned.subscribe(discount)
    found = planned.schedule(body, planned.phase("2025-06-10", planned.larger, 2))
    assert planned.changes(tmp_path, found) == [("06-10", "change", 360), ("08-01", "change", 50)]


def test_an_amount_off_stays_an_amount_per_billing_period_and_tax_stays_outside(
    planned: Planned, tmp_path: Path
) -> None:
    rate = {"id": "txr_1", "object": "tax_rate", "percentage": 20, "inclusive": True}
    discount = planned.account.discount(BEGAN, amount_off=1200, currency="usd")
    body = planned.subscribe(discount, price=planned.account.price("12000"), tax_rates=[rate])
    yearly = planned.account.price("480000", "year")
    found = planned.schedule(body, planned.phase("2025-06-10", yearly))
    now, then = (Decimal(120) - 12) / Decimal("1.2"), (Decimal(400) - 1) / Decimal("1.2")
    assert planned.changes(tmp_path, found) == [("06-10", "change", then - now)]


def test_a_schedule_s_own_coupons_replace_the_subscription_s_phase_by_phase(
    planned: Planned, tmp_path: Path
) -> None:
    body = planned.subscribe(planned.account.discount(BEGAN, percent_off=50))
    half, once = planned.coupon(percent_off=50), planned.coupon(percent_off=50, duration="once")
    ten, fifth = planned.coupon(amount_off=1000, currency="usd"), planned.coupon(percent_off=20)
    euros = planned.coupon(amount_off=5000, currency="eur")
    found = planned.schedule(
        body,
        planned.phase("2025-01-10", planned.hundred, coupons=(half,)),
        planned.phase("2025-05-10", planned.hundred, 2, (ten, once, euros, fifth)),
        planned.phase("2025-07-10", planned.hundred, 3),
    )
    assert planned.changes(tmp_path, found) == [("05-10", "change", 102), ("07-10", "change", 148)]


def test_coupons_of_a_phase_s_items_come_off_those_first_however_they_are_named(
    planned: Planned, tmp_path: Path
) -> None:
    half, tenth = planned.coupon(percent_off=50), planned.coupon(percent_off=10)
    off = planned.coupon(amount_off=3000, currency="usd")
    code = {"id": "promo_1", "object": "promotion_code", "promotion": {"type": "coupon", "coupon": tenth}}
    planned.account.list_object(code, BEGAN)
    items = [
        {"price": planned.hundred["id"], "quantity": 1, "discounts": [{"coupon": off}, {"coupon": half}]},
        {"price": planned.larger["id"], "quantity": 1, "discounts": [{"promotion_code": "promo_1"}]},
    ]
    found = planned.schedule(
        planned.subscribe(planned.account.discount(BEGAN, percent_off=20)),
        planned.phase("2025-05-10", planned.hundred, items=items, discounts=[{"coupon": tenth}]),
        planned.phase("2025-06-10", planned.hundred, items=items),
        planned.phase("2025-07-10", planned.hundred, coupon=half),
    )
    assert planned.changes(tmp_path, found) == [
        ("05-10", "change", (35 + 225) * Decimal("0.9") - 80),
        ("06-10", "change", 26),
        ("07-10", "change", 50 - 260),
    ]


def test_a_schedule_that_cancels_ends_its_subscription_and_all_that_would_follow(
    planned: Planned, tmp_path: Path
) -> None:
    discount = planned.account.discount(BEGAN, moment("2026-03-01"), percent_off=10, duration="repeating")
    body = planned.subscribe(discount)
    found = planned.schedule(body, planned.phase("2025-01-10", planned.hundred), end_behavior="cancel")
    assert planned.changes(tmp_path, found) == [("01-01", "cancellation", -90)]


def test_a_subscription_that_is_yet_to_begin_is_committed_from_its_first_phase(
    planned: Planned, tmp_path: Path
) -> None:
    phase = planned.phase("2025-07-01", planned.larger)
    found = planned.schedule(None, phase, status="not_started", customer="cus_new")
    gone = planned.schedule(None, phase, status="canceled", customer="cus_gone")
    assert planned.changes(tmp_path, found) == [("07-01", "change", 250)]
    assert planned.changes(tmp_path, gone) == []


def test_decimals_of_a_cent_in_a_later_phase_are_kept(planned: Planned, tmp_path: Path) -> None:
    price = planned.account.price("0.123456789")
    found = planned.schedule(planned.subscribe(), planned.phase("2025-06-10", price, 1_000_000))
    assert planned.changes(tmp_path, found) == [("06-10", "change", Decimal("1134.56789"))]


EURO_TIERS = [{"up_to": 2, "unit_amount": 2000, "flat_amount": 500}, {"up_to": None, "unit_amount": 1000}]


@pytest.fixture
def abroad(planned: Planned) -> Json:
    """Subscribe a customer who pays 90 euros for what costs 100 dollars."""
    planned.hundred = planned.account.price("10000", currency_options={"eur": {"unit_amount": 9000}})
    item = planned.account.item(planned.hundred)
    return planned.account.subscribe(BEGAN, [item], currency="eur")


@pytest.mark.parametrize("told", [{}, {"currency": "eur"}], ids=["by the subscription", "by the phase"])
def test_a_later_phase_is_paid_in_the_currency_of_its_subscription(
    told: Json, abroad: Json, planned: Planned, tmp_path: Path
) -> None:
    tiers = [{"up_to": None, "unit_amount": 7000, "flat_amount": None}]
    options = {"eur": {"tiers": EURO_TIERS}}
    tiered = planned.account.price(tiers=tiers, tiers_mode="graduated", currency_options=options)
    off = planned.coupon(
        amount_off=1000,
        currency="usd",
        currency_options={"usd": {"amount_off": 1000}, "eur": {"amount_off": 850}},
    )
    found = planned.schedule(
        abroad,
        planned.phase("2025-05-10", planned.hundred, 2, **told),
        planned.phase("2025-06-10", tiered, 3, (off,), **told),
    )
    planned.account.rate("2025-01-01", "eur", "usd", "1.1")
    assert planned.changes(tmp_path, found) == [
        ("05-10", "change", 90),
        ("06-10", "change", 55 - Decimal("8.5") - 180),
    ]


def test_what_nobody_tells_of_a_later_phase_is_a_finding_and_counts_nothing(
    abroad: Json, planned: Planned, tmp_path: Path
) -> None:
    planned.account.rate("2025-01-01", "eur", "usd", "1.1")
    dollars = planned.coupon(amount_off=100, currency="usd")
    found = planned.schedule(
        abroad,
        planned.phase("2025-05-10", planned.larger),
        planned.phase("2025-06-10", planned.hundred, 1, (dollars, "co_gone")),
        planned.phase("2025-07-10", {"id": "price_gone"}),
    )
    assert planned.changes(tmp_path, found) == [("05-10", "change", -90), ("06-10", "change", 90)]
    query = "select check_name, object_id, detail from intermediate.dq_revenue__flaws order by all"
    assert planned.built(tmp_path).execute(query).fetchall() == [
        ("coupon_in_another_currency", found, f"phase from 2025-06-10: coupon {dollars}"),
        ("missing_amount", found, "phase from 2025-07-10: price price_gone"),
        ("price_in_another_currency", found, f"phase from 2025-05-10: price {planned.larger['id']}"),
        ("unknown_coupon", found, "phase from 2025-06-10: coupon co_gone"),
    ]


IMPOSSIBLE: list[tuple[str, int, Json]] = [
    (
        "negative_amount",
        -2,
        {"tiers": [{"up_to": None, "unit_amount": 100, "flat_amount": 9000}], "tiers_mode": "volume"},
    ),
    ("negative_amount", -2, {"transform_quantity": {"divide_by": 5, "round": "up"}}),
    ("negative_amount", -1, {"amount": "0"}),
    ("unknown_interval", 1, {"count": 0}),
    ("unknown_interval", 1, {"count": -2}),
    ("unknown_interval", 1, {"interval": "fortnight"}),
    ("missing_amount", 11, {"transform_quantity": {"divide_by": 5, "round": "nearest"}}),
    ("missing_amount", 11, {"transform_quantity": {"divide_by": -5, "round": "up"}}),
    ("unknown_price_model", 1, {"billing_scheme": "auction"}),
]


def test_what_a_later_phase_cannot_be_is_a_finding_and_counts_nothing(
    planned: Planned, tmp_path: Path
) -> None:
    found = [
        (planned.schedule(planned.subscribe(), planned.phase("2025-06-10", price, quantity)), check)
        for check, quantity, terms in IMPOSSIBLE
        for price in [planned.account.price(**{"amount": "5000"} | terms)]
    ]
    con = planned.built(tmp_path)
    query = "select object_id, check_name from intermediate.dq_revenue__flaws"
    assert sorted(con.execute(query).fetchall()) == sorted(found)
    query = "select distinct strftime(changes_at, '%m-%d'), delta from intermediate.int_scheduled_changes"
    assert con.execute(query).fetchall() == [("06-10", -100)]


def test_a_coupon_for_one_product_is_taken_off_that_product_of_a_later_phase(
    planned: Planned, tmp_path: Path
) -> None:
    half = planned.coupon(percent_off=50, applies_to={"products": [planned.larger["product"]]})
    off = planned.coupon(amount_off=3500, currency="usd")
    dear = planned.coupon(
        amount_off=99900, currency="usd", applies_to={"products": [planned.hundred["product"]]}
    )
    items = [{"price": price["id"], "quantity": 1} for price in (planned.hundred, planned.larger)]
    found = planned.schedule(
        planned.subscribe(),
        planned.phase("2025-05-10", planned.hundred, coupons=(half,), items=items),
        planned.phase("2025-06-10", planned.hundred, coupons=(half, off), items=items),
        planned.phase("2025-07-10", planned.hundred, coupons=(off, dear), items=items),
    )
    assert planned.changes(tmp_path, found) == [
        ("05-10", "change", 125),
        ("06-10", "change", -35),
        ("07-10", "change", 35),
    ]
