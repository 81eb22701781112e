"""Nothing is called free that has a charge elsewhere."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import of_finance as answer


def test_a_claim_to_be_free_is_contradicted_only_by_a_charge_of_its_kind() -> None:
    assert answer("fee_free_contradiction", "No entry fee. The yearly fee is 0.7%.").verdict == "PASS"
    assert answer("fee_free_contradiction", "No entry fee. An entry fee of 2% applies.").verdict == "FAIL"
    assert answer("fee_free_contradiction", "We are fee-free. The yearly fee is 0.7%.").verdict == "FAIL"


def test_what_is_free_on_a_condition_or_elsewhere_is_no_claim() -> None:
    text = "The guide is free of charge. The ombudsman is free to use. The yearly fee is 0.7%."
    assert answer("fee_free_contradiction", text).verdict == "NOT_APPLICABLE"
    text = 'The completion fee is £999. "Fee-free" deals do exist elsewhere; ours isn\'t one.'
    assert answer("fee_free_contradiction", text).verdict == "NOT_APPLICABLE"
    text = "Using us is completely free from the first phone call. An arrangement fee of £495 is payable."
    assert answer("fee_free_contradiction", text).verdict == "FAIL"


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
        "No platform fee | ever\nPlatform fee | 0.4%",
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
