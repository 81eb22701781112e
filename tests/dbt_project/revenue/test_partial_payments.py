"""Invoices paid in parts, in several months, too much, outside Stripe, or credited: each bridge, by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.bills import NOW, charge
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

from tests.dbt_project.revenue.paying import BY_CARD, MONTHS, billed, credit, pay, payment

Items = dict[str, int]
BY_RECORD = {"type": "payment_record", "payment_record": "prec_1"}


def partly_paid(account: Account) -> Json:
    invoice = billed(account, None, 4000)
    pay(account, invoice, (None, 6000), ("2025-02-10", 4000))
    return invoice


def paid_in_three_months(account: Account) -> Json:
    invoice = billed(account, "2025-04-02", 10000)
    pay(account, invoice, ("2025-04-02", 5000), ("2025-02-10", 4000), ("2025-03-10", 1000))
    return invoice


def paid_in_two_parts_within_its_month(account: Account) -> Json:
    invoice = billed(account, "2025-02-20", 10000)
    pay(account, invoice, ("2025-02-20", 2500), ("2025-02-10", 7500))
    return invoice


def paid_late_at_once(account: Account) -> Json:
    invoice = billed(account, "2025-03-20", 10000)
    pay(account, invoice, ("2025-03-20", 10000))
    return invoice


def told_inside_the_invoice(account: Account) -> Json:
    invoice = billed(account, "2025-03-20", 10000)
    parts = [payment(invoice, 1, "2025-02-10", 3000), payment(invoice, 0, "2025-03-20", 7000)]
    account.list_object(invoice | {"payments": {"object": "list", "data": parts}}, NOW - timedelta(minutes=1))
    return invoice


def told_twice_and_by_its_charge(account: Account) -> Json:
    intent = {"charge": "ch_old", "payment_intent": "pi_old"}
    invoice = billed(account, "2025-02-20", 10000, **intent)
    charge(account, invoice, "2025-02-20", "succeeded")
    for _ in range(2):
        pay(account, invoice, ("2025-02-20", 10000), payment=BY_CARD | {"payment_intent": "pi_old"})
    return invoice


def partly_paid_then_given_up(account: Account) -> Json:
    done = {
        "finalized_at": seconds(moment(MONTHS[0])),
        "marked_uncollectible_at": seconds(moment("2025-03-05")),
    }
    invoice = billed(account, None, 4000, status="uncollectible", status_transitions=done)
    pay(account, invoice, ("2025-03-01", 4000))
    return invoice


def partly_paid_by_a_version_without_payments(account: Account) -> Json:
    invoice = billed(account, None, 4000)
    account.list_object(invoice, moment("2025-03-03"))
    account.list_object(invoice | {"amount_paid": 0, "amount_remaining": 10000}, moment("2025-02-03"))
    return invoice


def paid_too_much(account: Account) -> Json:
    invoice = billed(account, "2025-03-02", 10000, amount_overpaid=2000)
    pay(account, invoice, ("2025-02-10", 4000), ("2025-03-02", 8000))
    return invoice


def paid_too_much_and_counted_so(account: Account) -> Json:
    invoice = billed(account, "2025-03-02", 12000, amount_overpaid=2000)
    pay(account, invoice, ("2025-02-10", 4000), ("2025-03-02", 8000))
    return invoice


def paid_in_part_after_a_credit_note(account: Account) -> Json:
    credited = {"pre_payment_credit_notes_amount": 2500, "amount_remaining": 4500}
    invoice = billed(account, None, 3000, **credited)
    pay(account, invoice, ("2025-03-02", 3000))
    return invoice


def credited_a_month_later_and_paid_then(account: Account) -> Json:
    invoice = billed(account, "2025-04-02", 7500, amount_remaining=0, pre_payment_credit_notes_amount=2500)
    credit(account, invoice, "2025-03-10", 2500)
    credit(account, invoice, "2025-03-20", 2500, status="void")
    return invoice


def credited_in_two_months_and_once_after_payment(account: Account) -> Json:
    left = {"amount_remaining": 0, "pre_payment_credit_notes_amount": 4000}
    invoice = billed(account, "2025-03-20", 6000, **left)
    credit(account, invoice, "2025-02-10", 1000)
    credit(account, invoice, "2025-03-10", 5000, type="mixed", pre_payment_amount=2500)
    credit(account, invoice, "2025-04-10", 2500, type="post_payment")
    return invoice


def paid_in_parts_and_refunded(account: Account) -> Json:
    invoice = paid_in_three_months(account)
    given = charge(account, invoice, "2025-02-10", "succeeded")
    body = {"id": account.new_id("re"), "object": "refund", "charge": given["id"], "currency": "usd"}
    refund = body | {"status": "succeeded", "amount": 1500, "created": seconds(moment("2025-04-05"))}
    account.list_object(refund, NOW - timedelta(hours=1))
    return invoice


def marked_as_paid_elsewhere(account: Account) -> Json:
    return billed(account, "2025-02-20", 0, paid_out_of_band=True, amount_remaining=0)


def marked_as_paid_elsewhere_and_shown_as_remaining(account: Account) -> Json:
    return billed(account, "2025-03-20", 0, paid_out_of_band=True, amount_remaining=10000)


def marked_as_paid_elsewhere_after_a_credit_note(account: Account) -> Json:
    credited = {"pre_payment_credit_notes_amount": 2500, "paid_out_of_band": True, "amount_remaining": 0}
    return billed(account, "2025-02-20", 0, **credited)


def paid_by_a_record_of_another_processor(account: Account) -> Json:
    invoice = billed(account, "2025-02-20", 10000)
    pay(account, invoice, ("2025-02-20", 10000), payment=BY_RECORD)
    return invoice


def paid_half_by_card_and_half_elsewhere(account: Account) -> Json:
    invoice = billed(account, "2025-03-20", 10000)
    pay(account, invoice, ("2025-02-10", 5000))
    outside = payment(invoice, 7, "2025-03-20", 5000, payment=BY_RECORD)
    account.list_object(outside, NOW - timedelta(hours=1))
    return invoice


def paid_elsewhere_with_its_own_payment_canceled(account: Account) -> Json:
    invoice = billed(account, "2025-02-20", 10000)
    pay(account, invoice, (None, 10000), status="canceled")
    return invoice


def paid_before_its_payment_was_heard_of(account: Account) -> Json:
    invoice = billed(account, "2025-02-20", 10000)
    pay(account, invoice, (None, 10000))
    return invoice


ALL = {"invoiced": 100, "collected": 100}
NONE: Items = {}
STORIES: list[tuple[Callable[[Account], Json], Items, Items, Items]] = [
    (partly_paid, {"invoiced": 100, "uncollected": -60, "collected": 40}, NONE, NONE),
    (
        paid_in_three_months,
        {"invoiced": 100, "uncollected": -60, "collected": 40},
        {"earlier_invoices": 10, "collected": 10},
        {"earlier_invoices": 50, "collected": 50},
    ),
    (paid_in_two_parts_within_its_month, ALL, NONE, NONE),
    (
        paid_late_at_once,
        {"invoiced": 100, "uncollected": -100},
        {"earlier_invoices": 100, "collected": 100},
        NONE,
    ),
    (
        told_inside_the_invoice,
        {"invoiced": 100, "uncollected": -70, "collected": 30},
        {"earlier_invoices": 70, "collected": 70},
        NONE,
    ),
    (told_twice_and_by_its_charge, ALL, NONE, NONE),
    (
        partly_paid_then_given_up,
        {"invoiced": 100, "uncollected": -100},
        {"earlier_invoices": 40, "collected": 40},
        NONE,
    ),
    (
        partly_paid_by_a_version_without_payments,
        {"invoiced": 100, "uncollected": -100},
        {"earlier_invoices": 40, "collected": 40},
        NONE,
    ),
    (
        paid_too_much,
        {"invoiced": 100, "uncollected": -60, "collected": 40},
        {"credit_balance": 20, "earlier_invoices": 60, "collected": 80},
        NONE,
    ),
    (
        paid_too_much_and_counted_so,
        {"invoiced": 100, "uncollected": -60, "collected": 40},
        {"credit_balance": 20, "earlier_invoices": 60, "collected": 80},
        NONE,
    ),
    (
        paid_in_part_after_a_credit_note,
        {"invoiced": 100, "credit_notes": -25, "uncollected": -75},
        {"earlier_invoices": 30, "collected": 30},
        NONE,
    ),
    (
        credited_a_month_later_and_paid_then,
        {"invoiced": 100, "uncollected": -100},
        {"credit_notes": -25, "earlier_invoices": 25},
        {"earlier_invoices": 75, "collected": 75},
    ),
    (
        credited_in_two_months_and_once_after_payment,
        {"invoiced": 100, "credit_notes": -15, "uncollected": -85},
        {"credit_notes": -25, "earlier_invoices": 85, "collected": 60},
        NONE,
    ),
    (
        paid_in_parts_and_refunded,
        {"invoiced": 100, "uncollected": -60, "collected": 40},
        {"earlier_invoices": 10, "collected": 10},
        {"earlier_invoices": 50, "refunds": -15, "collected": 35},
    ),
    (marked_as_paid_elsewhere, {"invoiced": 100, "collected_outside": -100}, NONE, NONE),
    (
        marked_as_paid_elsewhere_and_shown_as_remaining,
        {"invoiced": 100, "uncollected": -100},
        {"earlier_invoices": 100, "collected_outside": -100},
        NONE,
    ),
    (
        marked_as_paid_elsewhere_after_a_credit_note,
        {"invoiced": 100, "credit_notes": -25, "collected_outside": -75},
        NONE,
        NONE,
    ),
    (paid_by_a_record_of_another_processor, {"invoiced": 100, "collected_outside": -100}, NONE, NONE),
    (
        paid_half_by_card_and_half_elsewhere,
        {"invoiced": 100, "uncollected": -50, "collected": 50},
        {"earlier_invoices": 50, "collected_outside": -50},
        NONE,
    ),
    (paid_elsewhere_with_its_own_payment_canceled, {"invoiced": 100, "collected_outside": -100}, NONE, NONE),
    (paid_before_its_payment_was_heard_of, ALL, NONE, NONE),
]
Told = tuple["duckdb.DuckDBPyConnection", list[Json]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell all stories on one account and build it once."""
    account = Account()
    invoices = [story(account) for story, *_ in STORIES]
    return compiled().build(account.land(tmp_path_factory.mktemp("partial-payments")), NOW), invoices


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.__name__ for story, *_ in STORIES])
def test_each_payment_is_collected_in_its_month_and_the_rest_is_not(number: int, told: Told) -> None:
    con, invoices = told
    query = """
        select item, amount from marts.mrr_invoice_bridge
        where month = ? and customer_id = ? and item not in ('mrr', 'unbilled') order by position
    """
    customer = invoices[number]["customer"]
    found = [dict(con.execute(query, [month, customer]).fetchall()) for month in MONTHS]
    assert found == [
        {item: Decimal(amount) for item, amount in items.items()} for items in STORIES[number][1:]
    ]


def test_none_of_them_is_a_finding(told: Told) -> None:
    con, _ = told
    assert (
        con.execute("select check_name, object_id, detail from intermediate.dq_revenue__flaws").fetchall()
        == []
    )
