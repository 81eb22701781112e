"""Each unit of use is measured by the quota that held when it was used."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tenants.billing.measured import above

_quotas = st.none() | st.integers(0, 30)
_stretches = st.lists(st.tuples(st.integers(0, 20), _quotas), min_size=1, max_size=5)
Stretches = list[tuple[int, int | None]]


def measured(stretches: Stretches, total: int | None = None) -> Decimal:
    told = [(Decimal(units), None if quota is None else Decimal(quota)) for units, quota in stretches]
    units = sum(units for units, _ in stretches) if total is None else total
    return above(told, Decimal(units))


@given(stretches=_stretches)
def test_each_unit_above_the_quota_of_its_moment_is_charged_once_and_no_other(stretches: Stretches) -> None:
    quotas = [quota for units, quota in stretches for _ in range(units)]
    charged = [quota is not None and number > quota for number, quota in enumerate(quotas, 1)]
    assert measured(stretches) == sum(charged)


@given(stretches=_stretches, where=st.integers(0, 4), late=st.integers(0, 9))
def test_late_use_takes_back_nothing_that_was_charged(stretches: Stretches, where: int, late: int) -> None:
    at = where % len(stretches)
    units, quota = stretches[at]
    grown = [*stretches[:at], (units + late, quota), *stretches[at + 1 :]]
    assert 0 <= measured(grown) - measured(stretches) <= sum(units for units, _ in grown)


@given(stretches=_stretches, gone=st.integers(1, 20))
def test_where_details_are_gone_no_unit_is_charged_that_any_quota_covered(
    stretches: Stretches, gone: int
) -> None:
    """Whichever of the units' details retention removed, what is charged is at most what they tell whole."""
    total = sum(units for units, _ in stretches)
    for at, (units, quota) in enumerate(stretches):
        left = [*stretches[:at], (max(0, units - gone), quota), *stretches[at + 1 :]]
        assert 0 <= measured(left, total) <= measured(stretches)


def test_a_smaller_plan_charges_only_what_is_used_after_it_was_taken() -> None:
    assert measured([(9000, 10_000), (50, 1000)]) == 50


def test_a_larger_plan_leaves_charged_what_was_above_the_smaller_one() -> None:
    assert measured([(1100, 1000), (5000, 10_000)]) == 100


def test_nothing_is_above_where_it_was_unlimited() -> None:
    assert measured([(9000, None), (900, None)], total=12_000) == 0
