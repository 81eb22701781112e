from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ingest.stripe.sync import sync
from tests.ingest.stripe.factories import customer, event

if TYPE_CHECKING:
    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from tenants.clock import FixedClock
    from tests.ingest.stripe.fake_stripe import FakeStripe


def test_the_first_sync_takes_lists_then_events(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    account.objects["customer"] = [customer(n) for n in range(150)]
    account.objects["event"] = [event(n, customer(n, name="later")) for n in range(120)]

    report = sync(settings, landing, clock)

    assert (report.new_rows["stripe_events"], report.new_rows["stripe_customer"]) == (120, 270)
    paths = account.paths()
    assert paths.index("/v1/customers") < paths.index("/v1/events")


def test_a_second_sync_with_nothing_new_lands_nothing_and_reads_no_list(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    account.objects["event"] = [event(n, customer(n)) for n in range(3)]
    sync(settings, landing, clock)
    account.requests.clear()

    report = sync(settings, landing, clock)

    assert report.is_empty
    assert account.paths() == ["/v1/account", "/v1/events", "/v1/balance_transactions"]


def test_a_later_sync_takes_only_new_events(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    account.objects["event"] = [event(n, customer(n)) for n in range(3)]
    sync(settings, landing, clock)
    clock.set(clock.now() + timedelta(hours=1))
    account.objects["event"].append(event(11_000, customer(1, name="new")))

    report = sync(settings, landing, clock)

    assert report.new_rows["stripe_events"] == 1
