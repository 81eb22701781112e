"""What an invoice supplies is described, and goods of several kinds are counted."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import checked


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("As agreed   £900.00", "FAIL"),
        ("As agreed on the telephone\nRe-slating of the north roof   £900.00", "PASS"),
        ("Services   £900.00", "FAIL"),
        ("Window cleaning, as agreed   £90.00", "PASS"),
        ("From Ore Ltd, Mill Road. For the usual: £300.00 plus VAT at 20% £60.00.", "FAIL"),
        ("Description: (blank)\nNet £250.00, VAT at 20% £50.00, total £300.00", "FAIL"),
        ("To our invoice: £800.00\nVAT 20%: £160.00", "FAIL"),
        ("Invoice 7, 3 May 2026\nTo: Fay Ltd, Ayr KA7 2BB\nAmount £800.00\nTotal £960.00", "FAIL"),
        ("Invoice 7, 3 May 2026\nResurfacing the school yard\nAmount £800.00\nTotal £960.00", "PASS"),
        ("Supply of six mooring ropes at £50.00, £300.00, plus VAT at 20% £60.00.", "PASS"),
    ],
)
def test_a_supply_is_described(text: str, verdict: str) -> None:
    assert checked("description", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Various plates, glasses, knives and forks, £300.00 in all, VAT 20% £60.00.", "FAIL"),
        ("| Product | Amount |\n| Cement | £120.00 |\n| Sand | £80.00 |\nNet £200.00", "FAIL"),
        ("| Product | Qty | Price | Amount |\n| Cement | 20 | £6.00 | £120.00 |", "PASS"),
        ("Survey, drawings and planning form, £300.00 in all, VAT 20% £60.00.", "PASS"),
        ("Desks: 5 at £400.00 each, £2,000.00\nVAT 20% £400.00", "PASS"),
    ],
)
def test_goods_of_several_kinds_are_counted(text: str, verdict: str) -> None:
    assert checked("quantity_unit_price", text).verdict == verdict
