"""Thresholds, rates and figures that guidance states, against those of its day."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation_engine.checks.checking import checked, quotes


@pytest.mark.parametrize(
    ("day", "figure", "verdict"),
    [
        (date(2024, 3, 31), "£85,000", "PASS"),
        (date(2024, 4, 1), "£85,000", "FAIL"),
        (date(2024, 4, 1), "£90,000", "PASS"),
        (date(2017, 3, 31), "£83,000", "PASS"),
        (date(2017, 4, 1), "£83,000", "FAIL"),
        (date(2026, 11, 26), "£90k", "PASS"),
    ],
)
def test_the_vat_threshold_is_that_of_the_day(day: date, figure: str, verdict: str) -> None:
    text = f"You must register for VAT when turnover exceeds {figure} in twelve months."
    assert checked("vat_threshold", text, kind="tax_guidance", on=day).verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        "You may deregister for VAT when turnover falls below £88,000.",
        "Until 31 March 2024 the VAT registration threshold was £85,000.",
        "Our fee for VAT registration is £250.",
        "The flat rate scheme for VAT is open to a registered business up to £150,000.",
    ],
)
def test_other_figures_near_the_threshold_are_left_alone(text: str) -> None:
    assert checked("vat_threshold", text, kind="tax_guidance").verdict == "NOT_APPLICABLE"


def test_a_threshold_may_be_written_out() -> None:
    text = "You register for VAT as soon as sales in twelve months go over eighty-five thousand pounds."
    assert quotes(text, checked("vat_threshold", text, kind="tax_guidance")) == [
        "eighty-five thousand pounds"
    ]


def test_an_answer_is_about_what_its_question_asks() -> None:
    text = "Q. When must I think about VAT?\n\nA. Look back a year. Go past £85,000 and you must tell HMRC."
    assert quotes(text, checked("vat_threshold", text, kind="tax_guidance")) == ["£85,000"]


def test_a_line_that_begins_with_a_tax_is_about_no_other() -> None:
    text = (
        "# Company tax card\n\nCorporation tax: pay 9 months and 1 day after the year end.\n"
        "VAT: register above £90,000. Return 1 month + 7 days."
    )
    assert checked("corporation_tax_times", text, kind="tax_guidance").verdict == "PASS"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Corporation tax is a flat nineteen per cent for all companies.", ["nineteen per cent"]),
        ("Corporation tax is a flat 25% for all companies.", ["25%"]),
        ("Corporation tax is 19% up to £50,000 and 25% over £250,000.", []),
        ("Corporation tax is 19% up to £100,000 and 25% over £250,000.", ["£100,000"]),
        ("The rate of corporation tax is 23%.", ["23%"]),
        ("Corporation tax: above £300,000 it is 25%, and below £50,000 it is 19%.", ["£300,000"]),
        ("Between the limits the effective rate of corporation tax is 26.5%.", []),
        ("Corporation tax at one rate of 19% for all companies ended in 2023.", []),
        ("Corporation tax 2026\n| Main rate | 19% |\n| Profits over £250,000 | 19% |", ["19%", "19%"]),
        ("Companies with profits up to £50,000, pay corporation tax at 25%.", ["25%"]),
        ("A company with profits of £30,000 pays corporation tax at the 25% main rate.", ["25%"]),
        ("Corporation tax: 19% up to £50,000, 25% over £250,000, relief between.", []),
    ],
)
def test_rates_and_limits_of_corporation_tax_belong_together(text: str, found: list[str]) -> None:
    assert quotes(text, checked("corporation_tax_rate", text, kind="tax_guidance")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MTD for Income Tax: over £50,000 from April 2026 and over £30,000 from April 2027.", []),
        (
            "MTD for Income Tax: over £30,000 from April 2026 and over £50,000 from April 2027.",
            ["£30,000", "£50,000"],
        ),
        ("MTD for Income Tax starts for incomes over £10,000 in April 2026.", ["£10,000"]),
        ("MTD for Income Tax began this April for sole traders with takings above £30,000.", ["£30,000"]),
        ("MTD for Income Tax began this April for sole traders with takings above £50,000.", []),
        ("MTD for Income Tax binds you from 6 April 2026 if your income was above £40,000.", ["£40,000"]),
        ("MTD for Income Tax began for anyone whose income in 2024/25 was more than £50,000.", []),
        (
            "MTD for Income Tax has caught those over £50,000; those above £20,000 follow in April 2027.",
            ["£20,000"],
        ),
        ("MTD for Income Tax: yours came to £33,000 in 2024-25 and is over the line for April 2027.", []),
        (
            "MTD for Income Tax (handout)\nIncome   You start on\nOver £30,000 in 2025-26   6 April 2028",
            ["£30,000"],
        ),
        ("| MTD for Income Tax | Threshold |\n| From 6 April 2026 | £30,000 |", ["£30,000"]),
        ("| MTD for Income Tax | Threshold |\n| From 6 April 2026 | £50,000 |", []),
        ("All sole traders, whatever they earn, must join MTD for Income Tax in 2026.", ["All sole traders"]),
        ("Sole traders must join MTD for Income Tax if £50,000 was passed, whatever they earn now.", []),
        ("MTD for Income Tax: if it came to more than £30,000 on your 2024-25 return, join.", ["£30,000"]),
        ("MTD for Income Tax counts takings: a client with £31,000 of rents is over.", []),
        ("MTD for Income Tax is for people with rents above £85,000, the limit for VAT.", ["£85,000"]),
        ("MTD for Income Tax starts with rents over £50,000 and is not like VAT, with its £90,000.", []),
    ],
)
def test_thresholds_of_making_tax_digital_go_with_their_years(text: str, found: list[str]) -> None:
    assert quotes(text, checked("mtd_income_tax", text, kind="tax_guidance")) == found


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("vat_threshold", '1. "The VAT limit is £85,000."\nIt was, up to the end of March 2024.\n'),
        ("vat_threshold", "Somebody in the pub will tell you that the VAT threshold is £85,000."),
        ("vat_threshold", "Wrong: the VAT limit is £85,000. That is out of date."),
        ("corporation_tax_rate", "Don't let anyone tell you that every company pays corporation tax at 19%."),
        ("corporation_tax_rate", 'Q. "Do all companies pay corporation tax at 19%?"\nNo.\n'),
        ("corporation_tax_times", "You do not get twelve months to pay corporation tax."),
        ("vat_return_time", "VAT is not due at the end of the following month."),
        ("vat_return_time", "We like your VAT books within ten days of the quarter end."),
        ("self_assessment_dates", "We need your Self Assessment papers by 30 November."),
        ("vat_threshold", "My brother-in-law swears you register for VAT at £85,000."),
        ("mtd_income_tax", "Making Tax Digital for Income Tax was once meant to start at £10,000."),
        ("corporation_tax_times", "You asked whether you had twelve months to pay the corporation tax."),
        ("vat_return_time", "Our bookkeeper needs your VAT invoices within ten days after the quarter."),
        ("vat_threshold", "You may register for VAT early. A firm turning over £30,000 often gains by it."),
        ("vat_threshold", "Making Tax Digital for VAT binds all registered. For Income Tax, over £50,000."),
        ("self_assessment_dates", "Report the gain by 11 July, whatever your tax return says in January."),
        ("corporation_tax_rate", "Here corporation tax stays. Ireland charges 12.5% and Germany about 30%."),
    ],
)
def test_what_is_only_repeated_denied_or_asked_for_is_not_stated(check: str, text: str) -> None:
    assert checked(check, text, kind="tax_guidance").verdict == "NOT_APPLICABLE"


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        ("vat_threshold", "The VAT limit is still £85,000, whatever the papers say.", ["£85,000"]),
        ("vat_threshold", '"Do I register for VAT at over £85,000?"\nYes.\n', ["£85,000"]),
        ("corporation_tax_rate", "With a profit of £400,000 a company pays corporation tax at 19%.", ["19%"]),
        ("corporation_tax_rate", "Corporation tax at 25% less relief works out at 22.75%.", []),
        (
            "corporation_tax_times",
            "For a year end of 31 March 2026 corporation tax is due on 31 March 2027.",
            ["31 March 2027"],
        ),
        ("corporation_tax_times", "Year ended 31 March 2026: pay corporation tax by 1 January 2027.", []),
        (
            "corporation_tax_times",
            "Corporation tax falls due with the return, one year after the end of the period.",
            ["one year"],
        ),
        (
            "vat_return_time",
            "| VAT quarter to | Due |\n| 30 June | 7 August |\n| 30 September | 31 October 2026 |",
            ["31 October 2026"],
        ),
        ("mtd_income_tax", "MTD for Income Tax: a landlord with £34,000 of rent joins in April 2027.", []),
        (
            "mtd_income_tax",
            "MTD for Income Tax from 6 April 2026 takes in all whose sales come to more than £20,000.",
            ["£20,000"],
        ),
        ("vat_threshold", "VAT registration threshold\n  £85,000 (from 1 April 2024)\n", ["£85,000"]),
        (
            "vat_threshold",
            "Turnover of £82,000 a year is the limit; above it you register for VAT.",
            ["£82,000"],
        ),
        (
            "corporation_tax_rate",
            "6. What does my company pay on its profits?\nThere is one rate for all companies.\n",
            ["one rate for all companies"],
        ),
        (
            "corporation_tax_times",
            "When is the company's tax due?\nTwelve months after its year ends.\n",
            ["Twelve months"],
        ),
        (
            "corporation_tax_times",
            "| Year end | Pay corporation tax | Return |\n| 31 March 2026 | 31 March 2027 | 31 March 2027 |",
            ["31 March 2027"],
        ),
        (
            "corporation_tax_times",
            "Year ended 31 March 2026\n\n| Corporation tax | 1 January 2027 |\n| CT600 | 30 June 2027 |",
            ["30 June 2027"],
        ),
        (
            "vat_return_time",
            "VAT quarter ending 30 June\n\n- Return: 7 August\n- Payment: 31 August\n- Books to us: 9 July",
            ["31 August"],
        ),
        (
            "self_assessment_dates",
            "You do a return every year. Do it online by the last day of February.",
            ["by the last day of February"],
        ),
        (
            "vat_return_time",
            "VAT is due on the 21st of the second month, so for a June quarter by 21 August.",
            ["21st of the second month", "21 August"],
        ),
        (
            "corporation_tax_times",
            (
                "Corporation tax is payable nine months and a day after the year end, which comes before the "
                "return itself: that has twelve months."
            ),
            [],
        ),
        (
            "corporation_tax_times",
            (
                "You file the company tax return nine months and a day after the year end, and you pay the "
                "corporation tax within twelve months."
            ),
            ["nine months", "twelve months"],
        ),
        (
            "corporation_tax_times",
            "Corporation tax is paid in nine months and a day, three months before the CT600 has to be in.",
            [],
        ),
        ("vat_threshold", "Up to March 2024 the VAT threshold stood at £85,000; it is £90,000 now.", []),
        ("vat_threshold", "VAT in brief\n\n10 March 2026\n\nRegistration limit | £85,000", ["£85,000"]),
        ("vat_threshold", "A business turning over £85,000 has to register for VAT.", ["£85,000"]),
        ("corporation_tax_rate", "Every company, big or small, pays corporation tax at 19%.", ["19%"]),
        ("corporation_tax_rate", "Not every company pays corporation tax at 25%.", []),
        (
            "corporation_tax_rate",
            "Whatever you do, profits up to £50,000 bear corporation tax at 19%.",
            [],
        ),
        ("corporation_tax_rate", "Corporation tax stays at 19% until profits reach £300,000.", ["£300,000"]),
        (
            "mtd_income_tax",
            (
                "Making Tax Digital for Income Tax reaches £50,000 this April, £30,000 next April and "
                "£20,000 the April after."
            ),
            [],
        ),
    ],
)
def test_days_and_figures_are_held_against_what_they_belong_to(
    check: str, text: str, found: list[str]
) -> None:
    assert quotes(text, checked(check, text, kind="tax_guidance")) == found
