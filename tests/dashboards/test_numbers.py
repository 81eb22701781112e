"""How numbers look."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import numbers


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("219230", "usd", "$219,230.00"),
        ("1.005", "GBP", "£1.01"),
        ("-1.005", "GBP", "−£1.01"),
        ("0.004999", "EUR", "€0.00"),
        ("2.5", "JPY", "¥3"),
        ("1.0005", "KWD", "KWD 1.001"),
    ],
)
def test_money_is_rounded_half_up_to_the_currency_s_minor_unit(
    amount: str, currency: str, shown: str
) -> None:
    assert numbers.money(Decimal(amount), currency) == shown


@given(st.decimals(-(10**12), 10**12, places=8))
def test_a_table_rounds_exactly_as_a_key_figure_does(amount: Decimal) -> None:
    frame = pl.DataFrame({"mrr": [amount], "currency": ["gbp"]}, schema_overrides={"mrr": pl.Decimal(38, 8)})
    expected = float(numbers.rounded(amount, "GBP"))
    assert numbers.shown(frame, ["mrr"], "GBP")["mrr"][0] == expected
    assert numbers.shown_by_row(frame, ["mrr"])["mrr"][0] == expected


def test_each_row_is_rounded_to_its_own_currency() -> None:
    frame = pl.DataFrame(
        {"mrr": [Decimal("10.5555")] * 3, "currency": ["jpy", "kwd", "usd"]},
        schema_overrides={"mrr": pl.Decimal(38, 8)},
    )
    assert list(numbers.shown_by_row(frame, ["mrr"])["mrr"]) == [11.0, 10.556, 10.56]


def test_what_is_not_known_is_a_dash_and_never_a_zero() -> None:
    assert numbers.money(None, "GBP") == numbers.percent(None) == numbers.count(None) == "–"
    assert numbers.ratio(None) == numbers.moment(None) == numbers.month_name(None) == "–"
    assert numbers.signed_money(None, "GBP") is numbers.points(None) is numbers.signed_count(None) is None


def test_no_change_is_not_shown_as_a_change() -> None:
    assert numbers.signed_money(Decimal("0.001"), "GBP") is None
    assert numbers.points(Decimal("0.0001")) is None
    assert numbers.signed_money(Decimal(-3), "GBP") == "-£3.00"


def test_an_age_is_told_in_the_largest_unit_that_fits() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    since = {1: "11", 3: "9"}
    assert numbers.age(datetime(2026, 11, 26, 11, 59, tzinfo=UTC), now) == "1 minute"
    assert numbers.age(datetime(2026, 11, 26, int(since[3]), tzinfo=UTC), now) == "3 hours"
    assert numbers.age(datetime(2026, 11, 20, 12, tzinfo=UTC), now) == "6 days"
