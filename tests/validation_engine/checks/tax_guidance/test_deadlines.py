"""Days by which tax is paid and returns are filed."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import checked, quotes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Self Assessment returns: paper by 31 October, online by 31 January.", []),
        ("Self Assessment returns: paper by 31 January.", ["31 January"]),
        ("Self Assessment returns: online by 31 October.", ["31 October"]),
        ("Self Assessment returns: paper by the thirty-first of December.", ["thirty-first of December"]),
        (
            '"When must my self assessment go in?"\n\nIf you do it online, the last day is 28 February 2027.',
            ["28 February 2027"],
        ),
        ("The online return can go in up to the last day of February.", ["to the last day of February"]),
        (
            "The returns go in on line. Provided that HMRC has them before 6 April 2027 there's no penalty.",
            ["6 April 2027"],
        ),
        ("Dividends taken before 5 April 2026 go on the return due online by 31 January 2027.", []),
        ("Your online return can go in up to 14 February 2027 without a fine.", ["14 February 2027"]),
        ("Pay your Self Assessment balance by 28 February.", ["28 February"]),
        ("| Self Assessment | Deadline |\n| Online return | 5 April 2027 |", ["5 April 2027"]),
        ("Note to clients, 2 June 2026: your Self Assessment return is due by 31 January 2027.", []),
        ("VAT. The return is due a month and seven days on: 7 May 2026 for the quarter to 31 March.", []),
        ("Send us your records for the Self Assessment return by 1 December.", []),
        ("Sole traders\n\n- 30 November: paper tax return due\n- 31 January: online due", ["30 November"]),
        ("Tax returns\n\n- 30 November: tax return papers due with us\n", []),
        ("File the Self Assessment return by 31 January; a late one costs £100 from 1 February.", []),
    ],
)
def test_dates_of_self_assessment_go_with_the_way_of_filing(text: str, found: list[str]) -> None:
    assert quotes(text, checked("self_assessment_dates", text, kind="tax_guidance")) == found


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        ("corporation_tax_times", "Pay corporation tax nine months and one day after the period.", []),
        ("corporation_tax_times", "Pay corporation tax three months after the period.", ["three months"]),
        (
            "corporation_tax_times",
            "The corporation tax return is filed within 9 months of the period.",
            ["9 months"],
        ),
        (
            "corporation_tax_times",
            "File the company tax return in twelve months, but the tax itself falls due nine months on.",
            [],
        ),
        (
            "corporation_tax_times",
            "HMRC wants the corporation tax a year after your accounts date.",
            ["a year"],
        ),
        (
            "corporation_tax_times",
            "Company tax: a year ending 31 March 2026 means tax by 1 January 2027, a CT600 by 31 March.",
            [],
        ),
        (
            "corporation_tax_times",
            "Corporation tax nine months and a day after the year end; return within twelve months.",
            [],
        ),
        (
            "corporation_tax_times",
            "If you trade as a company, the tax must be paid within six months of the year end.",
            ["six months"],
        ),
        (
            "corporation_tax_times",
            "Accounts to 30 April 2026. Corporation tax.\n\nWhen? The tax must reach HMRC by 31 March 2027.",
            ["31 March 2027"],
        ),
        (
            "corporation_tax_times",
            "Twelve months after the period ends is when a company's tax must be with HMRC, with the CT600.",
            ["Twelve months"],
        ),
        ("corporation_tax_times", "Companies. Nine months and a day, then twelve months for the return.", []),
        ("corporation_tax_times", "Corporation tax: you have a full year to pay the bill.", ["a full year"]),
        (
            "corporation_tax_times",
            "# Limited companies\n\nYou pay it within six months of the end of your accounting period.",
            ["six months"],
        ),
        ("vat_return_time", "The VAT return is due one month and seven days after the quarter.", []),
        (
            "vat_return_time",
            "VAT card (for traders)\nReturn:   quarterly\nWhen:     within 30 days of the quarter's end",
            ["30 days"],
        ),
        ("vat_return_time", "The VAT return is due six weeks after the end of the quarter.", ["six weeks"]),
        ("vat_return_time", "VAT return: 1 month + 7 days after the end of the quarter", []),
        (
            "vat_return_time",
            "Send the quarterly VAT return by 31 January each year.",
            ["quarterly VAT return by 31 January each year"],
        ),
        (
            "corporation_tax_times",
            "Corporation tax falls due on 31 January after the end of the tax year.",
            ["due on 31 January after the end of the tax year"],
        ),
        ("corporation_tax_times", "Corporation tax is not due on 31 January like that of individuals.", []),
        ("vat_return_time", "Most businesses send a VAT return every three months.", []),
    ],
)
def test_time_limits_are_those_of_the_statute(check: str, text: str, found: list[str]) -> None:
    assert quotes(text, checked(check, text, kind="tax_guidance")) == found
