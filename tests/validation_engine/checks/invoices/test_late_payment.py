"""What is claimed under the Late Payment Act is told from what is denied, quoted, or of another matter."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import checked, quotes

TOTAL = "Net £3,480.00\nVAT at 20% £696.00\nTotal £4,176.00\n\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "The Late Payment Act applies. Interest accrues daily at 8% a year over base from the due date.",
            [],
        ),
        ("Statutory interest: Bank Rate (3.75% at present) + 8% = 11.75% a year, and a fixed £70.", []),
        ("Statutory interest at 11.75% per annum (8% above the reference rate of 3.75%) will run.", []),
        ("Late Payment Act: 8% a year over base, and £70. We don't add 2% a month.", []),
        ("Some suppliers threaten 5% a month. The Late Payment Act allows 8% a year over base.", []),
        ("Can you charge me 3% a month under the Late Payment Act? No. It is 8% over base.", []),
        (
            "Under our contract interest is 4% over base, which replaces statutory interest of 8% over base.",
            [],
        ),
        ("Late Payment Act: a debt of £4,176.00 carries compensation of £70, about £1.34 a day on top.", []),
        ("Statutory interest, 8% over base; £40 (under £1,000), £70 (£1,000 to £9,999.99) or £100.", []),
        ("Statutory interest at 12% above the Bank of England base rate.", ["12%"]),
        ("The Late Payment Act lets us charge 8% per month.", ["8%"]),
        ("Bills not settled by then bear 2% for every week, as the Late Payment Act lays down.", ["2%"]),
        ("Interest is 4% a month. This is our right under the Late Payment Act.", ["4%"]),
        ("Under the Late Payment Act a late payment fee of £150 is added to any overdue invoice.", ["£150"]),
        ("By the Late Payment Act a charge of £60 is payable if you do not settle in time.", ["£60"]),
        (
            "Statutory interest runs at 8% over base, and the Act gives us £100 on a bill of this size.",
            ["£100"],
        ),
        ("Late payment regulations give a fixed £40 on the first reminder, and £80 on the second.", ["£80"]),
    ],
)
def test_figures_claimed_under_the_act_are_those_of_the_act(text: str, found: list[str]) -> None:
    assert quotes(TOTAL + text, checked("late_payment", TOTAL + text)) == found
