"""What of a payment lies on which line, and what dunning makes of payments in parts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.account import Account, Json, moment
from tests.dbt_project.revenue.bills import NOW, bill, charge, line, subscriber
from tests.dbt_project.revenue.test_partial_payments import (
    MONTHS,
    marked_as_paid_elsewhere_and_shown_as_remaining,
    paid_in_three_months,
    partly_paid,
    partly_paid_then_given_up,
    pay,
)
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

LINES = """
    select month, item, invoice_line_id, amount from marts.mrr_invoice_bridge_lines
    where customer_id = ? and stage = 'collected' order by month, position, invoice_line_id
"""


def three_lines(account: Account, *amounts: int) -> tuple[Json, list[str]]:
    """Bill a customer one line for each amount; return the invoice, unlisted, and the lines' ids."""
    body = subscriber(account)
    lines = [line(account, body, moment(MONTHS[0]), amount) for amount in amounts]
    fields = {"total": sum(amounts), "lines": {"data": lines, "has_more": False}}
    return bill(account, body, MONTHS[0], "2025-04-02", **fields), [one["id"] for one in lines]


def test_each_line_bears_its_share_to_the_cent_the_largest_remainder_first(tmp_path: Path) -> None:
    account = Account()
    invoice, (first, second, third) = three_lines(account, 3333, 3334, 3333)
    pay(account, invoice, ("2025-02-10", 100), ("2025-03-10", 100), ("2025-04-02", 9800))
    con = compiled().build(account.land(tmp_path), NOW)
    found = con.execute(LINES.replace("stage = 'collected'", "item = 'collected'"), [invoice["customer"]])
    shares = {(f"{month:%m}", name): amount for month, _, name, amount in found.fetchall()}
    by_month = [[shares[month, name] for name in (first, second, third)] for month in ("02", "03", "04")]
    assert by_month == [
        [Decimal("0.33"), Decimal("0.34"), Decimal("0.33")],
        [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")],
        [Decimal("32.66"), Decimal("32.67"), Decimal("32.67")],
    ]


def test_a_credit_among_the_lines_takes_its_share_back(tmp_path: Path) -> None:
    account = Account()
    invoice, (full, credit) = three_lines(account, 15000, -5000)
    pay(account, invoice, ("2025-02-10", 2500), ("2025-04-02", 7500))
    con = compiled().build(account.land(tmp_path), NOW)
    found = [
        (f"{month:%m}", item, name, amount)
        for month, item, name, amount in con.execute(LINES, [invoice["customer"]]).fetchall()
        if item == "collected"
    ]
    expected = [
        ("02", Decimal("37.5")),
        ("02", Decimal("-12.5")),
        ("04", Decimal("112.5")),
        ("04", Decimal("-37.5")),
    ]
    assert sorted(found) == sorted(
        (month, "collected", name, amount)
        for (month, amount), name in zip(expected, (full, credit) * 2, strict=True)
    )


def test_dunning_counts_what_came_after_the_first_failure_however_it_came(tmp_path: Path) -> None:
    account = Account()
    parts = paid_in_three_months(account)
    elsewhere = marked_as_paid_elsewhere_and_shown_as_remaining(account)
    open_one, lost = partly_paid(account), partly_paid_then_given_up(account)
    for invoice in (parts, elsewhere, open_one, lost):
        charge(account, invoice, "2025-02-15", "failed")
    con = compiled().build(account.land(tmp_path), NOW)
    found = con.execute("""
        select invoice_id, state, recovered_amount, lost_amount, at_risk_amount from marts.dunning_invoices
    """).fetchall()
    assert sorted(found) == sorted(
        [
            (parts["id"], "recovered", 60, 0, 0),
            (elsewhere["id"], "recovered", 100, 0, 0),
            (open_one["id"], "at_risk", 0, 0, 60),
            (lost["id"], "lost", 40, 60, 0),
        ]
    )
