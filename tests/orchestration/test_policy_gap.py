from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from orchestration.policies import resolve, with_switches
from orchestration.policy_gap import chain, explain
from tenants.warehouse import open_for_building
from tests.dbt_project.revenue.account import Account, moment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_chain_turns_over_each_differing_switch_once_and_ends_at_the_target() -> None:
    start, target = resolve("default"), resolve("stripe")
    steps = chain(start, target)
    assert [step.switch for step in steps] == ["discounts", "past_due_days", "paused", "churn_base"]
    assert steps[-1].after.switches == target.switches
    assert all(step.after is following.before for step, following in pairwise(steps))


def test_equal_policies_have_no_gap() -> None:
    assert chain(resolve("default"), resolve("default")) == []


def test_the_gap_is_told_by_switch_and_customer(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-01-10")
    price = account.price("10000")
    end = moment("2025-12-01")
    discount = account.discount(start, end, percent_off=10, duration="repeating")
    coupon = account.subscribe(start, [account.item(price)], discounts=[discount])
    paused = account.subscribe(start, [account.item(price)])
    account.change(paused, moment("2025-02-10"), pause_collection={"behavior": "void"})
    account.subscribe(start, [account.item(price)])
    landing = account.land(tmp_path / "landing")
    target = with_switches(resolve("default"), "other", {"discounts": "forever", "paused": "keep"})
    clock = {"now": "2025-02-20T00:00:00+00:00", "as_known_at": None}
    reporting = {"reporting_currency": "usd", "reporting_timezone": "UTC"}
    told = []
    file = explain(landing, tmp_path / "gap", (resolve("default"), target), clock | reporting, told.append)
    with open_for_building(file) as con:
        rows = con.execute(
            """
            select cast(month as varchar), customer_id, switch, amount from marts.policy_gap
            order by month, switch
            """
        ).fetchall()
    assert rows == [
        ("2025-01-01", coupon["customer"], "discounts", Decimal(10)),
        ("2025-02-01", coupon["customer"], "discounts", Decimal(10)),
        ("2025-02-01", paused["customer"], "paused", Decimal(100)),
    ]
    assert told
