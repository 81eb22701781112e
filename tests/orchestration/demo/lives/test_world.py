"""The seeded world: the same for the same seed, exact where it must be, lively where it may be."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.demo.lives import World, populate
from orchestration.demo.lives.birth import SEED_MIX, shares
from orchestration.demo.sandbox import Sandbox
from tenants.catalogue import load_catalogue
from tenants.clock import FixedClock
from tests.orchestration.demo.sandbox.books import faults_in_books, untold_changes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.demo.sandbox.events import Event

START = datetime(2024, 11, 26, tzinfo=UTC)


@contextmanager
def _sandbox(home: Path) -> Iterator[Sandbox]:
    made = Sandbox(home, FixedClock(START))
    yield made
    made.close()


def _everything(sandbox: Sandbox) -> bytes:
    return orjson.dumps(list(sandbox.account.store.by_id.values()))


def _mrr(sandbox: Sandbox) -> int:
    """Return the monthly minor units of all active subscriptions of plain monthly prices."""
    active = [each for each in sandbox.account.store.of("subscription") if each["status"] == "active"]
    return sum(
        item["price"]["unit_amount"] * item["quantity"] for each in active for item in each["items"]["data"]
    )


@pytest.mark.parametrize("catalogue", ["loki", "iris"])
def test_the_same_seed_makes_the_same_world_ids_included(tmp_path: Path, catalogue: str) -> None:
    worlds = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        with _sandbox(tmp_path / name) as sandbox:
            world = populate(sandbox, load_catalogue(catalogue), tenants=20, months=6, seed=seed)
            worlds.append((_everything(sandbox), [life.tenant_id for life in world.lives]))
    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


@pytest.mark.parametrize(
    ("tenants", "mrr"), [(77, 2_192_300), pytest.param(770, 21_923_000, marks=pytest.mark.long)]
)
def test_the_seed_mix_has_the_mrr_of_its_price_list(tmp_path: Path, tenants: int, mrr: int) -> None:
    with _sandbox(tmp_path) as sandbox:
        world = populate(sandbox, load_catalogue("iris"), tenants=tenants, months=3, mix="seed")
        assert _mrr(sandbox) == mrr
        assert {life.status for life in world.lives} == {"active"}
        assert Counter(life.plan for life in world.lives) == shares(SEED_MIX, tenants)
        assert {life.interval for life in world.lives} == {"month"}
        assert not any(each["discounts"] for each in sandbox.account.store.of("subscription"))


@given(st.integers(1, 3000))
def test_a_mix_is_scaled_to_any_total_within_one(total: int) -> None:
    counts = shares(SEED_MIX, total)
    assert sum(counts.values()) == total
    assert all(abs(counts[plan] - total * weight / 770) < 1 for plan, weight in SEED_MIX.items())


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[Event]]]:
    """Return a lively world at its end, and every event there ever was."""
    with _sandbox(tmp_path_factory.mktemp("lively")) as sandbox:
        world = World(sandbox, load_catalogue("loki"), tenants=150, months=24, seed=7)
        told: dict[str, Event] = {}
        for _ in world.steps():
            told.update(sandbox.account.log.by_id)
        yield world, list(told.values())


def test_a_lively_world_has_every_kind_of_story(lively: tuple[World, list[Event]]) -> None:
    world, events = lively
    stories = {
        *(f"customer.subscription.{each}" for each in ("trial_will_end", "deleted", "paused", "resumed")),
        *("customer.discount.created", "customer.discount.deleted", "subscription_schedule.created"),
        *("charge.failed", "charge.refunded", "charge.dispute.created", "credit_note.created"),
        *("invoice.payment_failed", "invoice.voided", "invoiceitem.created"),
    }
    assert stories - {event.type for event in events} == set()
    store = world.sandbox.account.store
    sold = [store.by_id[item["price"]["id"]] for item in store.of("subscription_item")]
    assert {price["currency"] for price in sold} == {"gbp", "eur"}
    assert {price["recurring"]["interval"] for price in sold} == {"month", "year"}
    assert {price["recurring"]["usage_type"] for price in sold} == {"licensed", "metered"}
    statuses = Counter(life.status for life in world.lives)
    assert statuses["active"] > statuses["canceled"] > 10
    strangers = [life for life in world.lives if not life.is_tenant]
    assert len(strangers) == round(150 * world.habits.strangers)


def test_every_update_tells_exactly_what_changed_since_the_event_before(
    lively: tuple[World, list[Event]],
) -> None:
    unfaithful = untold_changes(lively[1])
    assert unfaithful == []


def test_the_books_of_a_lively_world_balance(lively: tuple[World, list[Event]]) -> None:
    assert faults_in_books(lively[0].sandbox.account) == []


def test_a_step_shows_who_lives_by_then_with_stripes_own_status(tmp_path: Path) -> None:
    with _sandbox(tmp_path) as sandbox:
        world = World(sandbox, load_catalogue("iris"), tenants=40, months=6, seed=3)
        known = 0
        for step in world.steps(timedelta(days=20)):
            assert sandbox.now == step.ends_at
            assert len(step.lives) >= known
            known = len(step.lives)
            for life in step.lives:
                assert life.signed_up_at <= step.ends_at
                _agrees(sandbox, life)
        assert step.ends_at == world.end
        assert known == len(world.lives)


def _agrees(sandbox: Sandbox, life: Any) -> None:
    customer = sandbox.call("GET", f"/v1/customers/{life.customer_id}")
    assert customer["metadata"].get("tenant_id") == life.tenant_id
    assert (customer["name"], customer["email"]) == (life.name, life.email)
    assert sandbox.call("GET", f"/v1/subscriptions/{life.subscription_id}")["status"] == life.status


def test_slugs_and_tenant_ids_are_unique(tmp_path: Path) -> None:
    with _sandbox(tmp_path) as sandbox:
        world = World(sandbox, load_catalogue("loki"), tenants=3000, months=1)
        assert len({life.slug for life in world.lives}) == len(world.lives)
        ids = [life.tenant_id for life in world.lives if life.is_tenant]
        assert len(set(ids)) == len(ids) == 3000


def test_prices_name_their_plan_and_catalogue(tmp_path: Path) -> None:
    with _sandbox(tmp_path) as sandbox:
        world = World(sandbox, load_catalogue("iris"), tenants=1, months=2)
        for (plan, interval, _), ids in world.shop.prices.items():
            price = sandbox.call("GET", f"/v1/prices/{ids[0]}", {"expand": ["product"]})
            expected = {"plan": plan, "catalogue": "iris", "interval": interval}
            assert price["metadata"] == expected
            assert price["product"]["metadata"]["plan"] == plan
        keys = ["iris_starter_month_usd", "iris_professional_quarter_usd"]
        found = sandbox.call("GET", "/v1/prices", {"lookup_keys": keys})["data"]
        assert {price["unit_amount"] for price in found} == {9900, 89700}
