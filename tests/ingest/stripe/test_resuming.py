"""However a history is cut into syncs, and wherever one is stopped, the same set lands."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.settings import IngestSettings
from ingest.streams import open_landing
from ingest.stripe import sink
from ingest.stripe.client import StripeReader
from ingest.stripe.sync import sync
from tenants.clock import FixedClock
from tests.ingest.stripe.factories import NOW, customer, event, invoice
from tests.ingest.stripe.fake_stripe import API_KEY, FakeStripe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from _pytest.tmpdir import TempPathFactory

    from ingest.landing import LandingZone

HOUR = 3600


class Stopped(BaseException):
    """Stands for a killed process."""


def history(count: int = 40) -> list[dict[str, Any]]:
    """Events an hour apart or in the same second, some of which become listed only hours later."""
    chance = random.Random(5)
    events = []
    for number in range(count):
        about = customer(number % 7, name=f"state {number}")
        created = NOW + (number - number % 3) * HOUR
        events.append(
            event(number, about, created=created, listed_at=created + chance.choice([0, 0, 5, 20]) * HOUR)
        )
    return events


def install(account: FakeStripe, home: Path) -> tuple[IngestSettings, LandingZone, FixedClock]:
    chosen = IngestSettings(
        _env_file=None,
        home=home,
        stripe_api_key=API_KEY,
        stripe_api_base=account.url,
        stripe_reads_per_second=10_000,
    )
    clock = FixedClock(customer_time(0))
    return chosen, open_landing(chosen, clock), clock


def customer_time(hours: int) -> Any:
    from ingest.stripe.parsing import instant  # noqa: PLC0415 - keeps the name free

    return instant(NOW) + timedelta(hours=hours)


def show(account: FakeStripe, events: list[dict[str, Any]], hours: int) -> None:
    """Let the account be as it is so many hours later: objects at once, events when they are listed."""
    now = NOW + hours * HOUR
    happened = [one for one in events if one["created"] <= now]
    newest = {one["data"]["object"]["id"]: one["data"]["object"] for one in happened}
    account.objects = {kind: [] for kind in account.objects} | {
        "customer": list(newest.values()),
        "event": [one for one in happened if one["listed_at"] <= now],
    }


def landed(landing: LandingZone) -> list[str]:
    return sorted(landing.read("stripe_events", ["event_id"])["event_id"].to_pylist())


def newest_states(landing: LandingZone) -> dict[str, str]:
    rows = landing.read("stripe_customer", ["object_id", "body", "occurred_at", "observed_at"]).to_pylist()
    rows.sort(key=lambda row: (row["occurred_at"], row["observed_at"]))
    return {row["object_id"]: orjson.loads(row["body"])["name"] for row in rows}


@pytest.fixture(scope="module")
def served() -> Any:
    with FakeStripe().serve() as fake:
        yield fake


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 59), max_size=4, unique=True).map(sorted))
def test_any_split_of_the_history_lands_the_same(
    served: FakeStripe, tmp_path_factory: TempPathFactory, cuts: list[int]
) -> None:
    events = history()
    chosen, landing, clock = install(served, tmp_path_factory.mktemp("split"))
    for hours in [*cuts, 60]:
        show(served, events, hours)
        clock.set(customer_time(hours))
        sync(chosen, landing, clock)

    assert landed(landing) == sorted(one["id"] for one in events)
    assert newest_states(landing) == {
        one["data"]["object"]["id"]: one["data"]["object"]["name"] for one in events
    }


@pytest.mark.parametrize(
    "stop_at", [*range(1, 26, 6), *(pytest.param(n, marks=pytest.mark.long) for n in range(26))]
)
def test_a_sync_stopped_at_any_request_goes_on_and_lands_each_thing_once(
    served: FakeStripe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    monkeypatch.setattr(sink, "ROWS_PER_COMMIT", 40)
    events = history(450)
    show(served, events, 500)
    served.objects["invoice"] = [invoice(n) for n in range(230)]
    chosen, landing, clock = install(served, tmp_path)
    clock.set(customer_time(500))
    with monkeypatch.context() as stopping:
        stopping.setattr(StripeReader, "get", stopped_after(stop_at))
        with pytest.raises(Stopped):
            sync(chosen, landing, clock)

    again = open_landing(chosen, clock)
    sync(chosen, again, clock)

    assert landed(again) == sorted(one["id"] for one in events)
    assert sorted(again.read("stripe_invoice", ["object_id"])["object_id"].to_pylist()) == [
        f"in_{n:06d}" for n in range(230)
    ]


def test_a_resumed_sync_does_not_read_again_what_was_committed(
    served: FakeStripe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sink, "ROWS_PER_COMMIT", 1)
    show(served, history(450), 500)
    chosen, landing, clock = install(served, tmp_path)
    clock.set(customer_time(500))
    with monkeypatch.context() as stopping:
        stopping.setattr(StripeReader, "get", stopped_after(23))
        with pytest.raises(Stopped):
            sync(chosen, landing, clock)
    served.requests.clear()

    sync(chosen, open_landing(chosen, clock), clock)

    pages = [params.get("starting_after") for path, params in served.requests if path == "/v1/events"]
    assert len(pages) == 2
    assert None not in pages
    assert not {"/v1/products", "/v1/invoices"} & set(served.paths())


def stopped_after(requests: int) -> Callable[..., bytes]:
    original, left = StripeReader.get, requests

    def get(self: StripeReader, path: str, params: Any = None) -> bytes:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped
        return original(self, path, params)

    return get


def test_a_lost_file_is_fetched_again_whatever_it_held(served: FakeStripe, tmp_path: Path) -> None:
    events = history()
    chosen, landing, clock = install(served, tmp_path)
    for hours in (20, 60):
        show(served, events, hours)
        clock.set(customer_time(hours))
        sync(chosen, landing, clock)
    for stream in ("stripe_events", "stripe_customer"):
        (landing.root / landing.entries(stream)[0].path).unlink()

    again = open_landing(chosen, clock)
    sync(chosen, again, clock)

    assert landed(again) == sorted(one["id"] for one in events)
    assert set(newest_states(again)) == {f"cus_{n:06d}" for n in range(7)}
    assert len(again.findings) == 2
