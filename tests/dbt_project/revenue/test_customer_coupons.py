"""Coupons of a customer: told by events that come in any order, and by what an event says was before it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

START, CHANGED, NOW = moment("2025-01-15"), moment("2025-04-20"), moment("2025-06-30 12:00:00")
SEEN = moment("2025-05-01")


def subscribed(account: Account) -> Json:
    """Return a customer who pays $100 a month; both are known from lists only."""
    customer = {"id": "cus_1", "object": "customer", "created": seconds(START), "metadata": {}}
    shown = Account("listed_")
    account.list_object(shown.subscribe(START, [shown.item(account.price("10000"))], "cus_1"), SEEN)
    return customer


def movements(account: Account, folder: Path) -> list[tuple[str, int]]:
    con = compiled().build(account.land(folder), NOW)
    rows = con.execute("select movement_date, amount from marts.mrr_movements order by 1").fetchall()
    return [(str(day), int(Decimal(amount))) for day, amount in rows]


def test_the_first_event_of_a_customer_tells_the_coupon_before_it(tmp_path: Path) -> None:
    account = Account()
    customer = subscribed(account)
    coupon = account.discount(moment("2025-03-01"), percent_off=20)
    account.tell(customer | {"discount": None}, "customer.updated", CHANGED, {"discount": coupon}, SEEN)
    account.tell(coupon, "customer.discount.deleted", CHANGED, seen=SEEN, is_deleted=True)
    account.list_object(customer | {"discount": None}, SEEN)
    assert movements(account, tmp_path) == [("2025-01-15", 100), ("2025-03-01", -20), ("2025-04-20", 20)]


def test_what_says_that_the_coupon_changed_is_the_end_of_its_second(tmp_path: Path) -> None:
    account = Account()
    customer = subscribed(account)
    coupon = account.discount(CHANGED, percent_off=50)
    account.tell(customer | {"discount": coupon}, "customer.updated", CHANGED, {"discount": None}, SEEN)
    renamed = customer | {"discount": None, "name": "x"}
    account.tell(renamed, "customer.updated", CHANGED, {"name": "y"}, SEEN + timedelta(seconds=1))
    assert movements(account, tmp_path) == [("2025-01-15", 100), ("2025-04-20", -50)]


def test_a_customer_is_created_before_all_else_of_its_second(tmp_path: Path) -> None:
    account = Account()
    customer = subscribed(account)
    coupon = account.discount(START, percent_off=50)
    account.tell(customer | {"discount": coupon}, "customer.updated", START, {"name": "x"}, SEEN)
    account.tell(customer | {"discount": None}, "customer.created", START, None, SEEN + timedelta(seconds=1))
    assert movements(account, tmp_path) == [("2025-01-15", 50)]


def test_lists_that_still_show_a_coupon_are_no_source_of_it(tmp_path: Path) -> None:
    account = Account()
    customer = subscribed(account)
    carrying = customer | {"discount": account.discount(CHANGED, percent_off=50)}
    for day in range(20, 0, -1):
        account.list_object(carrying, SEEN + timedelta(days=day))
    told = account.tell(carrying, "customer.updated", CHANGED, {"discount": None}, SEEN)
    con = compiled().build(account.land(tmp_path), NOW)
    given = "select source_event_ids from marts.mrr_movements where amount < 0"
    assert con.execute(given).fetchall() == [([told],)]
