"""Random worlds against the plain reference, in whatever order and how often things arrive."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from orchestration.policies import presets, resolve
from tests.dbt_project.revenue.account import write_landing
from tests.dbt_project.revenue.conformance import differences, reference_of
from tests.dbt_project.revenue.warehouse import compiled
from tests.dbt_project.revenue.worlds import World

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.stripe.observation import Observation

pytestmark = pytest.mark.early

LEDGER = """
    select customer_id, movement_date, currency, movement_type, reason, amount, mrr_after, source_event_ids
    from marts.mrr_movements order by all
"""
Ledger = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=16, customers=60, months=15)


@pytest.fixture(scope="module")
def landing(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.account.land(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module", params=range(4))
def thousand(request: pytest.FixtureRequest) -> World:
    return World(seed=100 + request.param, customers=1000)


def ledger(folder: Path, observations: list[Observation], world: World) -> Ledger:
    write_landing(folder, observations, world.account.rows)
    return compiled().build(folder, world.until).execute(LEDGER).fetchall()


@pytest.fixture(scope="module")
def told(world: World, landing: Path) -> Ledger:
    return compiled().build(landing, world.until).execute(LEDGER).fetchall()


@pytest.mark.parametrize("preset", presets())
def test_ledger_months_cohorts_and_bridge_are_the_reference_s(
    preset: str, world: World, landing: Path
) -> None:
    switches = resolve(preset).switches
    con = compiled(switches).build(landing, world.until)
    assert list(differences(con, reference_of(world, switches), world.broken)) == []
    assert world.broken


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_thousand_lives_over_36_months_are_the_reference_s(thousand: World, tmp_path: Path) -> None:
    landing = thousand.account.land(tmp_path)
    for preset in presets():
        switches = resolve(preset).switches
        con = compiled(switches).build(landing, thousand.until)
        problems = list(differences(con, reference_of(thousand, switches), thousand.broken))
        assert (preset, problems) == (preset, [])


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("week_factor", 4),
        ("week_factor", 4.33),
        ("day_factor", 0),
        ("discounts", "none"),
        ("tax", "include"),
        ("past_due_days", 0),
        ("past_due_days", 15),
        ("churn_at", "scheduled"),
        ("churn_at", "canceled"),
        ("reactivation_gap", "ninety_days"),
    ],
)
def test_each_switch_alone_does_what_the_reference_does(
    switch: str, value: str | int, world: World, landing: Path
) -> None:
    switches = resolve("default").switches | {switch: value}
    con = compiled(switches).build(landing, world.until)
    assert list(differences(con, reference_of(world, switches), world.broken)) == []


def test_the_reporting_time_zone_moves_the_boundaries_of_days_only(world: World, landing: Path) -> None:
    zone, switches = "Pacific/Auckland", resolve("default").switches
    con = compiled(timezone=zone).build(landing, world.until)
    assert list(differences(con, reference_of(world, switches, zone), world.broken)) == []


def test_neither_order_nor_repetition_changes_the_ledger(world: World, told: Ledger, tmp_path: Path) -> None:
    shuffled = list(world.account.observations)
    random.Random(5).shuffle(shuffled)
    again = [seen_again(seen) for seen in shuffled[::3]]
    assert ledger(tmp_path, [*again, *shuffled, *again], world) == told


def seen_again(seen: Observation) -> Observation:
    """Return the same event as a webhook that came a little later."""
    return msgspec.structs.replace(
        seen, origin="webhook", observed_at=seen.observed_at + timedelta(seconds=9)
    )


def test_what_was_known_then_is_what_had_been_observed_then(
    world: World, landing: Path, tmp_path: Path
) -> None:
    then = world.until - timedelta(days=400)
    known = compiled().build(landing, then, known=then)
    seen = [o for o in world.account.observations if o.observed_at <= then]
    write_landing(tmp_path, seen, world.account.rows)
    alone = compiled().build(tmp_path, then)
    assert known.execute(LEDGER).fetchall() == alone.execute(LEDGER).fetchall()
    assert known.execute("select max(known_at) <= ? from marts.mrr_movements", [then]).fetchone() == (True,)
