"""What holds for any account whatever happens on it, and however its events reach us."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orchestration.policies import presets, resolve
from tests.dbt_project.revenue.account import write_landing
from tests.dbt_project.revenue.conformance import differences, reference_of
from tests.dbt_project.revenue.warehouse import Project, compiled
from tests.dbt_project.revenue.worlds import World, in_any_order

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import datetime

    from ingest.stripe.observation import Observation

pytestmark = pytest.mark.early

LEDGER = """
    select customer_id, movement_date, currency, movement_type, reason, amount, mrr_after, reporting_amount,
        source_event_ids, subscription_ids, source
    from marts.mrr_movements order by all
"""
MONTHS = "select * from marts.mrr_months order by month"
BRIDGE = "select * exclude (invoice_ids, invoice_line_ids) from marts.mrr_invoice_bridge order by all"
DEFAULT = resolve("default").switches
# Stands in the compiled queries for whichever time zone an example moves to.
A_ZONE = "Etc/GMT-9"
AN_EPOCH = range(1_600_000_000, 2_200_000_000)
Rows = list[tuple[Any, ...]]

worlds = st.builds(
    World,
    seed=st.integers(0, 2**16),
    customers=st.integers(3, 6),
    months=st.just(10),
    lives=st.randoms(use_true_random=False),
)


def build(
    world: World, *parts: list[Observation], project: Project | None = None, now: datetime | None = None
) -> list[Rows]:
    """Build a world from what was observed, in one part or several; return its ledger, months and bridge."""
    with tempfile.TemporaryDirectory() as folder:
        for number, observations in enumerate(parts):
            rows = None if number else world.account.rows
            write_landing(Path(folder), observations, rows, part=f"part{number}")
        con = (project or compiled()).build(Path(folder), now or world.until)
        return [con.execute(query).fetchall() for query in (LEDGER, MONTHS, BRIDGE)]


def the_reference_agrees_under_every_preset(world: World, chance: random.Random) -> None:
    preset = chance.choice(presets())
    switches = resolve(preset).switches
    with tempfile.TemporaryDirectory() as folder:
        con = compiled(switches).build(world.account.land(Path(folder)), world.until)
        problems = list(differences(con, reference_of(world, switches), world.broken))
    assert (preset, problems) == (preset, [])


def the_order_of_arrival_changes_nothing(world: World, chance: random.Random) -> None:
    told = world.account.observations
    assert build(world, in_any_order(told, world.until, chance)) == build(world, told)


def replaying_a_superset_changes_nothing(world: World, chance: random.Random) -> None:
    told = world.account.observations
    often = [o for o in told for _ in range(chance.choice([0, 0, 1, 3]))]
    again = [
        msgspec.structs.replace(o, origin="webhook", observed_at=o.observed_at + timedelta(seconds=9))
        for o in often
        if o.event_id
    ]
    assert build(world, told, [*again, *told]) == build(world, told)


def events_and_time_zone_moved_together_change_nothing(world: World, chance: random.Random) -> None:
    hours = chance.randrange(-11, 13)
    zone = f"Etc/GMT{-hours:+d}"
    zoned = compiled(timezone=A_ZONE)
    models = tuple(replace(m, query=m.query.replace(A_ZONE, zone)) for m in zoned.models)
    moved = [shifted(o, timedelta(hours=-hours)) for o in world.account.observations]
    there = build(world, moved, project=Project(models), now=world.until - timedelta(hours=hours))
    assert there == build(world, world.account.observations)


def shifted(seen: Observation, by: timedelta) -> Observation:
    """Return what was observed as if all of it had happened so much later."""

    def later(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: later(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [later(inner) for inner in value]
        if isinstance(value, int) and value in AN_EPOCH:
            return value + int(by.total_seconds())
        return value

    previous = seen.previous_attributes
    return msgspec.structs.replace(
        seen,
        occurred_at=seen.occurred_at + by,
        observed_at=seen.observed_at + by,
        body=orjson.dumps(later(orjson.loads(seen.body))),
        previous_attributes=previous and orjson.dumps(later(orjson.loads(previous))),
    )


def two_syncs_give_what_one_gives(world: World, chance: random.Random) -> None:
    told = sorted(world.account.observations, key=lambda o: o.observed_at)
    split = chance.choice(told).observed_at + timedelta(seconds=chance.randrange(3600))
    overlap = timedelta(days=chance.choice([0, 0, 1, 40]))
    first = [o for o in told if o.observed_at <= split] + listed(world.account.observations, split)
    second = [o for o in told if o.observed_at > split - overlap]
    build(world, first, now=split)
    assert build(world, first, second) == build(world, world.account.observations)


def listed(happened: list[Observation], when: datetime) -> list[Observation]:
    """Return what a list of subscriptions and customers shows at a moment: the truth, heard of or not.

    What happened in one second must come in its true order, not in that of its arrival.
    """
    newest = {
        o.object_id: o
        for o in sorted(happened, key=lambda o: o.occurred_at)
        if o.occurred_at <= when and o.object_type in {"subscription", "customer"}
    }
    return [
        msgspec.structs.replace(
            o,
            origin="list",
            occurred_at=when,
            observed_at=when,
            event_id=None,
            event_type=None,
            previous_attributes=None,
        )
        for o in newest.values()
        if not o.is_deleted
    ]


PROPERTIES: list[Callable[[World, random.Random], None]] = [
    the_reference_agrees_under_every_preset,
    the_order_of_arrival_changes_nothing,
    replaying_a_superset_changes_nothing,
    events_and_time_zone_moved_together_change_nothing,
    two_syncs_give_what_one_gives,
]
named = pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: str(holds.__name__))


def examples(count: int) -> settings:
    """Return settings for so many examples, the same ones in every run."""
    return settings(
        max_examples=count,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@named
@examples(3)
@given(world=worlds, chance=st.randoms(use_true_random=False))
def test_whatever_happens(holds: Callable[..., None], world: World, chance: random.Random) -> None:
    holds(world, chance)


@pytest.mark.long
@pytest.mark.timeout(3600)
@named
@examples(40)
@given(world=worlds, chance=st.randoms(use_true_random=False))
def test_whatever_happens_and_much_more_of_it(
    holds: Callable[..., None], world: World, chance: random.Random
) -> None:
    holds(world, chance)
