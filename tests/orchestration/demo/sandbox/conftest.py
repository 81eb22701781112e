"""A sandbox of one's own for each test, in process and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stripe

from orchestration.demo.sandbox import Sandbox
from tenants.clock import FixedClock
from tests.orchestration.demo.sandbox.factories import START, Shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def sandbox(tmp_path: Path, clock: FixedClock) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path / "stripe", clock, retries=(0.05, 0.05))
    yield made
    made.close()


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    return Shop(sandbox)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[stripe.StripeClient]:
    with sandbox.serve():
        yield stripe.StripeClient(
            sandbox.api_key,
            base_addresses={"api": sandbox.url, "meter_events": sandbox.url},
            max_network_retries=0,
        )
