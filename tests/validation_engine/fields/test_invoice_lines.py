"""Lines are read from tables of every make, by their header and by what multiplies up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.fields.invoice import Invoice, read_invoice

TWO = [(Decimal("14.5"), Decimal(68), Decimal(986)), (Decimal(3), Decimal(90), Decimal(270))]


def read(text: str) -> Invoice:
    return read_invoice(read_plain(text))


@pytest.mark.parametrize(
    "text",
    [
        (
            "Work            Time        Rate        Fee\n"
            "Measured survey  14.5 hrs   £68.00/hr   £986.00\nSite visits      3 visits   £90.00     £270.00"
        ),
        (
            "                        Qty    Each     Net    VAT rate   VAT\n"
            "1  Measured survey   14.5 hrs  £68.00  £986.00   20%  £197.20\n"
            "2  Site visits          3      £90.00  £270.00   20%   £54.00"
        ),
        (
            "| # | Item | Hours/Qty | Unit Cost | Net | VAT % | VAT | Total |\n"
            "|---|---|---|---|---|---|---|---|\n"
            "| 1 | Survey | 14.5 | 68.00 | 986.00 | 20 | 197.20 | 1,183.20 |\n"
            "| 2 | Visits | 3 | 90.00 | 270.00 | 20 | 54.00 | 324.00 |"
        ),
        (
            "Item  Description   From      To        Hours  Rate/hour  Total\n"
            "1     Survey        08/12/25  19/12/25  14.5   68.00      986.00\n"
            "2     Visits        08/12/25  12/12/25  3      90.00      270.00"
        ),
        (
            "No.   Description   Unit   Unit rate   £\n"
            "14.5  Survey        h      68.00       986.00\n3     Visits        ea     90.00       270.00"
        ),
        "Survey   14.5 hours   EUR 68.00   EUR 986.00\nVisits   3   EUR 90.00   EUR 270.00",
        "         Walks   Rate    Amount\nBramble   14.5   £68.00   £986.00\nBiscuit  3   £90.00   £270.00",
    ],
)
def test_rows_are_read_by_where_their_cells_stand(text: str) -> None:
    assert [(one.quantity, one.unit_price, one.amount) for one in read(text).lines] == TWO


@pytest.mark.parametrize(
    "text",
    [
        "48 pillars, small        at £3.25     £156.00\n60 jars (food, no VAT)   at £4.10     £246.00",
        "Forty-eight pillars of wax: 48 at £3.25, which comes to £156.00. 60 jars at £4.10 makes £246.00.",
    ],
)
def test_a_quantity_may_stand_far_from_its_price(text: str) -> None:
    assert [(one.quantity, one.amount) for one in read(text).lines] == [(48, 156), (60, 246)]


def test_an_amount_alone_under_the_lines_is_to_be_paid() -> None:
    found = read(
        "Oak, 3 @ £20.00   £60.00\nElm, 4 @ £20.00   £80.00\n             -------\n             £150.00"
    )
    assert [one.amount for one in found.all("gross")] == [150]


def test_a_header_that_multiplies_up_in_no_row_gives_amounts_alone() -> None:
    lines = read("Days   Rate   Total\n3   £20.00   £75.00\n4   £30.00   £95.00").lines
    assert [(one.quantity, one.amount) for one in lines] == [(None, 75), (None, 95)]


def test_a_row_that_does_not_multiply_up_among_those_that_do_keeps_its_factors() -> None:
    lines = read("Oak   3   £20.00   £60.00\nElm   4   £30.00   £210.00\nAsh   2   £15.00   £30.00").lines
    assert [(one.quantity, one.amount) for one in lines] == [(3, 60), (4, 210), (2, 30)]


def test_the_vat_of_each_rate_is_no_line() -> None:
    text = (
        "Title   Copies   Each   Net   VAT\nWind   30   6.99   209.70   Z\nPens   2   5.00   10.00   S\n\n"
        "VAT summary   Code   Rate   Net   VAT\n   Z   0%   209.70   0.00\n   S   20%   10.00   2.00"
    )
    assert [one.amount for one in read(text).lines] == [Decimal("209.70"), 10]


@pytest.mark.parametrize(
    ("label", "shown", "net"),
    [("Fees", "140.00", "140.00"), ("Fees", "150.00", "150.00"), ("Total", "150.00", "150.00")],
)
def test_the_sum_between_lines_and_vat_is_the_net_total_by_any_name(label: str, shown: str, net: str) -> None:
    lines = "Oak, 3 @ £20.00   £60.00\nElm, 4 @ £20.00   £80.00"
    text = f"{lines}\n{label}   £{shown}\nVAT 20%   £28.00\nTotal   £168.00"
    found = read(text).one("net")
    assert found is not None
    assert found.amount == Decimal(net)


def test_an_estimate_does_not_push_out_the_net_that_adds_up() -> None:
    text = "It is £1,824.00 before VAT. VAT at 20% is £364.80, in all £2,188.80. We quoted £2,400 plus VAT."
    found = read(text).one("net")
    assert found is not None
    assert found.amount == Decimal("1824.00")


@pytest.mark.parametrize(
    ("text", "amount"), [("VAT   (£24.36)", "-24.36"), ("VAT at 20% (£24.36) is for you to pay", "24.36")]
)
def test_brackets_take_off_in_a_column_and_not_in_a_sentence(text: str, amount: str) -> None:
    assert read(text).listed[0].amount == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "Doors £400.00\nWindows £250.00\nNet total £640.00\nVAT 20% £128.00",
        "1. Doors: £400.00\n2. Windows: £250.00\nSum before VAT: £640.00",
        "Supplied: doors £400.00, windows £250.00. Total excluding VAT £640.00. VAT 20% £128.00.",
        "Doors £400.00 and the windows £250.00, net total £640.00, VAT at 20% £128.00",
        "Quantity: 4 doors\nUnit price: £100.00\nLine total: £400.00\n10 panes @ £25.00 each £250.00",
    ],
)
def test_lines_without_columns_are_read_above_their_net_total(text: str) -> None:
    assert [one.amount for one in read(text).lines] == [Decimal("400.00"), Decimal("250.00")]


@pytest.mark.parametrize(
    "text",
    [
        "We quoted £400.00, you agreed £250.00. Net total £640.00. VAT 20% £128.00.",
        "Deposit £400.00\nBalance £250.00\nNet total £640.00\nVAT 20% £128.00",
    ],
)
def test_what_is_told_of_other_sums_is_no_line(text: str) -> None:
    assert not read(text).lines
