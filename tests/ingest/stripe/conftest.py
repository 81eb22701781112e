"""A fake account over HTTP, and a landing zone to sync it into."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.settings import IngestSettings
from ingest.streams import open_landing
from tenants.clock import FixedClock
from tests.ingest.stripe.factories import NOW, customer
from tests.ingest.stripe.fake_stripe import API_KEY, FakeStripe
from tests.ingest.stripe.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.landing import LandingZone


@pytest.fixture
def account() -> Iterator[FakeStripe]:
    with FakeStripe().serve() as fake:
        yield fake


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.fromtimestamp(NOW + 10_000, UTC))


@pytest.fixture
def settings(account: FakeStripe, tmp_path: Path) -> IngestSettings:
    return IngestSettings(
        _env_file=None,
        home=tmp_path,
        stripe_api_key=API_KEY,
        stripe_api_base=account.url,
        stripe_reads_per_second=10_000,
    )


@pytest.fixture
def landing(settings: IngestSettings, clock: FixedClock) -> LandingZone:
    return open_landing(settings, clock)


@pytest.fixture
def here(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> Installation:
    account.objects["customer"] = [customer(1), customer(2)]
    installation = Installation(account, settings, landing, clock)
    installation.sync()
    return installation
