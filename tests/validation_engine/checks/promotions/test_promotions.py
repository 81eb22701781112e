"""Compensation limits by date, returns, comparisons, firm reference numbers."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation_engine.checks.checking import of_finance as answer


@pytest.mark.parametrize(
    ("limit", "day", "verdict"),
    [
        ("£85,000", date(2025, 11, 30), "PASS"),
        ("£120,000", date(2025, 11, 30), "FAIL"),
        ("£85,000", date(2025, 12, 1), "FAIL"),
        ("£120,000", date(2025, 12, 1), "PASS"),
    ],
)
def test_the_limit_for_deposits_is_that_of_the_day(limit: str, day: date, verdict: str) -> None:
    text = f"Eligible deposits are protected up to {limit} by the FSCS."
    assert answer("fscs_limit", text, "savings_promotion", day).verdict == verdict


def test_investments_keep_their_own_limit() -> None:
    assert answer("fscs_limit", "You may claim up to £85,000 from the FSCS if we fail.").verdict == "PASS"
    assert answer("fscs_limit", "You may claim up to £120,000 from the FSCS if we fail.").verdict == "FAIL"
    told = "If we owe you assets or cash you can claim up to £85,000 from the FSCS."
    assert answer("fscs_limit", told).verdict == "FAIL"
    assert answer("fscs_limit", f"{told} Of a bank's deposits it covers £120,000.").verdict == "PASS"


def test_a_joint_account_may_name_twice_the_limit() -> None:
    text = "The FSCS protects up to £240,000 in a joint account."
    assert answer("fscs_limit", text, "savings_promotion").verdict == "PASS"


def test_a_firm_reference_number_has_six_or_seven_digits() -> None:
    assert answer("firm_reference_number", "Alder Ltd (FRN 738261).").verdict == "PASS"
    assert answer("firm_reference_number", "Alder Ltd, firm reference number 73826.").verdict == "FAIL"
    assert answer("firm_reference_number", "Alder Ltd, reference 73826.").verdict == "NOT_APPLICABLE"


def test_a_table_of_five_years_covers_five_years() -> None:
    rows = "\n\n".join(f"Year to March {year}: returned {year - 2018}%" for year in range(2021, 2026))
    assert answer("past_performance_period", f"The fund returned 9% in a month.\n\n{rows}").verdict == "PASS"


def test_a_bullet_is_no_footnote_where_nothing_refers_to_it() -> None:
    listed = "Our fund\n\n* Shares in sixty companies\n* The price can fall and you may get back less"
    assert answer("risk_warning_prominence", listed).verdict == "PASS"
    noted = "Income of 7% a year*\n\nPaid monthly*\n\n* You may get back less than you put in."
    assert answer("risk_warning_prominence", noted).verdict == "FAIL"


def test_only_a_long_document_needs_a_route_to_support() -> None:
    assert answer("support_route", "Four words are few.").verdict == "NOT_APPLICABLE"
    assert answer("support_route", "This one has more words than five.").verdict == "FAIL"
    assert answer("support_route", "Ask us for this letter in large print.").verdict == "PASS"
    assert answer("support_route", "Would you rather have it in Polish or bigger type?").verdict == "PASS"
    assert answer("support_route", "This leaflet is not available in large print.").verdict == "FAIL"
    assert answer("support_route", "If more time is needed we write to you again.").verdict == "FAIL"


def test_the_limit_that_was_may_be_told() -> None:
    text = "Since 1 December 2025 the FSCS limit has been £120,000; before that it was £85,000."
    assert answer("fscs_limit", text, "savings_promotion").verdict == "PASS"
    text = "Deposits are covered by the FSCS to £120,000. Until last Sunday the limit was £85,000."
    assert answer("fscs_limit", text, "savings_promotion").verdict == "PASS"


@pytest.mark.parametrize(
    ("text", "day", "verdict"),
    [
        ("The FSCS covers deposits up to £85,000. On 1 December 2025 this goes up to £120,000.", 24, "PASS"),
        ("The FSCS covers deposits up to £120,000 from 1 December 2025.", 24, "PASS"),
        ("The FSCS covers deposits up to £120,000 from today.", 24, "FAIL"),
    ],
)
def test_a_limit_of_another_time_is_told_with_the_day_of_the_change(
    text: str, day: int, verdict: str
) -> None:
    assert answer("fscs_limit", text, "savings_promotion", date(2025, 11, day)).verdict == verdict


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ("12 months: +14.2%\nQuarter: +3.1%", "FAIL"),
        ("Three-year return 42% (to 30 June 2026)", "FAIL"),
        ("1 year: 5.0%\n3 years: 21%\n5 years: 33%", "PASS"),
        (
            "The fund gained 5% last year.\n\n2022 | 2023 | 2024 | 2025 | 2026\n3% | -4% | 6% | 8% | 5%",
            "PASS",
        ),
        ("Exit charges\n\n1 year: 5%", "NOT_APPLICABLE"),
        ("Performance\n\n2024 | 11%\n2025 | 14%", "FAIL"),
        ("Where it is invested\n\nUK 40%\nJapan 12%", "NOT_APPLICABLE"),
        ("11.9% growth in 2025", "FAIL"),
        ("What did they return? 7.9% in the year to June 2026.", "FAIL"),
        ("The trust put on 12% in the half-year.", "FAIL"),
        ("A holder of October 2024 is 31% better off.", "FAIL"),
    ],
)
def test_returns_are_read_from_lines_of_figures(lines: str, verdict: str) -> None:
    assert answer("past_performance_period", lines).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("My fund is up 22% in a year. My savings account? 1.5%. Bye bank.", "FAIL"),
        ("Bank savings | 2%\nOur fund | 9%", "FAIL"),
        ("Your bank's paying you what, 2%? Ours pays 7. Every year.", "FAIL"),
        ("Bank savings | 2% (protected by the FSCS)\nOur fund | 9% (can fall)", "PASS"),
        ("Our fund made 9%.\n\nThe Bank of England's rate is 4%.", "PASS"),
    ],
)
def test_a_bank_and_an_investment_are_not_set_side_by_side_without_the_difference(
    text: str, verdict: str
) -> None:
    assert answer("comparison_beside", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Fund | 1 year | 3 years\nAlder Growth | 4.1% | 15.0%", "FAIL"),
        ("Fund | 1 year | 3 years | 5 years\nAlder Growth | 4.1% | 15.0% | 28.3%", "PASS"),
        ("Fund | Launched | 1 year\nAlder Growth | June 2024 | 4.1%", "PASS"),
        ("Fund | 1-year fee | Growth target\nAlder | 0.5% | 7%", "NOT_APPLICABLE"),
        ("The fund, which has run for twenty years, earned 9.5% last year.", "FAIL"),
        ("Performance over one year\n\nDoon Fund (started 1996): 9.1%", "FAIL"),
        ("- Launch date: 4 May 2014\n- Performance: +31% from January to August 2025", "FAIL"),
    ],
)
def test_a_return_stands_under_the_head_of_its_column(text: str, verdict: str) -> None:
    assert answer("past_performance_period", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("| Firm | FRN |\n| Saltire Pensions plc | 204513992 |", "FAIL"),
        ("| Firm | FRN |\n| Saltire Pensions plc | 204513 |", "PASS"),
    ],
)
def test_a_reference_number_may_stand_in_a_column(text: str, verdict: str) -> None:
    assert answer("firm_reference_number", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("FSCS PROTECTION\n\nUp to £150,000 per person", "FAIL"),
        ("| Product | FSCS limit |\n| Fixed bond | £50,000 per person |", "FAIL"),
        ("FSCS: deposits up to £120,000, investments up to £85,000.", "PASS"),
    ],
)
def test_a_limit_is_the_schemes_by_its_heading_or_column(text: str, verdict: str) -> None:
    assert answer("fscs_limit", text, "savings_promotion").verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("| | Bank savings | Our loan notes |\n| Yearly rate | 2.5% | 10% |", "FAIL"),
        ("| | Bank savings | Our loan notes |\n| Rate | 2% | 9% |\n| Can you lose it? | No | Yes |", "PASS"),
        ("- Building society: £320 interest a year\n- Our portfolio: £850 a year", "FAIL"),
    ],
)
def test_a_bank_stands_beside_an_investment_in_columns_and_in_pounds(text: str, verdict: str) -> None:
    assert answer("comparison_beside", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("We are a charity, register number SC045512, and the FCA knows us as FRN 738261.", "PASS"),
        ("An FRN has digits alone: FRN 6 digits or 7.", "NOT_APPLICABLE"),
        ("The FCA lists us: register number 73826.", "FAIL"),
    ],
)
def test_a_number_of_another_register_is_no_firm_reference_number(text: str, verdict: str) -> None:
    assert answer("firm_reference_number", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The FSCS covers up to £120,000. You can hold up to £250,000 in this account.", "PASS"),
        ("You have | The FSCS covers\n£50,000 | £50,000\n£150,000 | £120,000", "PASS"),
        ("£70,000 and £60,000 count together: £130,000, of which the FSCS covers £120,000.", "PASS"),
        ("You have | The FSCS covers\n£150,000 | £85,000", "FAIL"),
        ("Your deposits are covered to £50,000 by the FSCS.", "FAIL"),
    ],
)
def test_an_example_beside_the_limit_is_no_limit(text: str, verdict: str) -> None:
    assert answer("fscs_limit", text, "savings_promotion").verdict == verdict


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("past_performance_period", "client_update", "Membership has grown 12% in a year."),
        ("past_performance_period", "client_update", "UK shares returned 9% in the quarter."),
        ("comparison_beside", "mortgage_promotion", "Our loan costs 4.59%. A savings account pays 0%."),
        ("comparison_beside", "savings_promotion", "Our bonds pay 4.4%. Our easy-access saver pays 3.6%."),
        ("comparison_beside", "investment_promotion", "We keep 5% in the bank. Shares make up 60%."),
        (
            "risk_warning_prominence",
            "investment_promotion",
            "Please note: you may lose money.\n\nWe sell funds.",
        ),
        (
            "risk_warning_prominence",
            "investment_promotion",
            "Important notes\nYou may lose money.\n\nFunds\nThree.",
        ),
    ],
)
def test_what_is_beside_the_matter_is_no_fault(name: str, kind: str, text: str) -> None:
    assert answer(name, text, kind).verdict != "FAIL"


@pytest.mark.parametrize(
    ("help_offered", "verdict"),
    [
        ("We can put this in a bigger typeface or record it for you.", "PASS"),
        ("A relative may deal with us for you.", "PASS"),
        ("We don't send this in large print or on tape.", "FAIL"),
    ],
)
def test_help_is_offered_in_many_words_and_refused_in_a_contraction(help_offered: str, verdict: str) -> None:
    text = f"The account is open to all who live here. {help_offered}"
    assert answer("support_route", text, "savings_promotion").verdict == verdict
