"""Fields are read in all the forms in which British business writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields
from validation_engine.fields.amounts import find_money, find_percentages
from validation_engine.fields.dates import WEEKDAYS, find_dates
from validation_engine.fields.people import find_addresses
from validation_engine.fields.periods import find_periods

DAY = date(2026, 5, 4)
FORMS = (
    "4 May 2026",
    "4th May 2026",
    "4th-May-2026",
    "4th of May, 2026",
    "the 4th day of May 2026",
    "Monday 4 May 2026",
    "Monday, 4th May 2026",
    "Mon 4 May 2026",
    "4 May 26",
    "04/05/2026",
    "Mon 04/05/2026",
    "4 May 2026 (a Monday)",
    "4/5/26",
    "04.05.2026",
    "4-May-2026",
    "2026-05-04",
    "May 4, 2026",
    "Monday the fourth day of May 2026",
)


@pytest.mark.parametrize("form", FORMS)
def test_a_date_is_read_in_every_british_form(form: str) -> None:
    (found,) = find_dates(f"It was sent on {form}, as agreed.")
    assert found.value == DAY


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)), st.integers(0, 3))
def test_whatever_the_day_its_forms_are_read_back(day: date, form: int) -> None:
    written = (
        f"{day.day} {day:%B %Y}",
        f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {day:%b} {day.year}",
        day.isoformat(),
        f"{day:%d/%m/%Y}",
    )[form]
    (found,) = find_dates(f"On {written} we met.")
    assert found.value == day
    assert found.day_name in (None, day.weekday())


@pytest.mark.parametrize(
    "text", ["31 February 2026", "version 1.2.3", "99/99/2026", "1/2/3/4", "In May we met"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("£1,234.50", "1234.50", "GBP"),
        ("£90k", "90000", "GBP"),
        ("GBP 420.00", "420.00", "GBP"),
        ("EUR 500", "500", "EUR"),
        ("€19.99", "19.99", "EUR"),
        ("US$5", "5", "USD"),
        ("-£12.00", "-12.00", "GBP"),
        ("£1.2 million", "1200000", "GBP"),
        ("75p", "0.75", "GBP"),
        ("250 pounds", "250", "GBP"),
    ],
)
def test_money_is_read_exactly(text: str, amount: str, currency: str) -> None:
    folded = read_plain(f"It is {text} now").folded
    (found,) = find_money(folded)
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@given(st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2))
def test_any_amount_is_read_back_exactly(amount: Decimal) -> None:
    (found,) = find_money(f"\xa3{amount:,.2f} is due")
    assert found.amount == amount


def test_percentages_are_read_in_signs_and_words() -> None:
    assert [one.value for one in find_percentages("20%, 5 per cent, nineteen per cent, 4.10 percent")] == [
        20,
        5,
        19,
        Decimal("4.10"),
    ]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("28 days", 28, "day"),
        ("fourteen (14) days", 14, "day"),
        ("twenty-eight days", 28, "day"),
        ("five working days", 5, "working_day"),
        ("10 business days", 10, "working_day"),
        ("a fortnight", 2, "week"),
        ("an hour", 1, "hour"),
        ("twelve months'", 12, "month"),
        ("3 years", 3, "year"),
    ],
)
def test_periods_are_read_in_figures_and_words(text: str, number: int, unit: str) -> None:
    (found,) = find_periods(f"within {text} of it")
    assert (found.number, found.unit) == (number, unit)


def test_a_year_before_a_word_for_a_period_is_no_number_of_it() -> None:
    assert find_periods("for a 31 December 2025 year end") == []


LETTER = """Kelso Foods Ltd
8 Quay Road, Leith EH6 6LP

4 May 2026

Dear Ms Orr,

Your letter dated 1 April 2026 was received. You are asked to attend a disciplinary hearing on
Monday 11 May 2026 at 2.30 pm in the Boardroom. Write to hr@kelso.example or call 0131 496 0000.

