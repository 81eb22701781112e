"""Each wrong turn of the SQL is noticed: by the reference, by an identity, or by the engine itself."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import moment, write_landing
from tests.dbt_project.revenue.identities import broken_identities
from tests.dbt_project.revenue.mutants import MUTANTS, Mutant
from tests.dbt_project.revenue.reference_ledger import Reference
from tests.dbt_project.revenue.warehouse import Project, compiled
from tests.dbt_project.revenue.worlds import World

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = "select customer_id, movement_date, currency, movement_type, amount from marts.mrr_movements"
SAMPLE = MUTANTS[::6]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=23, customers=150)


@pytest.fixture(scope="module")
def landing(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutants")
    price = world.account.price("5000", currency="eur")
    world.account.rate("2023-01-01", "eur", "usd", "1.1")
    world.account.rate("2024-01-01", "eur", "usd", "1.3")
    world.account.subscribe(moment("2023-05-01"), [world.account.item(price)])
    write_landing(folder, world.account.observations, world.account.rows)
    return folder


def caught_by(project: Project, world: World, landing: Path) -> str | None:
    """Return what noticed that the project computes something wrong, if anything did."""
    try:
        con = project.build(landing, world.until)
    except duckdb.Error as error:
        return f"the engine: {str(error).splitlines()[0]}"
    found = {(c, d, cur): (k, Fraction(a)) for c, d, cur, k, a in con.execute(LEDGER).fetchall() if k != "fx"}
    reference = Reference(world.account.observations, resolve("default").switches, world.until)
    expected = {(r.customer, r.day, r.currency): (r.kind, r.amount) for r in reference.movements()}
    if found != expected:
        return "the reference"
    total = con.execute("select sum(fx) from marts.mrr_months").fetchone()
    if total != (10,):
        return "the exchange-rate example"
    return next(iter(broken_identities(con)), None)


def check(mutant: Mutant, world: World, landing: Path) -> None:
    def change(query: str) -> str:
        assert mutant.found in query, f"{mutant.model} has no {mutant.found!r}"
        return query.replace(mutant.found, mutant.put)

    catcher = caught_by(compiled().mutated(mutant.model, change), world, landing)
    print(f"{mutant.name}: {catcher}")  # noqa: T201 - the list of mutants and what caught each
    assert catcher is not None


def test_the_project_itself_is_not_caught(world: World, landing: Path) -> None:
    assert caught_by(compiled(), world, landing) is None


@pytest.mark.parametrize("mutant", SAMPLE, ids=[mutant.name for mutant in SAMPLE])
def test_a_wrong_turn_is_noticed(mutant: Mutant, world: World, landing: Path) -> None:
    check(mutant, world, landing)


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_every_wrong_turn_is_noticed(mutant: Mutant, world: World, landing: Path) -> None:
    check(mutant, world, landing)
