"""What prices cost and when periods end, for any input."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestration.demo.sandbox import periods, pricing
from orchestration.demo.sandbox.billing.discounts import spread

Json = dict[str, Any]
_MOMENTS = st.integers(min_value=946_684_800, max_value=4_000_000_000)
_INTERVALS = st.sampled_from(["day", "week", "month", "year"])
_TIERS = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 5000), st.integers(0, 900)), min_size=1, max_size=5
)


def _price(**fields: Any) -> Json:
    plain: Json = {"billing_scheme": "per_unit", "unit_amount": None, "unit_amount_decimal": None}
    return {**plain, "tiers_mode": None, "transform_quantity": None, **fields}


def _tiers(drawn: list[tuple[int, int, int]]) -> list[Json]:
    tops, tiers = 0, []
    for place, (width, unit, flat) in enumerate(drawn, start=1):
        tops += width
        top = None if place == len(drawn) else tops
        tiers.append({"up_to": top, "unit_amount_decimal": str(unit), "flat_amount_decimal": str(flat)})
    return tiers


@given(_TIERS, st.integers(0, 300))
def test_a_graduated_price_charges_each_unit_in_its_own_tier(
    drawn: list[tuple[int, int, int]], quantity: int
) -> None:
    tiers = _tiers(drawn)
    price = _price(billing_scheme="tiered", tiers_mode="graduated")
    each = sum(
        next(
            int(tier["unit_amount_decimal"])
            for tier in tiers
            if tier["up_to"] is None or unit <= tier["up_to"]
        )
        for unit in range(1, quantity + 1)
    )
    begun = [
        tier
        for below, tier in zip([0, *(tier["up_to"] for tier in tiers)], tiers, strict=False)
        if quantity > below
    ]
    flat = sum(int(tier["flat_amount_decimal"]) for tier in begun or tiers[:1])
    assert pricing.total(price, tiers, quantity) == each + flat
    assert sum(part.quantity for part in pricing.parts(price, tiers, quantity)) == quantity


@given(_TIERS, st.integers(1, 300))
def test_a_volume_price_charges_all_units_in_the_tier_they_reach(
    drawn: list[tuple[int, int, int]], quantity: int
) -> None:
    tiers = _tiers(drawn)
    tier = next(each for each in tiers if each["up_to"] is None or quantity <= each["up_to"])
    expected = int(tier["unit_amount_decimal"]) * quantity + int(tier["flat_amount_decimal"])
    assert pricing.total(_price(billing_scheme="tiered", tiers_mode="volume"), tiers, quantity) == expected


def test_the_worked_example_of_a_graduated_price() -> None:
    tiers = [
        {"up_to": 3, "unit_amount_decimal": "1000", "flat_amount_decimal": "500"},
        {"up_to": None, "unit_amount_decimal": "800", "flat_amount_decimal": None},
    ]
    assert pricing.total(_price(billing_scheme="tiered", tiers_mode="graduated"), tiers, 5) == 5100


@given(st.integers(0, 1000), st.integers(1, 50), st.sampled_from(["up", "down"]))
def test_a_package_is_charged_whole(quantity: int, size: int, direction: str) -> None:
    price = _price(unit_amount=700, unit_amount_decimal="700")
    price["transform_quantity"] = {"divide_by": size, "round": direction}
    packages = -(-quantity // size) if direction == "up" else quantity // size
    assert pricing.total(price, None, quantity) == 700 * packages


@given(st.decimals(0, 100, places=6), st.integers(0, 10_000))
def test_fractions_of_a_penny_are_rounded_half_up_once(unit: Decimal, quantity: int) -> None:
    price = _price(unit_amount_decimal=str(unit))
    expected = (unit * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert pricing.total(price, None, quantity) == expected


@given(_MOMENTS, st.integers(-40_000_000, 40_000_000), _INTERVALS, st.integers(1, 12))
def test_the_next_boundary_is_the_first_after_the_moment(
    anchor: int, away: int, every: str, count: int
) -> None:
    moment = anchor + away
    after = periods.boundary_after(anchor, every, count, moment)
    reach = {"day": 470, "week": 70, "month": 18, "year": 3}[every]
    boundaries = [periods.step(anchor, every, count, times) for times in range(-reach, reach + 1)]
    assert after == min(boundary for boundary in boundaries if boundary > moment)


def test_a_month_from_the_31st_ends_with_a_shorter_month_and_returns_to_the_31st() -> None:
    anchor = int(datetime(2026, 1, 31, 10, tzinfo=UTC).timestamp())
    days = [datetime.fromtimestamp(periods.step(anchor, "month", 1, times), UTC).day for times in range(1, 5)]
    assert days == [28, 31, 30, 31]


@given(st.integers(0, 100_000), st.lists(st.integers(1, 10_000), min_size=1, max_size=8))
def test_shares_add_up_to_the_whole(amount: int, weights: list[int]) -> None:
    shares = spread(amount, weights)
    assert sum(shares) == amount
    assert all(
        abs(share * sum(weights) - amount * weight) < sum(weights)
        for share, weight in zip(shares, weights, strict=True)
    )