Yours sincerely,
Mr Ian Bell
"""


def test_a_date_alone_on_its_line_is_the_documents_own_only_under_a_title() -> None:
    below_title = Fields(read_plain("NOTICE BOARD - TEASBY STORES\n4 May 2026\n\nThe Society is back."))
    assert below_title.date is not None
    assert below_title.date.value == DAY
    wrapped = (
        "The counter in the old post office, as our members know, opens again on the\n4 May 2026\n\nCome."
    )
    assert Fields(read_plain(wrapped)).date is None


def test_a_notice_is_dated_by_when_it_was_changed_or_adopted() -> None:
    for line in (
        "This notice was last changed on 4 May 2026.",
        "Adopted by the board on 4 May 2026",
        "Branch leaflet, 4 May 2026",
    ):
        own = Fields(read_plain(f"Privacy\n\n{line}\n\nWe keep names.")).date
        assert own is not None
        assert own.value == DAY


@pytest.mark.parametrize(
    "line",
    [
        "Sold to:   Kelso Mill Ltd        Date of this invoice: 4 May 2026",
        "BILL NUMBER 212                  Monday 4 May 2026",
        "INVOICE 33 | 4 May 2026 | Supply: 1 May 2026",
        "Unit 1, Old Maltings, Framlingham IP13 9EE        4 May 2026",
    ],
)
def test_an_invoice_may_give_its_date_in_a_cell_beside_its_number_or_an_address(line: str) -> None:
    own = Fields(read_plain(f"Seam & Selvedge\n{line}\ntax point: 2 May 2026\n\nHems, £40.00")).date
    assert own is not None
    assert own.value == DAY


def test_an_order_s_date_beside_its_number_is_not_the_document_s() -> None:
    assert Fields(read_plain("Seam & Selvedge\nYour order 4471      4 May 2026\n\nHems, £40.00")).date is None


def test_the_day_on_which_a_product_began_is_not_the_document_s() -> None:
    assert Fields(read_plain("Our fund\n\n- Launch date: 4 May 2026\n- Charge: 0.5%")).date is None


def test_a_letter_gives_its_date_people_and_meeting() -> None:
    fields = Fields(read_plain(LETTER))
    assert fields.date is not None
    assert fields.date.value == DAY
    assert [company.name for company in fields.companies] == ["Kelso Foods Ltd"]
    assert [person.surname for person in fields.people] == ["orr", "bell"]
    assert fields.meeting.date is not None
    assert fields.meeting.date.value == date(2026, 5, 11)
    assert fields.meeting.time is not None
    assert LETTER[slice(*fields.meeting.time)] == "2.30 pm"
    assert fields.meeting.place is not None
    assert [one.text for one in fields.emails] == ["hr@kelso.example"]
    assert [one.text for one in fields.phones] == ["0131 496 0000"]


INVOICE = """Invoice no. 2026-0312
Invoice date: 4 May 2026

Description          Qty   Unit price   Amount
Oak sash windows     8     £42.50       £340.00
Fitting              10    £20.00       £200.00

Net total £540.00
VAT at 20% £108.00
Total due £648.00
"""


@pytest.mark.parametrize(
    "text", [INVOICE, INVOICE.replace("   ", " | "), INVOICE.replace("     ", "\t\t").replace("   ", "\t")]
)
def test_an_invoice_gives_lines_and_totals(text: str) -> None:
    invoice = Fields(read_plain(text)).invoice
    assert [(line.quantity, line.unit_price, line.amount) for line in invoice.lines] == [
        (8, Decimal("42.50"), 340),
        (10, 20, 200),
    ]
    totals = {kind: invoice.one(kind) for kind in ("net", "vat", "gross")}  # type: ignore[arg-type]
    assert [total.amount for total in totals.values() if total] == [540, 108, 648]
    assert totals["vat"] is not None
    assert totals["vat"].rate == 20


def test_a_town_with_half_a_postcode_is_an_address_and_a_room_or_form_is_none() -> None:
    text = (
        "Unit 2, Smiddy Yard, Aberfeldy PH15\nGrandtully PH9\nPaper A4\nForm E45\nRoom B12\nat Row EH1 of it"
    )
    assert [one.text for one in find_addresses(text)] == [", Aberfeldy PH15", "Grandtully PH9"]
