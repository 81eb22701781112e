"""Invoices and money that go odd ways: each customer's bridge, added up by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.bills import NOW, bill, charge, line, subscriber
from tests.dbt_project.revenue.test_partial_payments import pay
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

FEBRUARY, MARCH = "2025-02-01", "2025-03-01"
Items = dict[str, int]


def billed(account: Account, **fields: Any) -> Json:
    """Bill 100 for February, paid on its first day unless the fields say otherwise."""
    return bill(account, subscriber(account), FEBRUARY, FEBRUARY, **fields)


def taken_back(account: Account, kind: str, invoice: Json, status: str, amount: int = 10000) -> None:
    """List a refund or a dispute, of March, of the charge that paid an invoice."""
    given_back(account, kind, charge(account, invoice, FEBRUARY, "succeeded"), status, amount)


def given_back(
    account: Account, kind: str, paid: Json, status: str, amount: int, currency: str = "usd"
) -> None:
    """List a refund or a dispute, of March, of a charge."""
    body = {"id": account.new_id("x"), "object": kind, "charge": paid["id"], "currency": currency}
    made = {"status": status, "amount": amount, "created": seconds(moment("2025-03-05"))}
    account.list_object(body | made, NOW - timedelta(hours=1))


def voided_after_its_payment(account: Account) -> Json:
    invoice = billed(account)
    done = invoice["status_transitions"] | {"voided_at": seconds(moment("2025-03-05"))}
    account.list_object(invoice | {"status": "void", "status_transitions": done}, NOW - timedelta(minutes=1))
    return invoice


def voided_after_its_payment_and_given_back(account: Account) -> Json:
    invoice = voided_after_its_payment(account)
    taken_back(account, "refund", invoice, "succeeded")
    return invoice


def voided_before_any_payment(account: Account) -> Json:
    return billed(account, status="void", amount_paid=0, amount_remaining=10000, status_transitions={})


def in_a_status_of_its_own(account: Account) -> Json:
    return billed(account, status="frozen")


def credit_note_above_the_invoice(account: Account) -> Json:
    return billed(account, amount_paid=0, pre_payment_credit_notes_amount=12500)


def credit_note_above_the_invoice_kept_for_the_next(account: Account) -> Json:
    kept = {"starting_balance": 0, "ending_balance": -2500}
    return billed(account, amount_paid=0, pre_payment_credit_notes_amount=12500, **kept)


def dispute_lost(account: Account) -> Json:
    invoice = billed(account)
    taken_back(account, "dispute", invoice, "lost")
    return invoice


def part_of_a_dispute_lost(account: Account) -> Json:
    invoice = billed(account)
    taken_back(account, "dispute", invoice, "lost", 4000)
    return invoice


def dispute_won(account: Account) -> Json:
    invoice = billed(account)
    taken_back(account, "dispute", invoice, "won")
    return invoice


def dispute_not_decided(account: Account) -> Json:
    invoice = billed(account)
    taken_back(account, "dispute", invoice, "under_review")
    return invoice


def dispute_lost_in_another_currency(account: Account) -> Json:
    invoice = billed(account)
    given = charge(account, invoice, FEBRUARY, "succeeded")
    given_back(account, "dispute", given, "lost", 9200, currency="eur")
    return invoice


def refunded_charge_that_only_the_invoices_payment_names(account: Account) -> Json:
    invoice = billed(account)
    bare = charge(account, {"id": None, "customer": invoice["customer"]}, FEBRUARY, "succeeded")
    pay(account, invoice, (FEBRUARY, 10000), payment={"type": "charge", "charge": bare["id"]})
    given_back(account, "refund", bare, "succeeded", 3000)
    return invoice


def shipped(account: Account, subtotal: int, total: int) -> Json:
    """Bill 100 for February and shipping that contains 2 of tax."""
    body = subscriber(account)
    shipping = {"amount_subtotal": subtotal, "amount_tax": 200, "amount_total": total}
    lines = {"data": [line(account, body, moment(FEBRUARY), 10000)], "has_more": False}
    fields = {"total": 10000 + total, "shipping_cost": shipping, "lines": lines}
    return bill(account, body, FEBRUARY, FEBRUARY, **fields)


def shipped_with_tax_on_top(account: Account) -> Json:
    return shipped(account, 1000, 1200)


def shipped_with_tax_inside(account: Account) -> Json:
    return shipped(account, 1200, 1200)


def shown_by_a_version_with_other_ids_of_lines(account: Account) -> Json:
    invoice = billed(account)
    [today] = invoice["lines"]["data"]
    older = today | {
        "id": invoice["parent"]["subscription_details"]["subscription"],
        "unique_id": today["id"],
    }
    account.tell(invoice | {"lines": {"data": [older]}}, "invoice.paid", moment(FEBRUARY))
    return invoice


# What was invoiced for February, and how it came to what was collected; and what March took back.
PAID = {"invoiced": 100, "collected": 100}
STORIES: list[tuple[Callable[[Account], Json], Items, Items]] = [
    (voided_after_its_payment, PAID, {}),
    (voided_after_its_payment_and_given_back, PAID, {"refunds": -100, "collected": -100}),
    (voided_before_any_payment, {"invoiced": 100, "uncollected": -100}, {}),
    (in_a_status_of_its_own, PAID, {}),
    (credit_note_above_the_invoice, {"invoiced": 100, "credit_notes": -125, "unexplained_payment": 25}, {}),
    (
        credit_note_above_the_invoice_kept_for_the_next,
        {"invoiced": 100, "credit_notes": -125, "credit_balance": 25},
        {},
    ),
    (dispute_lost, PAID, {"refunds": -100, "collected": -100}),
    (part_of_a_dispute_lost, PAID, {"refunds": -40, "collected": -40}),
    (dispute_won, PAID, {}),
    (dispute_lost_in_another_currency, PAID, {}),
    (dispute_not_decided, PAID, {}),
    (
        refunded_charge_that_only_the_invoices_payment_names,
        PAID,
        {"refunds": -30, "collected": -30},
    ),
    (shipped_with_tax_on_top, {"one_off": 10, "tax": 2, "invoiced": 112, "collected": 112}, {}),
    (shipped_with_tax_inside, {"one_off": 10, "tax": 2, "invoiced": 112, "collected": 112}, {}),
    (shown_by_a_version_with_other_ids_of_lines, PAID, {}),
]
Told = tuple["duckdb.DuckDBPyConnection", list[Json]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell all stories on one account and build it once."""
    account = Account()
    invoices = [story(account) for story, _, _ in STORIES]
    return compiled().build(account.land(tmp_path_factory.mktemp("odd-payments")), NOW), invoices


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.__name__ for story, _, _ in STORIES])
def test_an_odd_payment_leads_from_invoiced_to_collected(number: int, told: Told) -> None:
    con, invoices = told
    query = """
        select item, amount from marts.mrr_invoice_bridge
        where month = ? and customer_id = ? and item not in ('mrr', 'unbilled') order by position
    """
    customer = invoices[number]["customer"]
    found = [dict(con.execute(query, [month, customer]).fetchall()) for month in (FEBRUARY, MARCH)]
    assert found == [
        {item: Decimal(amount) for item, amount in items.items()} for items in STORIES[number][1:]
    ]


