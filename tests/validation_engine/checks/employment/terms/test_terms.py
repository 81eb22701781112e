"""For how long and for how much somebody is employed: notice, holiday and pay."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation_engine.checks.checking import of_employment as verdict


@given(years=st.integers(2, 40), weeks=st.integers(1, 16))
def test_notice_is_a_week_a_year_and_at_most_twelve(years: int, weeks: int) -> None:
    text = f"You have {years} years' service and will be given {weeks} weeks' notice."
    assert verdict("statutory_notice", text) == ("PASS" if weeks >= min(years, 12) else "FAIL")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You started work with us on 4 March 2023. You get three weeks' notice.", "PASS"),
        ("You started work with us on 4 March 2019. You get three weeks' notice.", "FAIL"),
        ("You joined us in May 2020. Your employment ends with a fortnight's notice.", "FAIL"),
        ("Having been with the firm since 2014, you get four weeks' notice.", "FAIL"),
        ("You have been here 15 years and are due 8 weeks' notice.", "FAIL"),
        ("You've worked here for five years. You get two weeks' pay instead of notice.", "FAIL"),
        ("Years of service | 6\nNotice | 4 weeks", "FAIL"),
        ("Years of service | 6\nWeeks of notice | 4", "FAIL"),
        ("You joined us on 4 March 2019. You are entitled to notice. I'm giving you four weeks.", "FAIL"),
        (
            "You joined us on 4 March 2019. You get no notice. An appeal might call it gross misconduct.",
            "FAIL",
        ),
        (
            "You have nine years' service. For gross misconduct you are dismissed without notice.",
            "NOT_APPLICABLE",
        ),
        ("You have nine years' service. It was not gross misconduct. You get no notice.", "FAIL"),
        ("You started work with us on 4 March 2019. You must give us one week's notice.", "NOT_APPLICABLE"),
        ("You have been employed for nine years. Your job finishes in five weeks' time.", "FAIL"),
        ("1 June 2026\n\nYou have six years' service. Your employment will end on 8 June 2026.", "FAIL"),
        ("1 June 2026\n\nYou have four years' service. Your employment will end on 29 June 2026.", "PASS"),
        ("Your employment of three years will end with notice of seven days.", "FAIL"),
        ("After six years of service your job is over. You can appeal within two weeks.", "NOT_APPLICABLE"),
    ],
)
def test_service_is_counted_from_the_day_it_began(text: str, expected: str) -> None:
    assert verdict("statutory_notice", text) == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("The Company may terminate on one week's notice however long you have served.", "FAIL"),
        ("After five years' service the Company may end it on two weeks' notice.", "FAIL"),
        ("The Company may end it on four weeks' notice or the statutory minimum if longer.", "PASS"),
        ("Holiday is 28 days.", "NOT_APPLICABLE"),
        (
            "Either of us may give one week's notice. It stays so however many years you have been here.",
            "FAIL",
        ),
        ("Either of us may give one week's notice. It is given in writing.", "PASS"),
    ],
)
def test_a_contract_may_not_undercut_the_statute(clause: str, expected: str) -> None:
    assert verdict("statutory_notice", clause, "employment_contract") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You work five days a week. You may take 20 days' holiday plus 8 public holidays.", "PASS"),
        ("You work five days a week. You have 20 days' holiday including public holidays.", "FAIL"),
        ("You work three days a week. You have 17 days' holiday including bank holidays.", "PASS"),
        ("You work 30 hours over four days. You have 18 days' leave, including bank holidays.", "FAIL"),
        ("You work 20 hours a week. You have 17 days' holiday, including bank holidays.", "NOT_APPLICABLE"),
        (
            "24 hours a week: Mondays, Tuesdays and Fridays. 17 days' holiday; five days a week have 28.",
            "PASS",
        ),
        ("You get 5.6 weeks of paid holiday.", "PASS"),
        ("As your week has four working days, your holiday is 23 days, public holidays included.", "PASS"),
        ("You get no paid holiday in your first year with us.", "FAIL"),
        ("Days a week: 3\nHoliday: 17 days including public holidays", "PASS"),
        ("No paid holiday is carried over.", "NOT_APPLICABLE"),
        ("You get four weeks off with pay a year and no public holidays.", "FAIL"),
        ("Leave is 150 hours a year. You work 37.5 hours a week.", "FAIL"),
        ("Leave is 210 hours a year. You work 37.5 hours a week.", "PASS"),
        ("You must take 10 days' holiday in July, out of your 30.", "NOT_APPLICABLE"),
        (
            "Hours: 7.5 hours on each of four days. You get 18 days of paid holiday, public ones included.",
            "FAIL",
        ),
        ("You work 27 hours, Tuesday to Friday. You get 23 days of paid holiday.", "PASS"),
        ("Paid holidays are four weeks a year. On the public holidays we shut, unpaid.", "FAIL"),
        ("Ask for holiday four weeks ahead.", "NOT_APPLICABLE"),
        ("24 days' holiday a year, in which the public holidays that we keep are counted.", "FAIL"),
        ("25 days' holiday a year; public holidays (New Year's Day and others) come out of them.", "FAIL"),
        (
            (
                "Monday to Friday.\nHoliday   25 days and 9 public holidays, 34 in all\n\n5. Other time off. "
                "Carer's leave by statute; two days' paid leave on the death of someone close."
            ),
            "PASS",
        ),
        (
            (
                "HOURS. Three days a week.\n\nHOLIDAY. 17 of your working days a year. If a holiday is "
                "a day of yours it's among the 17.\n\nOTHER TIME OFF WITH PAY. Three days if someone dies."
            ),
            "PASS",
        ),
        ("You work five days a week. You get 2.5 days of holiday per month.", "PASS"),
        ("You work five days a week. You get 3 days' leave for a funeral.", "NOT_APPLICABLE"),
        ("You work five days a week. Holiday   20 days, public holidays included", "FAIL"),
        # Enough for another week that is told of, or hardly a year's holiday at all.
        (
            "17 days' holiday, public holidays in it. Five days a week gives 28; you do three days a week.",
            "NEEDS_REVIEW",
        ),
        ("You work five days a week. Holiday   10 days, public holidays included", "NEEDS_REVIEW"),
        # What other days are told beside it may belong to it.
        ("You work five days a week. Holiday: 19 days of your choosing and nine fixed days.", "NEEDS_REVIEW"),
        ("You work five days a week. Holiday: 19 days of your choosing and two fixed days.", "FAIL"),
        ("Holiday: 24 days, public holidays included, five days a week.", "FAIL"),
    ],
)
def test_holiday_is_compared_with_the_days_worked(text: str, expected: str) -> None:
    assert verdict("contract_holiday", text, "employment_contract") == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("Your salary is £26,500 a year for 37.5 hours a week.", date(2026, 5, 4), "PASS"),
        ("Your salary is £22,500 a year for 39 hours a week.", date(2026, 5, 4), "FAIL"),
        ("Your pay is £12.21 an hour.", date(2026, 3, 31), "PASS"),
        ("Your pay is £12.21 an hour.", date(2026, 4, 1), "FAIL"),
        ("As an apprentice your pay is £8.00 an hour.", date(2026, 4, 1), "PASS"),
        ("Your pay is £8.00 an hour. You train the apprentices.", date(2026, 4, 1), "FAIL"),
        ("You supervise an apprentice. Your pay is £8.00 an hour.", date(2026, 4, 1), "FAIL"),
        ("You are 19 and will be paid £10.90 an hour.", date(2026, 4, 1), "PASS"),
        ("You must be aged 18 or over. Pay: £10.90 an hour.", date(2026, 4, 1), "FAIL"),
        ("You get £80 for an eight-hour day.", date(2026, 4, 1), "FAIL"),
        ("Salary £23,500. 39 hours, Monday to Friday.", date(2026, 4, 1), "FAIL"),
        ("Pay was £12.21 an hour until March. Now you get £12.90 an hour.", date(2026, 4, 1), "PASS"),
        (
            "You get £22,500 a year. Hours: Mon-Fri, 9 to 5.30, half an hour's lunch.",
            date(2026, 4, 1),
            "FAIL",
        ),
        ("Your pay is £24,500 a year. Normal hours: 40, 8.30am-5.00pm Mon-Fri.", date(2026, 4, 1), "FAIL"),
        ("Your pay is £2,300 a month for a working week of 40 hours.", date(2026, 4, 1), "PASS"),
        ("Your pay is £2,000 a month for a working week of 40 hours.", date(2026, 4, 1), "FAIL"),
        ("Your salary is £22,500 a year.", date(2026, 5, 4), "NOT_APPLICABLE"),
        ("6 Hours\n40 hours a week.\n\n7 Pay\nA salary of £24,800 a year.", date(2026, 6, 1), "FAIL"),
        ("You work four 13-hour nights in each week. Pay: £31,500 a year.", date(2026, 6, 1), "FAIL"),
        ("Hours. 40 each week, on five days.\n\nPay. £23,000 a year.", date(2026, 5, 4), "FAIL"),
    ],
)
def test_pay_is_divided_by_hours_and_compared_with_the_days_rate(text: str, day: date, expected: str) -> None:
    assert verdict("minimum_wage", text, "employment_contract", day) == expected
