"""Nothing is lost or gained in the last digit, and no two objects are taken for one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.account import Account, moment
from tests.dbt_project.revenue.identities import broken_identities
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

NOW = moment("2025-06-15")


def test_a_balance_that_is_gone_leaves_nothing_in_the_reporting_currency(tmp_path: Path) -> None:
    account = Account()
    account.rate("2025-01-01", "jpy", "usd", "0.007")
    discount = account.discount(moment("2025-01-10"), moment("2025-03-01"), percent_off=20)
    item = account.item(account.price("1234", "year", currency="jpy"), 2)
    body = account.subscribe(moment("2025-01-10"), [item], discounts=[discount])
    account.cancel(body, moment("2025-05-01"))
    con = compiled().build(account.land(tmp_path), NOW)
    for table in ("mrr_months", "mrr_months_constant"):
        months = con.execute(f"select closing_mrr, fx from marts.{table} order by month").fetchall()  # noqa: S608 - fixed names
        assert months == [
            *[(Decimal("1.15173333"), 0)] * 2,
            *[(Decimal("1.43966667"), 0)] * 2,
            *[(0, 0)] * 2,
        ]


def test_a_rate_that_stays_makes_no_fx_row(tmp_path: Path) -> None:
    account = Account()
    account.rate("2025-01-01", "jpy", "usd", "0.007")
    price = account.price("1", "year", 2, currency="jpy")
    body = account.subscribe(moment("2025-01-10"), [account.item(price, 1)])
    for day, quantity in (("11", 2), ("12", 5), ("13", 7), ("14", 11)):
        changed = {**body["items"]["data"][0], "quantity": quantity}
        account.change(body, moment(f"2025-01-{day}"), items=[changed])
    con = compiled().build(account.land(tmp_path), NOW)
    kinds = con.execute("select movement_type, count(*) from marts.mrr_movements group by all order by 1")
    assert kinds.fetchall() == [("expansion", 4), ("new", 1)]
    assert broken_identities(con) == []


def test_a_plan_has_its_newest_name_whatever_is_heard_of_first(tmp_path: Path) -> None:
    account = Account()
    price = account.price("1000", plan="old")
    account.subscribe(moment("2025-01-10"), [account.item(price | {"metadata": {}})])
    for name, day, seen in (("newer", "2025-02-01", "2025-03-09"), ("newest", "2025-03-01", "2025-03-02")):
        renamed = price | {"metadata": {"plan": name}}
        account.tell(renamed, "price.updated", moment(day), seen=moment(seen))
    con = compiled().build(account.land(tmp_path), NOW)
    assert con.execute("select distinct plan from marts.plan_months").fetchall() == [("newest",)]


def test_a_renamed_plan_is_one_plan_under_its_newest_name(tmp_path: Path) -> None:
    account = Account()
    price = account.price("1000", plan="pro")
    account.subscribe(moment("2025-01-10"), [account.item(price)])
    renamed = price | {"metadata": {"plan": "Pro 2"}, "active": False, "nickname": "new"}
    account.tell(renamed, "price.updated", moment("2025-03-01"), {"metadata": {"plan": "pro"}})
    account.subscribe(moment("2025-04-01"), [account.item(renamed)])
    con = compiled().build(account.land(tmp_path), NOW)
    plans = "select plan, subscriptions from marts.plan_months where month in ('2025-01-01', '2025-04-01')"
    assert con.execute(f"{plans} order by month").fetchall() == [("Pro 2", 1), ("Pro 2", 2)]


def test_ids_for_which_a_quick_hash_coincides_are_kept_apart(tmp_path: Path) -> None:
    account = Account()
    # DuckDB 2.0 has one `hash` for both of these pairs.
    ids = (("sub_1930", "evt_1931"), ("sub_1939", "evt_1941"))
    for subscription, event in ids:
        account.new_id = lambda kind, made=(subscription, event): (  # type: ignore[method-assign, misc]
            made[0] if kind == "sub" else made[1] if kind == "evt" else f"{kind}_of_{made[0]}"
        )
        account.subscribe(moment("2025-01-10"), [account.item(account.price("1000"))])
    con = compiled().build(account.land(tmp_path), NOW)
    rows = con.execute("select subscription_ids, amount from marts.mrr_movements order by 1").fetchall()
    assert rows == [([subscription], 10) for subscription, _ in ids]


def test_many_odd_coupons_leave_what_they_leave_and_are_listed(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-01-10")
    thirds = [account.discount(start, percent_off=33.333333) for _ in range(8)]
    thirds.insert(4, account.discount(start, amount_off=500, currency="usd"))
    body = account.subscribe(
        start, [account.item(account.price("99999")) for _ in range(2)], discounts=thirds
    )
    con = compiled().build(account.land(tmp_path), NOW)
    left = (2 * 99999 * (1 - Fraction("0.33333333")) ** 4 - 500) * (1 - Fraction("0.33333333")) ** 4 / 200
    shown = (Decimal(left.numerator) / left.denominator).quantize(Decimal("1e-8"), ROUND_HALF_UP)
    (mrr,) = con.execute("select amount from marts.mrr_movements").fetchone() or (None,)
    assert mrr == 2 * shown
    listed = con.execute("select check_name, object_id from intermediate.dq_revenue__flaws").fetchall()
    assert listed == [("inexact_amount", body["id"])]


def test_a_quantity_beyond_all_amounts_is_listed_and_stops_nothing(tmp_path: Path) -> None:
    account = Account()
    body = account.subscribe(moment("2025-01-10"), [account.item(account.price("99999999"), 10**12)])
    account.subscribe(moment("2025-01-10"), [account.item(account.price("1000"))])
    con = compiled().build(account.land(tmp_path), NOW)
    assert con.execute("select sum(amount) from marts.mrr_movements").fetchall() == [(10,)]
    listed = con.execute("select check_name, object_id from intermediate.dq_revenue__flaws").fetchall()
    assert listed == [("inexact_amount", body["id"])]
