"""An invoice's number, due date and VAT, held to identities and to the rates of the day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation_engine.checks.checking import checked, quotes


@pytest.mark.parametrize(
    ("kind", "text", "verdict"),
    [
        ("vat_invoice", "Invoice no. 2026-0312", "PASS"),
        ("vat_invoice", "INV/26/0042", "PASS"),
        ("vat_invoice", "VAT invoice 58", "PASS"),
        ("vat_invoice", "TAX INVOICE                No. G&G/0926", "PASS"),
        ("vat_invoice", "Invoice 14 September 2026\nYour order no. 7712", "FAIL"),
        ("vat_invoice", "Tax invoice issued on 9 April 2026", "FAIL"),
        ("vat_invoice", "Invoice no.:\nInvoice date: 18 May 2026", "FAIL"),
        ("vat_invoice", "Invoice no.:\nKP-2284", "PASS"),
        ("vat_invoice", "| Invoice no. | n/a |\n| Date | 3 May 2026 |", "FAIL"),
        ("credit_note", "Credit note 118 against invoice 8810", "PASS"),
        ("credit_note", "Credit note against invoice 8810", "FAIL"),
    ],
)
def test_a_document_has_a_number_of_its_own(kind: str, text: str, verdict: str) -> None:
    assert checked("document_number", text, kind=kind).verdict == verdict


@given(
    st.dates(date(2012, 1, 1), date(2040, 12, 1)),
    st.sampled_from([7, 14, 21, 28, 30, 45, 60]),
    st.integers(-40, 40),
)
def test_a_due_date_fits_its_terms_or_is_found(issued: date, days: int, shift: int) -> None:
    due = issued + timedelta(days=days + shift)
    if due == issued:
        return
    text = (
        f"Invoice date: {issued.day} {issued:%B %Y}\nPayment terms: {days} days\n"
        f"Due date: {due.day} {due:%B %Y}\n"
    )
    verdict = checked("due_date", text).verdict
    if abs(shift) <= 1:
        assert verdict == "PASS"
    elif shift < 0 or shift > 3:
        assert verdict == "FAIL"


@given(st.decimals(Decimal("0.10"), Decimal(240), places=2), st.sampled_from([(20, 6), (5, 21)]))
def test_the_vat_in_a_total_is_its_fraction(total: Decimal, rate: tuple[int, int]) -> None:
    percent, fraction = rate
    inside = (total / fraction).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"Receipt\nTotal including VAT at {percent}% £{total}\nof which VAT £{inside}\n"
    assert checked("vat_fraction", text, kind="simplified_invoice").verdict == "PASS"
    too_much = (
        f"Receipt\nTotal including VAT at {percent}% £{total}\nof which VAT £{inside + Decimal('0.02')}\n"
    )
    assert checked("vat_fraction", too_much, kind="simplified_invoice").verdict == "FAIL"


@pytest.mark.parametrize(
    ("day", "rate", "verdict"),
    [
        ("4 May 2026", "20", "PASS"),
        ("4 May 2026", "17.5", "FAIL"),
        ("4 May 2009", "15", "PASS"),
        ("4 May 2010", "17.5", "PASS"),
        ("1 November 2021", "12.5", "PASS"),
        ("1 May 2022", "12.5", "FAIL"),
    ],
)
def test_a_rate_was_in_force_on_the_day(day: str, rate: str, verdict: str) -> None:
    assert checked("vat_rate_valid", f"Invoice date: {day}\nVAT at {rate}%: £10.00").verdict == verdict


def test_a_rate_may_be_told_of_what_it_is_on() -> None:
    assert checked("vat_rate_valid", "VAT on the hire of a hall is 12%.").verdict == "FAIL"


def test_a_rate_of_interest_is_none_of_vat() -> None:
    text = "Net £600.00\nVAT £120.00\nOverdue accounts bear interest at 8%.\n"
    assert quotes(text, checked("vat_rate_stated", text)) == ["£120.00"]
