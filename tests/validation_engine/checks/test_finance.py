"""Compensation limits by date, claims to be free, firm reference numbers."""

from __future__ import annotations

from datetime import date

import pytest

from validation_engine.checks.registry import CheckResult, Context, named
from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields

MARCH = date(2026, 3, 1)


def answer(name: str, text: str, kind: str = "investment_promotion", day: date = MARCH) -> CheckResult:
    document = read_plain(text)
    return named(name)(Context(document, Fields(document), kind, day, {"words": 5}))


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


def test_a_joint_account_may_name_twice_the_limit() -> None:
    text = "The FSCS protects up to £240,000 in a joint account."
    assert answer("fscs_limit", text, "savings_promotion").verdict == "PASS"


def test_a_claim_to_be_free_is_contradicted_only_by_a_charge_of_its_kind() -> None:
    assert answer("fee_free_contradiction", "No entry fee. The yearly fee is 0.7%.").verdict == "PASS"
    assert answer("fee_free_contradiction", "No entry fee. An entry fee of 2% applies.").verdict == "FAIL"
    assert answer("fee_free_contradiction", "We are fee-free. The yearly fee is 0.7%.").verdict == "FAIL"


def test_what_is_free_on_a_condition_or_elsewhere_is_no_claim() -> None:
    text = "The guide is free of charge. The ombudsman is free to use. The yearly fee is 0.7%."
    assert answer("fee_free_contradiction", text).verdict == "NOT_APPLICABLE"
    text = 'The completion fee is £999. "Fee-free" deals do exist elsewhere; ours isn\'t one.'
    assert answer("fee_free_contradiction", text).verdict == "NOT_APPLICABLE"


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


@pytest.mark.parametrize(
    "text",
    [
        "No exit fees. Annual charge 0.25%.",
        "Our service is not free. You pay a platform charge of 0.35% a year.",
        "When we get it wrong\n\nTell us. It won't cost you anything.\n\nWe take 0.4% a year of your pot.",
        "You don't pay us anything. Charge for credit: £2,417.76",
        "Opening an account is free of charge. Holding it costs 0.25% a year.",
        "No platform fee.\n\nCharges\n\nDealing: £5 a trade",
        "Leaving | Ring us. Costs nothing.\nFees | £3 a month",
        "If the roof can wait, saving up costs nothing. The lender pays us a commission of 1.5%.",
        "Fixed | 4.59% | product fee £895\nVariable | 4.85% | no product fee",
        "If you're unhappy\n\nSay so. No form, and it will cost you nothing.\n\nCharges\n\nDealing £9",
    ],
)
def test_what_is_said_of_one_charge_or_one_step_is_kept_by_the_others(text: str) -> None:
    assert answer("fee_free_contradiction", text).verdict != "FAIL"


@pytest.mark.parametrize(
    "text",
    [
        "No annual fee. We take 0.7% of your pot each year as a yearly charge of 0.7%.",
        "You'll never pay us a fee. Our management charge is 0.6%.",
        "It's a no-fee remortgage. The £995 product fee is added to the loan.",
        "The service is free. It costs 0.4% a year.",
        "Commission-free dealing. Dealing commission: £3",
        "3. Snapdragon is free. Monthly platform charge: 0.04% of your pot",
        "A loan from us comes without charges of any sort. We add a £120 set-up charge.",
        "You won't pay us anything. On completion we send a bill for our £395 administration charge.",
        "Looking after your pot costs you nothing. For reporting we deduct 1.1% of its value each year.",
        "Our ISA is totally free.\n\nWhat we charge\n\nCustody | £4 a month",
    ],
)
def test_a_charge_is_read_from_lines_and_lists_too(text: str) -> None:
    assert answer("fee_free_contradiction", text).verdict == "FAIL"


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
        ("The account costs you nothing, and we deduct a monthly charge of £7.50.", "FAIL"),
        ("- Free share dealing\n- Dealing commission: £9.95 per trade", "FAIL"),
        ("Free fund dealing. Share dealing costs £9.95 per trade.", "NOT_APPLICABLE"),
        ("Free money transfers! Each transfer costs £12.", "FAIL"),
        ("- Zero commission\n- FX fee: 1% on each trade", "PASS"),
        ("You pay 0% in fees for our service. A yearly service fee of 0.65% applies.", "FAIL"),
        ("| Service | Cost | Also |\n| Pension transfer | Free | £450 transfer fee |", "FAIL"),
        ("| Account | Entry | Yearly |\n| Share ISA | Free | £36 |", "NOT_APPLICABLE"),
    ],
)
def test_what_is_free_is_told_from_what_is_taken(text: str, verdict: str) -> None:
    assert answer("fee_free_contradiction", text).verdict == verdict


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
        ("The account costs you nothing. If you want a courier, the courier's charge is £12.", "PASS"),
        ("Our help costs you nothing. The lender will charge an arrangement fee of £999.", "PASS"),
        ("We used to charge £8 a trade. Since April dealing has cost nothing.", "PASS"),
        ("Trading is free. For looking after your shares we take £4 a month.", "PASS"),
        ("Fix A: 4.89%, no product fee.\n\nFix B: 4.59%, product fee £999", "PASS"),
        ("The service is provided to you at no cost. We take 0.75% of your portfolio.", "FAIL"),
        ("There are no fees with our card, ever. Annual fee: £36", "FAIL"),
        ("A loan with no set-up fee. A set-up fee of £150 is added.", "FAIL"),
    ],
)
def test_what_others_take_and_other_products_cost_contradicts_nothing(text: str, verdict: str) -> None:
    assert (answer("fee_free_contradiction", text).verdict == "FAIL") is (verdict == "FAIL")


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
