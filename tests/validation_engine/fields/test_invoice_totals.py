"""Totals are found wherever their names stand, or by their place and arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation_engine.factories import validated
from validation_engine.documents.plain import read_plain
from validation_engine.fields.invoice import Invoice, pennies, read_invoice
from validation_engine.fields.invoice_totals import totals_in

KINDS = ("net", "vat", "gross")


def read(text: str) -> Invoice:
    return read_invoice(read_plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "Net total: £2,818.00\nVAT at 20%: £563.60\nTotal due: £3,381.60",
        "£2,818.00 net\n£563.60 VAT (20%)\n£3,381.60 to pay",
        "That is £2,818.00 before VAT, VAT at 20% on it is £563.60, and the total comes to £3,381.60.",
        "Goods and services before VAT   £2,818.00\nTotal VAT   £563.60\nPAYABLE   £3,381.60",
        "Sum before tax: £2,818.00\nVAT on it at the standard rate of 20% is £563.60\nYou owe: £3,381.60",
        "Item   Net   VAT   Gross\nTotals   2,818.00   563.60   3,381.60",
        "To our fees for the lease\n\n   £2,818.00\nVAT thereon at 20%   £563.60\n   ---------\n   £3,381.60",
    ],
)
def test_totals_are_found_in_every_layout(text: str) -> None:
    invoice = read(text)
    found = [one.amount if (one := invoice.one(kind)) else None for kind in KINDS]  # type: ignore[arg-type]
    assert found == [Decimal("2818.00"), Decimal("563.60"), Decimal("3381.60")]


def test_a_named_total_counts_before_one_known_by_its_place() -> None:
    invoice = read(
        "Labour   £100.00\nNet   £300.00\nVAT at 20%   £60.00\nTotal   £360.00\nOther work is £50 plus VAT"
    )
    assert invoice.one("net") is not None
    assert [one.amount for one in invoice.all("net")] == [Decimal("300.00")]


@given(st.decimals("1", "99999", places=2), st.sampled_from([Decimal(20), Decimal(5)]))
def test_a_sum_with_its_vat_is_seen_without_labels(net: Decimal, rate: Decimal) -> None:
    vat = pennies(net * rate / 100)
    invoice = read(f"Work   £{net}\nVAT at {rate}%   £{vat}\nto the bank   £{net + vat}")
    assert vat == 0 or invoice.shows_net_of(invoice.all("vat")[0])


def test_a_sum_that_does_not_fit_is_not_taken_for_the_net() -> None:
    invoice = read("Chairs   £100.00\nTables   £200.00\nTotal including VAT   £360.00\nVAT   £60.00")
    assert not invoice.shows_net_of(invoice.all("vat")[0])
    assert not invoice.shows_split()


def test_a_price_told_in_a_sentence_is_no_total_where_one_is_listed() -> None:
    text = "Net   £300.00\nVAT   £60.00\n\nWe had estimated a net price of £320.00; it fell, as you see."
    assert [one.amount for one in read(text).all("net")] == [Decimal("300.00")]


def test_a_line_without_a_quantity_counts_among_those_that_have_one() -> None:
    lines = read("Oak, 3 @ £20.00   £60.00\nHire of a lift   £15.00\nNet   £75.00\nVAT 20%   £15.00").lines
    assert [one.amount for one in lines] == [Decimal("60.00"), Decimal("15.00")]


def test_an_amount_that_repeats_all_lines_is_none_of_them() -> None:
    lines = read("Oak, 3 @ £20.00   £60.00\nGoods   £60.00\nVAT 20%   £12.00").lines
    assert [one.amount for one in lines] == [Decimal("60.00")]


def test_amounts_of_each_rate_that_come_to_all_lines_are_none_of_them() -> None:
    rows = "Oak, 3 @ £20.00   £60.00\nFig, 2 @ £5.00   £10.00\nGoods at 20%   £60.00\nGoods at 0%   £10.00\n"
    invoice = read(f"{rows}Total before VAT   £70.00\nVAT: 20% of £60.00   £12.00")
    assert [one.amount for one in invoice.lines] == [Decimal("60.00"), Decimal("10.00")]


def test_a_quantity_may_share_its_cell_with_what_it_counts() -> None:
    header = "Qty    Item         Each      Amount"
    lines = read(
        f"{header}\n2      Posters      £10.00    £20.00\n1.5 h  Plan         £40.00    £60.00"
    ).lines
    assert [one.amount for one in lines] == [Decimal("20.00"), Decimal("60.00")]


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("Net value   £4,500.00\nVAT at 20%   £900.00\nValue with VAT   £5,400.00", "gross", "5400.00"),
        ("VAT at 20% on £5,908.40   £1,181.68\nVAT to pay   £1,181.68", "vat", "1181.68"),
        (
            "VAT at 20% (the flats go to an end user, so the\nreverse charge does not apply)   £900.00",
            "vat",
            "900.00",
        ),
        ("TOTAL, VAT INCLUDED   £186.00\nVAT in the above   £31.00", "gross", "186.00"),
        ("Excluding VAT £200.00\nIncluding VAT at 20% £240.00", "gross", "240.00"),
        ("Tuning £150.00\n20% VAT is included in the amount of £180.00 due.", "gross", "180.00"),
        ("House coal £210.00 including VAT at 5% of £10.00", "gross", "210.00"),
        ("Total £120.00 including £20.00 VAT at 20%", "vat", "20.00"),
        ("You paid £24.00; this price includes £4.80 of VAT at 20%.", "vat", "4.80"),
        ("Cairn Joinery, VAT 469 6788 65, doors £400.00\nVAT 20% £80.00", "vat", "80.00"),
        ("VAT   EUR 970.00\nTotal   EUR 5,820.00\nThe VAT is GBP 834.20 at 0.86.", "vat", "970.00"),
    ],
)
def test_a_label_is_read_to_its_end(text: str, kind: str, amount: str) -> None:
    found = read(text).one(kind)  # type: ignore[arg-type]
    assert found is not None
    assert found.amount == Decimal(amount)


def test_what_the_vat_is_on_is_the_only_price_before_it() -> None:
    invoice = read(
        "We charge a fixed price of £750.00. VAT on that at 20% is £150.00. The amount due is £900.00."
    )
    assert invoice.base() == Decimal("750.00")


def test_prices_that_include_vat_are_not_what_it_is_on() -> None:
    assert read("Lunch for two   £36.00\nTotal £36.00 of which VAT £6.00").base() is None


def test_what_is_told_without_its_vat_is_no_vat() -> None:
    text = "Net total £900.00\nVAT 20% £180.00\nMaterials, VAT left out £350.00\n"
    assert [one.amount for one in totals_in(read_plain(text)) if one.kind == "vat"] == [Decimal("180.00")]


def test_a_size_is_not_a_sum() -> None:
    lines = read("18 mm birch ply, 2440 x 1220           10 sheets at £58.00         £580.00").lines
    assert [(one.quantity, one.unit_price, one.amount) for one in lines] == [
        (Decimal(10), Decimal("58.00"), Decimal("580.00"))
    ]


@pytest.mark.parametrize("digits", [15, 26, 27, 40, 4_000])
def test_no_amount_is_too_long_for_its_arithmetic(digits: int) -> None:
    amount = "9" * digits
    lines = f"10 × boxes  £{amount}  £{amount}\n" * 2
    result = validated(
        f"INVOICE\n{lines}Net total: £{amount}\nVAT at 20%: £{amount}\nTotal: £{amount}",
        document_type="vat_invoice",
    )
    told = [one.message for module in result.modules.values() for one in module.gates]
    assert not [message for message in told if "could not be evaluated" in message]
