"""From invoice to cash, and from schedule to forecast, each on an account small enough to add up by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import Account, moment, seconds
from tests.dbt_project.revenue.bills import NOW, bill, charge, line, subscriber
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb


def bridge(con: duckdb.DuckDBPyConnection, month: str) -> dict[str, Decimal]:
    """Return the items of the bridge in one month."""
    query = "select item, amount from marts.mrr_invoice_bridge where month = ? order by position"
    return dict(con.execute(query, [month]).fetchall())


def test_dunning_counts_each_attempt_and_tells_what_became_of_the_money(tmp_path: Path) -> None:
    account = Account()
    recovered = bill(account, subscriber(account), "2025-02-01", "2025-02-08", attempt_count=3)
    lost = bill(account, subscriber(account), "2025-02-01", None, status="void", attempt_count=4)
    open_one = bill(account, subscriber(account), "2025-04-01", None)
    bill(account, subscriber(account), "2025-02-01", "2025-02-01")
    waived = {"attempt_count": 2, "amount_paid": 0, "pre_payment_credit_notes_amount": 10000}
    credited = bill(account, subscriber(account), "2025-02-01", "2025-02-08", **waived)
    tried = {"02-01": [recovered, lost, credited], "02-05": [recovered], "04-01": [open_one]}
    for invoice, day in ((invoice, day) for day, invoices in tried.items() for invoice in invoices):
        charge(account, invoice, f"2025-{day}", "failed")
    con = compiled().build(account.land(tmp_path), NOW)
    found = con.execute("""
        select invoice_id, attempts, age_days, state,
            recovered_amount, lost_amount, at_risk_amount, mrr_at_risk
        from marts.dunning_invoices order by invoice_id
    """).fetchall()
    assert sorted(found) == sorted(
        [
            (recovered["id"], 2, 7, "recovered", 100, 0, 0, 0),
            (lost["id"], 4, 73, "lost", 0, 100, 0, 0),
            (open_one["id"], 1, 14, "at_risk", 0, 0, 100, 100),
            (credited["id"], 2, 7, "credited", 0, 0, 0, 0),
        ]
    )


def test_a_trial_converts_when_its_first_invoice_is_paid(tmp_path: Path) -> None:
    account = Account()
    for paid in ("2025-02-15", None):
        body = subscriber(account, "2025-02-01", status="trialing", trial_end=seconds(moment("2025-02-15")))
        bill(account, body, "2025-02-01", "2025-02-01", total=0, billing_reason="subscription_create")
        account.change(body, moment("2025-02-15"), status="active")
        bill(account, body, "2025-02-15", paid)
    subscriber(account, "2025-04-10", status="trialing", trial_end=seconds(moment("2025-05-10")))
    con = compiled().build(account.land(tmp_path), NOW)
    trials = con.execute(
        "select month(month), * exclude (month) from marts.trial_months order by 1"
    ).fetchall()
    assert trials == [(2, 2, 2, 1, Decimal("0.5")), (3, 0, 0, 0, None), (4, 1, 0, 0, None)]
    forecast = con.execute("""
        select trial_mrr, weighted_trial_mrr from marts.committed_mrr_months
        where is_forecast and month in ('2025-04-01', '2025-05-01') order by month
    """).fetchall()
    assert forecast == [(0, 0), (100, 50)]


def test_refunds_and_credit_notes_have_their_places_in_the_bridge(tmp_path: Path) -> None:
    account = Account()
    body = subscriber(account)
    january = bill(account, body, "2025-01-01", "2025-01-01")
    credited = {"amount_paid": 7500, "pre_payment_credit_notes_amount": 2500, "amount_remaining": 0}
    bill(account, body, "2025-02-01", "2025-03-02", **credited)
    paid = charge(account, january, "2025-01-01", "succeeded")
    for status, amount in (("succeeded", 3000), ("failed", 5000)):
        refund = {
            "id": account.new_id("re"),
            "object": "refund",
            "charge": paid["id"],
            "status": status,
            "currency": "usd",
            "amount": amount,
            "created": seconds(moment("2025-02-20")),
        }
        account.list_object(refund, NOW - timedelta(hours=1))
    con = compiled().build(account.land(tmp_path), NOW)
    assert bridge(con, "2025-02-01") == {
        "mrr": 100,
        "invoiced": 100,
        "credit_notes": -25,
        "uncollected": -75,
        "refunds": -30,
        "collected": -30,
    }
    later = {"mrr": 100, "unbilled": -100, "earlier_invoices": 75, "collected": 75}
    assert bridge(con, "2025-03-01") == later


@pytest.mark.parametrize(
    ("tax", "expected"),
    [
        ("exclude", {"mrr": 100, "once_coupons": -50, "tax": 10}),
        ("include", {"mrr": 120, "once_coupons": -60}),
    ],
)
def test_tax_inside_a_price_has_its_place_in_the_bridge(
    tax: str, expected: dict[str, int], tmp_path: Path
) -> None:
    account = Account()
    rates = [{"id": "txr_1", "object": "tax_rate", "percentage": 20, "inclusive": True}]
    item = account.item(account.price("12000", tax_behavior="inclusive"), tax_rates=rates)
    coupon = account.discount(moment("2025-01-01"), percent_off=50, duration="once")
    body = account.subscribe(moment("2025-01-01"), [item], discounts=[coupon])
    taxed = line(account, body, moment("2025-01-01"), 12000) | {
        "discount_amounts": [{"amount": 6000, "discount": coupon["id"]}],
        "taxes": [{"amount": 1000, "tax_behavior": "inclusive", "tax_rate_details": {"tax_rate": "txr_1"}}],
    }
    lines = {"data": [taxed], "has_more": False}
    bill(account, body, "2025-01-01", "2025-01-01", total=6000, lines=lines)
    con = compiled(resolve("default").switches | {"tax": tax}).build(account.land(tmp_path), NOW)
    assert bridge(con, "2025-01-01") == {**expected, "invoiced": 60, "collected": 60}


def test_an_invoice_seen_again_and_again_counts_once_in_its_newest_state(tmp_path: Path) -> None:
    account = Account()
    invoice = bill(account, subscriber(account), "2025-01-01", "2025-01-03")
    unpaid = invoice | {"status": "open", "amount_paid": 0, "amount_remaining": 10000}
    account.list_object(unpaid, moment("2025-01-02"))
    account.list_object(invoice, moment("2025-01-04"))
    con = compiled().build(account.land(tmp_path), NOW)
    assert bridge(con, "2025-01-01") == {"mrr": 100, "invoiced": 100, "collected": 100}
    lines = con.execute("select line_id, amount from intermediate.int_invoice_lines").fetchall()
    assert lines == [(invoice["lines"]["data"][0]["id"], 100)]


def test_a_later_phase_of_a_schedule_is_committed_in_its_month(tmp_path: Path) -> None:
    account = Account()
    body = subscriber(account, schedule="sub_sched_1")
    larger = account.price("25000")
    phases = [
        {"start_date": seconds(moment(start)), "end_date": seconds(moment(end)), "items": [item]}
        for start, end, item in (
            ("2025-01-01", "2025-06-10", {"price": body["items"]["data"][0]["price"]["id"], "quantity": 1}),
            ("2025-06-10", "2026-01-01", {"price": larger["id"], "quantity": 2}),
        )
    ]
    schedule = {
        "id": "sub_sched_1",
        "object": "subscription_schedule",
        "subscription": body["id"],
        "status": "active",
        "customer": body["customer"],
        "end_behavior": "release",
        "created": 0,
        "phases": phases,
    }
    account.list_object(schedule, NOW - timedelta(hours=1))
    con = compiled().build(account.land(tmp_path), NOW)
    ahead = con.execute("""
        select month(month), opening_mrr, due_changes, scheduled_changes, committed_mrr
        from marts.committed_mrr_months
        where month between '2025-05-01' and '2025-07-01' order by month
    """).fetchall()
    assert ahead == [(5, 100, 0, 400, 500), (6, 500, 400, 0, 500), (7, 500, 0, 0, 500)]


def test_committed_mrr_drops_when_a_cancellation_is_scheduled_whenever_it_falls_due(tmp_path: Path) -> None:
    account = Account()
    for day, leaves in (
        ("2025-02-20", "2025-05-10"),
        ("2025-03-20", "2025-12-10"),
        ("2025-04-10", "2027-01-10"),
    ):
        account.change(subscriber(account), moment(day), cancel_at=seconds(moment(leaves)))
    con = compiled().build(account.land(tmp_path), NOW)
    found = con.execute("""
        select month(month), opening_mrr, scheduled_cancellations, committed_mrr, due_cancellations
        from marts.committed_mrr_months where month < '2025-07-01' order by month
    """).fetchall()
    assert found == [
        (1, 300, 0, 300, 0),
        (2, 300, -100, 200, 0),
        (3, 300, -200, 100, 0),
        (4, 300, -300, 0, 0),
        (5, 200, -200, 0, -100),
        (6, 200, -200, 0, 0),
    ]


def test_metered_charges_count_until_the_next_ones_where_the_policy_says_so(tmp_path: Path) -> None:
    account = Account()
    body = account.subscribe(
        moment("2025-01-01"), [account.item(account.price("10", usage_type="metered"), None)]
    )
    for day, amount in (("2025-02-01", 4000), ("2025-03-01", 6500)):
        bill(account, body, day, day, total=amount)
    landing = account.land(tmp_path)
    trailing = compiled(resolve("default").switches | {"metered": "trailing_month"}).build(landing, NOW)
    closing = "select closing_mrr from marts.mrr_months order by month"
    assert trailing.execute(closing).fetchall() == [(40,), (65,), (65,)]
    excluded = compiled().build(landing, NOW)
    assert excluded.execute(closing).fetchall() == []
    usage = excluded.execute("select month(month), kind, amount from marts.usage_revenue_months order by 1")
    assert usage.fetchall() == [(1, "metered", 40), (2, "metered", 65)]


def test_an_event_of_an_unknown_version_is_listed_and_flags_its_month(tmp_path: Path) -> None:
    account = Account()
    subscriber(account, "2025-01-05")
    subscriber(account, "2025-02-05")
    newest = account.observations[-1]
    for seen, version in ((newest, "2031-01-01.future"), (account.observations[0], "2026-10-28.zzz")):
        account.rows.setdefault("stripe_events", []).append(
            {
                "event_id": seen.event_id or "evt_0",
                "object_id": seen.object_id,
                "api_version": version,
                "created_at": seen.occurred_at,
                "observed_at": seen.observed_at,
            }
        )
    con = compiled().build(account.land(tmp_path), NOW)
    findings = con.execute("select check_name, object_id from intermediate.dq_revenue__flaws").fetchall()
    assert findings == [("unknown_api_version", newest.event_id)]
    complete = con.execute("select is_complete from marts.mrr_months order by month").fetchall()
    assert complete == [(True,), (False,), (True,), (False,)]
