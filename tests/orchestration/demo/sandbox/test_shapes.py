"""Every object that is served has the fields Stripe gives it, of the types Stripe gives them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest
from stripe._object_classes import get_object_class
from stripe._stripe_object import StripeObject

from orchestration.demo.lives import World
from orchestration.demo.sandbox import Sandbox
from tenants.catalogue import load_catalogue
from tenants.clock import FixedClock
from tests.orchestration.demo.sandbox.annotations import _fields, faults
from tests.orchestration.demo.sandbox.factories import Shop

Json = dict[str, Any]
# Stripe shows these only where `expand` asks for them or where they apply; its fixtures show all at once.
_ON_REQUEST = {
    "charge.refunds",
    "subscription_item.quantity",
    "charge.payment_method_details.card.three_d_secure",
    "credit_note.customer_balance_transaction",
    "account.business_profile",
}
_FIXTURES = os.environ.get("LOKI_STRIPE_FIXTURES")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """Return every object and event of a lively year, and one of each kind that no life makes."""
    home = tmp_path_factory.mktemp("stripe")
    sandbox = Sandbox(home, FixedClock(datetime(2025, 1, 1, tzinfo=UTC)))
    found: dict[str, Json] = {}
    world = World(sandbox, load_catalogue("iris"), tenants=30, months=9, seed=11)
    for step in world.steps(timedelta(days=25)):
        assert step.lives
        for event in sandbox.account.log.events:
            found[event.id] = orjson.loads(event.render(b'"2026-10-28.endive"'))
    found.update(_everything_else(sandbox, world))
    found.update(
        {key: orjson.loads(orjson.dumps(thing)) for key, thing in sandbox.account.store.by_id.items()}
    )
    sandbox.close()
    return list(found.values())


def _everything_else(sandbox: Sandbox, world: World) -> dict[str, Json]:
    shop, life = Shop(sandbox), world.lives[0]
    price = next(iter(world.shop.prices.values()))[0]
    single = {path: shop.get(path) for path in ("account", "balance", "exchange_rates/gbp")}
    shop.post(
        "checkout/sessions",
        mode="subscription",
        line_items=[{"price": price, "quantity": 1}],
        success_url="x",
    )
    shop.post("billing_portal/sessions", customer=life.customer_id)
    shop.post("test_helpers/test_clocks", frozen_time=1_800_000_000)
    shop.post("setup_intents", customer=life.customer_id)
    shop.post("webhook_endpoints", url="http://127.0.0.1:9/", enabled_events=["*"])
    shop.post(
        "billing/meter_events",
        event_name="api_calls",
        payload={"stripe_customer_id": life.customer_id, "value": "1"},
    )
    running = next(each for each in world.lives if each.status == "active")
    schedule = {
        "customer": life.customer_id,
        "start_date": 1_900_000_000,
        "phases": [{"items": [{"price": price}]}],
    }
    shop.post("subscription_schedules", **schedule)
    preview = shop.post("invoices/create_preview", subscription=running.subscription_id)
    return {**single, "preview": preview}


def test_every_served_object_fits_its_class_in_the_stripe_package(served: list[Json]) -> None:
    kinds = {thing["object"] for thing in served}
    assert len(kinds) > 30
    assert sorted({fault for thing in served for fault in faults(thing)}) == []


def test_the_object_of_every_event_fits_its_class(served: list[Json]) -> None:
    events = [thing for thing in served if thing["object"] == "event"]
    assert len({event["type"] for event in events}) > 30
    assert sorted({fault for event in events for fault in faults(event["data"]["object"])}) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"colour": "red"}, "unknown"),
        ({"currency": None}, "is no"),
        ({"created": "today"}, "is no int"),
        ({"recurring": {"interval": "month"}}, "is no NoneType"),
    ],
)
def test_the_check_itself_finds_what_does_not_fit(shop: Shop, change: Json, fault: str) -> None:
    price = {**shop.get(f"prices/{shop.price()}"), **change}
    assert any(fault in found for found in faults(price))


def _class_in(shape: Any) -> type | None:
    """Return the generated class that a field's type names, if it names one."""
    choices = get_args(shape) or (shape,)
    return next((each for each in choices if isinstance(each, type) and issubclass(each, StripeObject)), None)


def _absent(sample: Json, thing: Json, cls: type, path: str) -> set[str]:
    """Return keys of a fixture that an object lacks, at every level where both hold an object."""
    known = _fields(cls)
    found = {f"{path}.{name}" for name in sample if name in known and name not in thing}
    for name in sample.keys() & thing.keys() & known.keys():
        inner = _class_in(known[name])
        if inner and isinstance(sample[name], dict) and isinstance(thing[name], dict):
            found |= _absent(sample[name], thing[name], inner, f"{path}.{name}")
    return found


@pytest.mark.skipif(
    not _FIXTURES, reason="LOKI_STRIPE_FIXTURES does not name Stripe's openapi/fixtures3.json"
)
def test_every_served_object_has_the_keys_of_stripes_fixture(served: list[Json]) -> None:
    samples = json.loads(Path(str(_FIXTURES)).read_text(encoding="utf-8"))["resources"]
    compared = [thing for thing in served if thing["object"] in samples]
    assert len({thing["object"] for thing in compared}) > 30
    absent = {
        key
        for thing in compared
        for key in _absent(
            samples[thing["object"]], thing, get_object_class("V1", thing["object"]), thing["object"]
        )
    }
    assert absent - _ON_REQUEST == set()
