"""Against the sandbox over HTTP: every life's objects and events land, in steps as in one piece."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson
import pytest

from ingest.settings import IngestSettings
from ingest.streams import open_landing
from ingest.stripe.sync import sync
from orchestration.demo.lives.world import World
from orchestration.demo.sandbox.sandbox import Sandbox
from tenants.catalogue import load_catalogue
from tenants.clock import FixedClock

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.landing import LandingZone

LISTED = {
    "stripe_customer": "/v1/customers",
    "stripe_price": "/v1/prices",
    "stripe_subscription": "/v1/subscriptions?status=all",
    "stripe_invoice": "/v1/invoices",
    "stripe_charge": "/v1/charges",
    "stripe_balance_transaction": "/v1/balance_transactions",
}


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sandbox, LandingZone]:
    """A small world lived for three months, pulled every twenty days."""
    home: Path = tmp_path_factory.mktemp("sandbox")
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    sandbox = Sandbox(home / "account", clock)
    with sandbox.serve():
        settings = IngestSettings(
            _env_file=None,
            home=home,
            stripe_api_key=sandbox.api_key,
            stripe_api_base=sandbox.url,
            stripe_reads_per_second=10_000,
        )
        landing = open_landing(settings, clock)
        for step in World(sandbox, load_catalogue("loki"), tenants=12, months=3).steps():
            clock.set(step.ends_at)
            sync(settings, landing, clock)
    return sandbox, landing


@pytest.mark.parametrize("stream", LISTED)
def test_every_object_of_the_account_has_landed(synced: tuple[Sandbox, LandingZone], stream: str) -> None:
    sandbox, landing = synced
    path, _, query = LISTED[stream].partition("?")
    form = {"limit": 100} | dict(pair.split("=") for pair in query.split("&") if pair)
    expected, after = set(), None
    while True:
        page = sandbox.call("GET", path, form | ({"starting_after": after} if after else {}))
        expected |= {one["id"] for one in page["data"]}
        if not page["has_more"]:
            break
        after = page["data"][-1]["id"]

    assert expected
    assert expected <= set(landing.read(stream, ["object_id"])["object_id"].to_pylist())


def test_the_newest_version_of_each_subscription_is_its_present_state(
    synced: tuple[Sandbox, LandingZone],
) -> None:
    sandbox, landing = synced
    rows = landing.read("stripe_subscription").to_pylist()
    rows = [row for row in rows if row["body"]]
    rows.sort(key=lambda row: (row["occurred_at"], row["observed_at"]))
    newest = {row["object_id"]: orjson.loads(row["body"]) for row in rows}

    assert newest
    for object_id, body in newest.items():
        present = sandbox.call("GET", f"/v1/subscriptions/{object_id}", {})
        assert (body["status"], body["items"]["data"][0]["quantity"]) == (
            present["status"],
            present["items"]["data"][0]["quantity"],
        )


def test_each_event_has_landed_once_and_nothing_is_in_quarantine(
    synced: tuple[Sandbox, LandingZone],
) -> None:
    _, landing = synced
    ids = landing.read("stripe_events", ["event_id"])["event_id"].to_pylist()

    assert len(ids) == len(set(ids)) > 100
    assert landing.read("quarantine").num_rows == 0
