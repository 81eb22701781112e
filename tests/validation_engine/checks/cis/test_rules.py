"""Deductions of the Construction Industry Scheme: rate, base and day of the statement."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal  # noqa: TC003 - hypothesis reads the annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation_engine.checks.checking import checked, quotes


@pytest.mark.parametrize(
    ("status", "rate", "verdict"),
    [
        ("verified, registered for net payment", 20, "PASS"),
        ("unmatched", 30, "PASS"),
        ("gross payment status", 0, "PASS"),
        ("unmatched", 20, "FAIL"),
        ("could not be verified", 20, "FAIL"),
        ("gross payment status", 20, "FAIL"),
        ("registered under the scheme", 30, "FAIL"),
        ("not shown", 18, "FAIL"),
    ],
)
def test_the_rate_fits_the_status(status: str, rate: int, verdict: str) -> None:
    text = f"Subcontractor status: {status}\nCIS deduction at {rate}%\n"
    assert checked("cis_rate", text, kind="cis_statement").verdict == verdict


def test_what_is_said_of_subcontractors_in_general_is_not_this_ones_status() -> None:
    text = (
        "Status: registered for net payment\nDeducted at 20% £300.00\n"
        "A subcontractor who is unverified bears 30%.\n"
    )
    assert checked("cis_rate", text, kind="cis_statement").verdict == "PASS"


@given(
    st.decimals(100, 50_000, places=2),
    st.decimals(50, 20_000, places=2),
    st.sampled_from([20, 30]),
)
def test_the_deduction_is_on_labour_and_never_on_materials(
    labour: Decimal, materials: Decimal, rate: int
) -> None:
    def statement(deduction: Decimal) -> str:
        shown = f"Labour £{labour:,.2f}\nMaterials £{materials:,.2f}\n"
        return f"{shown}CIS deduction at {rate}% £{deduction:,.2f}\n"

    right, wrong = labour * rate / 100, (labour + materials) * rate / 100
    assert checked("cis_base", statement(right), kind="cis_statement").verdict == "PASS"
    assert checked("cis_base", statement(wrong), kind="cis_statement").verdict == "FAIL"
    less = right - 5
    assert checked("cis_base", statement(less), kind="cis_statement").verdict == "NEEDS_REVIEW"


@given(st.dates(date(2012, 1, 1), date(2040, 12, 1)), st.integers(0, 40))
def test_a_statement_is_late_from_the_fifteenth_day(month: date, days: int) -> None:
    end = month.replace(day=5)
    issued = end + timedelta(days=days)
    text = f"Tax month ended: {end.day} {end:%B %Y}\nDate of statement: {issued.day} {issued:%B %Y}\n"
    result = checked("cis_statement_deadline", text, kind="cis_statement")
    if days:
        assert result.verdict == ("PASS" if days <= 14 else "FAIL")


def test_the_end_of_the_month_may_stand_in_a_column_of_its_own() -> None:
    text = "Tax month ended                5 July 2026\nDate of this statement         27 July 2026\n"
    assert checked("cis_statement_deadline", text, kind="cis_statement").verdict == "FAIL"


def test_a_deduction_from_more_than_the_labour_is_wrong_whatever_the_rest_is_called() -> None:
    shown = "For the work (A) £3,640.00\nof which board and beads (B) £940.00\nLabour (A less B) £2,700.00\n"
    wrong = f"{shown}Deducted under the scheme, 20% x £3,640.00 £728.00\n"
    assert checked("cis_base", wrong, kind="cis_statement").verdict == "FAIL"


def test_the_finding_is_the_wrong_deduction() -> None:
    text = "Gross amount paid £2,000.00\nLess cost of materials £500.00\nAmount deducted at 20% £400.00\n"
    result = checked("cis_base", text, kind="cis_statement")
    assert quotes(text, result) == ["£400.00"]
    assert [edit.text for edit in result.all_edits()] == ["£300.00"]


def test_a_status_that_is_only_supposed_asks_for_no_other_rate() -> None:
    text = (
        "Verified, net payment.\nDeducted at 20% £600.00\nIf you ever get gross status, nothing is taken.\n"
    )
    assert checked("cis_rate", text, kind="cis_statement").verdict == "PASS"


def test_what_the_deduction_is_made_on_is_the_labour_and_receipts_in_a_note_are_not_counted_again() -> None:
    text = (
        "(A) Gross paid £4,860.00\n(B) Less slates and lead £1,215.00\n"
        "(C) On which a deduction must be made £3,645.00\n(D) Deducted, 20% of (C) £729.00\n\n"
        "For the materials we have receipts of £840.00 and £375.00.\n"
    )
    assert checked("cis_base", text, kind="cis_statement").verdict == "PASS"


_TABLE = (
    "Date paid       Job        Labour       Materials    Together\n"
    "11 September    Roof       £1,320.00    £610.00      £1,930.00\n"
    "25 September    Stairs     £1,320.00    £570.00      £1,890.00\n"
    "                           £2,640.00    £1,180.00    £3,820.00\n"
)
_HEADED = (
    "CIS\n\nLABOUR\nFirst fix    20 h   40.00   800.00\n\nMATERIALS\nCable   1   200.00   200.00\n\n"
    "The CIS deduction is at 20%.\n20% x £{}     - {}\n"
)
_ROWS = "| Labour | Materials | CIS 20% | Paid |\n|---|---|---|---|\n| 800.00 | 200.00 | {} | 840.00 |\n"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"{_TABLE}Deduction at 20% of £3,820.00      £764.00\n", "FAIL"),
        (f"{_TABLE}Deduction at 20% of £2,640.00      £528.00\n", "PASS"),
        (_ROWS.format("200.00"), "FAIL"),
        (_ROWS.format("160.00"), "PASS"),
        ("Gross ........ £7,840.00\nMaterials ...... £2,340.00\nTaken at 20% ..... £1,568.00\n", "FAIL"),
        ("Gross £4,000.00\nMaterials £1,000.00\nRate: 20%\nAmount deducted: £800.00\n", "FAIL"),
        ("Gross £4,000.00\nMaterials £1,000.00\nRate: 20%\nAmount deducted: £600.00\n", "PASS"),
        ("You billed £3,000 labour and £1,100 materials. Tax at 20% is £820 so you got £3,280.", "FAIL"),
        ("You billed £3,000 labour and £1,100 materials. Tax at 20% is £600 so you got £3,500.", "PASS"),
        (
            "Labour £2,400\nAmount on which deduction is made £2,400\nDeducted at 20% £480\nMaterials £9\n",
            "PASS",
        ),
        (
            "A  Total of your invoice £4,600.00\nB  Pipe you bought £1,150.00\nC  Taken at 20% £920.00\n",
            "FAIL",
        ),
        (
            "A  Gross £4,600.00\nB  Pipe you bought\n   yourself   £1,150.00\nC  Deducted at 20% £920.00\n",
            "FAIL",
        ),
        (_HEADED.format("1,000.00", "200.00"), "FAIL"),
        (_HEADED.format("800.00", "160.00"), "PASS"),
        ("Labour, 11 at £290.00: £3,190.00\nMaterials, 11 at £38.00: £418.00\nCIS 20%: -£638.00\n", "PASS"),
        ("Amount of your invoices £8,200.00\nOf which slates £3,100.00\nDeducted at 20% £1,640.00\n", "FAIL"),
        ("CIS: labour £600.00 plus materials £300.00, 20% of £900.00 is £180.00 deducted.", "FAIL"),
        ("CIS: labour £600.00 plus materials £300.00, £900.00 in all. 20% deducted: £120.00.", "PASS"),
        ("Gross £1,000.00, less materials of £400.00, liable £600.00. CIS at 20%: £120.00.", "PASS"),
        ("Labour £4,000.00. Timber £1,000.00. We kept £1,000.00, 20% of the whole £5,000.00.", "FAIL"),
        ("You charged £720 a week labour, that's £2,160, with ply £2,700. At 20% we took £540.", "FAIL"),
        ("Gross £3,600\nMaterials £1,600\nLiable to deduction £3,600\nDeduction at 20% £720", "FAIL"),
        ("Gross £3,600\nMaterials £1,600\nLiable to deduction £2,000\nDeduction at 20% £400", "PASS"),
        ("We paid £5,000 before deduction. Of that £1,400 was for materials. At 20% we took £1,000.", "FAIL"),
    ],
)
def test_labour_and_deduction_are_read_from_columns_lines_and_letters(text: str, verdict: str) -> None:
    assert checked("cis_base", text, kind="cis_statement").verdict == verdict


@pytest.mark.parametrize(
    ("status", "rate", "verdict"),
    [
        ("HMRC could not find any record of you.", 20, "FAIL"),
        ("Verified? No", 20, "FAIL"),
        ("When Una put your name in, it could not be matched, so you are unverified.", 20, "FAIL"),
        ("When a man is unverified, it is 30%. You are verified.", 20, "PASS"),
        ("Verified? Yes\nGross status? No", 20, "PASS"),
        ("Treatment (checked 3 June): Gross", 20, "FAIL"),
        ("HMRC verification: gross\nNet payment    £6,560.00", 20, "FAIL"),
        ("Verified. You asked whether you are on gross payment. You aren't.", 20, "PASS"),
        ("Verified. You want gross payment status, for which you must apply.", 20, "PASS"),
        ("Matched. You asked whether the rate ought to be 30%.", 20, "PASS"),
        ("Matched. No VAT is in these figures, as you are not registered.", 20, "PASS"),
        ("Matched. Nor are you on gross payment.", 20, "PASS"),
        ("Matched. Retention of 5% withheld: £50.00", 20, "PASS"),
    ],
)
def test_the_status_is_what_is_told_and_not_what_is_asked_or_denied(
    status: str, rate: int, verdict: str
) -> None:
    text = f"{status}\nCIS deduction at {rate}%: £300.00\n"
    assert checked("cis_rate", text, kind="cis_statement").verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Perth, Wednesday 28 October 2026\n\nDear Mr Low\nConstruction: month ended 5 October\n", "FAIL"),
        ("Date: 4 January 2027\nTax month 6 November to 5 December\n", "FAIL"),
        ("Tax month: 6 July to 5 August 2026\nSent to you by e-mail on 11 August 2026.\n", "PASS"),
        ("STATEMENT OF PAYMENT\n\nIssued: 27 August 2026\n\nTax month ended 5 August 2026\n", "FAIL"),
        ("From 6/11/26 to 5/12/26\nPaid 30/11/26\nStatement date 28/12/26\n", "FAIL"),
        ("Tax month ended 5 April 2026. This is a copy, made on 3 September 2026.\n", "NEEDS_REVIEW"),
    ],
)
def test_month_and_statement_are_told_apart_from_other_days(text: str, verdict: str) -> None:
    assert checked("cis_statement_deadline", text, kind="cis_statement").verdict == verdict


def test_an_invoice_may_say_what_will_be_taken() -> None:
    text = "Labour: £1,890.00.\nMaterials: £312.00.\nYou verified me, so you'll be taking 20%: {}.\n"
    for told, verdict in (("20% of £2,202.00 is £440.40", "FAIL"), ("20% of £1,890.00 is £378.00", "PASS")):
        assert checked("cis_base", text.format(told), kind="non_vat_invoice").verdict == verdict


def test_an_invoice_that_deducts_a_discount_is_not_of_the_scheme() -> None:
    text = "Labour £600.00\nMaterials £150.00\nDeduct 2% if paid in 7 days: £15.00\n"
    assert checked("cis_base", text).verdict == checked("cis_rate", text).verdict == "NOT_APPLICABLE"
