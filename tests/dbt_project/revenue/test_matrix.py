"""Interval × pricing × discount × status: each combination lives through one build and is priced again."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from orchestration.policies import presets, resolve
from tests.dbt_project.revenue.identities import broken_identities
from tests.dbt_project.revenue.matrix import AXES, NOW, Matrix, every_combination, every_pair
from tests.dbt_project.revenue.reference_ledger import Reference
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.dbt_project.revenue.matrix import Combination

LEDGER = "select customer_id, movement_date, movement_type, amount, mrr_after from marts.mrr_movements"
Lives = dict[str, list[tuple[object, str, Fraction, Fraction]]]


class Landed:
    """A matrix and its landing zone."""

    def __init__(self, combinations: Iterable[Combination], folder: Path) -> None:
        self.matrix = Matrix(combinations)
        self.folder = self.matrix.account.land(folder)

    def check(self, preset: str) -> int:
        """Compare every customer's ledger with the reference's; return how many customers have one."""
        switches = resolve(preset).switches
        con = compiled(switches).build(self.folder, NOW)
        found: Lives = {customer: [] for customer in self.matrix.customers}
        for customer, day, kind, amount, after in con.execute(LEDGER + " order by 1, 2").fetchall():
            found[customer].append((day, kind, Fraction(amount), Fraction(after)))
        expected: Lives = {customer: [] for customer in self.matrix.customers}
        for row in Reference(self.matrix.account.observations, switches, NOW).movements():
            expected[row.customer].append((row.day, row.kind, row.amount, row.after))
        wrong = {
            combination: (found[customer], expected[customer])
            for customer, combination in self.matrix.customers.items()
            if found[customer] != expected[customer]
        }
        assert wrong == {}
        assert broken_identities(con) == []
        return sum(1 for rows in found.values() if rows)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    return Landed(every_pair(), tmp_path_factory.mktemp("pairs"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    return Landed(every_combination(), tmp_path_factory.mktemp("whole"))


def test_the_sample_holds_every_pair_of_values() -> None:
    combinations = every_pair()
    for one, other in itertools.combinations(range(len(AXES)), 2):
        met = {(combination[one], combination[other]) for combination in combinations}
        assert met == set(itertools.product(AXES[one], AXES[other]))


@pytest.mark.parametrize("preset", presets())
def test_every_pair_of_values_is_worth_what_the_rules_say(preset: str, pairs: Landed) -> None:
    assert pairs.check(preset) > len(pairs.matrix.customers) / 2


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("preset", presets())
def test_every_combination_is_worth_what_the_rules_say(preset: str, whole: Landed) -> None:
    assert whole.check(preset) > len(whole.matrix.customers) / 2
