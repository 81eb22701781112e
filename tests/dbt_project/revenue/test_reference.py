"""The ledger of random worlds against the plain reference, in whatever order and how often things arrive."""

from __future__ import annotations

import random
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec
import pytest

from orchestration.policies import presets, resolve
from tests.dbt_project.revenue.account import write_landing
from tests.dbt_project.revenue.identities import broken_identities
from tests.dbt_project.revenue.reference_ledger import Reference
from tests.dbt_project.revenue.warehouse import compiled
from tests.dbt_project.revenue.worlds import World

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from ingest.stripe.observation import Observation

LEDGER = """
    select customer_id, movement_date, currency, movement_type, reason, amount, mrr_after, source_event_ids
    from marts.mrr_movements order by all
"""
Ledger = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=11, customers=120)


def ledger(folder: Path, observations: list[Observation], world: World) -> Ledger:
    write_landing(folder, observations)
    return compiled().build(folder, world.until).execute(LEDGER).fetchall()


def check(con: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    found = {
        (customer, day, currency): (kind, Fraction(amount), Fraction(after))
        for customer, day, currency, kind, _, amount, after, _ in con.execute(LEDGER).fetchall()
    }
    expected = {(r.customer, r.day, r.currency): (r.kind, r.amount, r.after) for r in reference.movements()}
    assert found == expected


@pytest.mark.parametrize("preset", presets())
def test_every_movement_is_the_reference_s(preset: str, world: World, tmp_path: Path) -> None:
    switches = resolve(preset).switches
    write_landing(tmp_path, world.account.observations)
    con = compiled(switches).build(tmp_path, world.until)
    check(con, Reference(world.account.observations, switches, world.until))
    assert broken_identities(con) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("preset", presets())
def test_every_movement_of_a_thousand_lives_is_the_reference_s(
    preset: str, seed: int, tmp_path: Path
) -> None:
    world, switches = World(seed=100 + seed, customers=1000), resolve(preset).switches
    write_landing(tmp_path, world.account.observations)
    con = compiled(switches).build(tmp_path, world.until)
    check(con, Reference(world.account.observations, switches, world.until))
    assert broken_identities(con) == []


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
    switch: str, value: str | int, world: World, tmp_path: Path
) -> None:
    switches = resolve("default").switches | {switch: value}
    write_landing(tmp_path, world.account.observations)
    check(
        compiled(switches).build(tmp_path, world.until),
        Reference(world.account.observations, switches, world.until),
    )


def test_the_reporting_time_zone_moves_the_boundaries_of_days_only(world: World, tmp_path: Path) -> None:
    write_landing(tmp_path, world.account.observations)
    zone, switches = "Pacific/Auckland", resolve("default").switches
    con = compiled(timezone=zone).build(tmp_path, world.until)
    check(con, Reference(world.account.observations, switches, world.until, zone))


def test_neither_order_nor_repetition_changes_the_ledger(world: World, tmp_path: Path) -> None:
    told = ledger(tmp_path / "told", world.account.observations, world)
    shuffled = list(world.account.observations)
    random.Random(5).shuffle(shuffled)
    again = [seen_again(seen) for seen in shuffled[::3]]
    assert ledger(tmp_path / "shuffled", [*again, *shuffled, *again], world) == told


def seen_again(seen: Observation) -> Observation:
    """Return the same event as a webhook that came a little later."""
    return msgspec.structs.replace(
        seen, origin="webhook", observed_at=seen.observed_at + timedelta(seconds=9)
    )


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_two_syncs_give_what_one_gives(share: float, world: World, tmp_path: Path) -> None:
    told = ledger(tmp_path / "one", world.account.observations, world)
    cut = int(len(world.account.observations) * share)
    first, second = world.account.observations[:cut], world.account.observations[max(cut - 40, 0) :]
    ledger(tmp_path / "first", first, world)
    assert ledger(tmp_path / "both", [*first, *second], world) == told


def test_what_was_known_then_is_what_had_been_observed_then(world: World, tmp_path: Path) -> None:
    then = world.until - timedelta(days=400)
    write_landing(tmp_path / "all", world.account.observations)
    known = compiled().build(tmp_path / "all", then, known=then)
    seen = [o for o in world.account.observations if o.observed_at <= then]
    write_landing(tmp_path / "seen", seen)
    alone = compiled().build(tmp_path / "seen", then)
    assert known.execute(LEDGER).fetchall() == alone.execute(LEDGER).fetchall()
    assert known.execute("select max(known_at) <= ? from marts.mrr_movements", [then]).fetchone() == (True,)