def test_only_what_does_not_add_up_or_is_unknown_is_a_finding(told: Told) -> None:
    con, invoices = told
    names = {invoice["id"]: story.__name__ for (story, _, _), invoice in zip(STORIES, invoices, strict=True)}
    rows = con.execute("""
        select check_name, object_id, detail from intermediate.dq_revenue__flaws
        where check_name != 'money_in_another_currency'
    """).fetchall()
    found = [(check, names[invoice], detail) for check, invoice, detail in rows]
    assert sorted(found) == [
        ("unbalanced_payment", "credit_note_above_the_invoice", "differs by -25.000 usd"),
        ("unknown_invoice_status", "in_a_status_of_its_own", "differs by 0.000 usd"),
    ]


def test_no_odd_payment_moves_mrr(told: Told) -> None:
    con, _ = told
    kinds = con.execute("select distinct movement_type, amount from marts.mrr_movements").fetchall()
    assert kinds == [("new", Decimal(100))]


def test_what_was_taken_back_in_another_currency_is_a_finding_and_flags_its_month(told: Told) -> None:
    con, invoices = told
    found = con.execute("""
        select object_id, detail from intermediate.dq_revenue__flaws
        where check_name = 'money_in_another_currency'
    """).fetchall()
    [invoice] = [
        i for i, story in zip(invoices, STORIES, strict=True) if "another_currency" in story[0].__name__
    ]
    [(name, detail)] = found
    assert name.startswith("x")
    assert invoice["id"] in detail
    complete = con.execute("select is_complete from marts.mrr_months where month = ?", [MARCH]).fetchone()
    assert complete == (False,)
