"""One published build and one control plane for all tests of the dashboards; they only read them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from dashboards import memory, session
from dashboards.runtime import runtime
from orchestration.demo.sandbox import Sandbox
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tests.dashboards.factories import NOW, people, published_build
from tests.dashboards.firms import Firm, founded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_seeds = count(71)  # each account with ids of its own: the tests share their tenants


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a state folder and the session tokens of its people by role."""
    state = tmp_path_factory.mktemp("dashboards")
    published_build(state)
    return state, people(PlatformSettings(home=state, now=NOW))


@pytest.fixture
def state(world: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the state folder, which the application reads during the test."""
    monkeypatch.setenv("LOKI_HOME", str(world[0]))
    monkeypatch.setenv("LOKI_NOW", NOW.isoformat())
    monkeypatch.setenv("LOKI_PRIVATE_HOSTS", "127.0.0.1")  # where the tests' identity providers are
    monkeypatch.setattr(session, "address", lambda: "192.0.2.7")  # a script without a browser has none
    monkeypatch.setattr(memory, "collect_on_a_timer", lambda: None)  # the test process is not a server
    yield world[0]
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def signed_in(world: tuple[Path, dict[str, str]], state: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """Return what signs the browser in as a role, on the state folder."""
    assert state == world[0]
    return Signer(world[1], monkeypatch)


class Signer:
    """Gives the browser the session cookie of a person."""

    def __init__(self, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._tokens = tokens
        self._monkeypatch = monkeypatch

    def __call__(self, role: str) -> None:
        self.with_token(self._tokens[role])

    def with_token(self, token: str | None) -> None:
        """Send this token, or no cookie at all."""
        self._monkeypatch.setattr(session, "token", lambda: token)


@pytest.fixture
def firm(state: Path, signed_in: Signer) -> Firm:
    """A tenant of this test's own."""
    assert runtime().settings.state() == state
    return founded(signed_in)


@pytest.fixture
def operator(firm: Firm, signed_in: Signer) -> Firm:
    """A tenant of this test's own, and the operator at the browser."""
    signed_in("operator")
    return firm


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A Stripe account for the application, which reads its settings once."""
    made = Sandbox(tmp_path / "stripe", FixedClock(NOW), seed=next(_seeds))
    with made.serve():
        monkeypatch.setenv("LOKI_STRIPE_API_KEY", made.api_key)
        monkeypatch.setenv("LOKI_STRIPE_API_BASE", made.url)
        yield made
    made.close()


@pytest.fixture
def billing(sandbox: Sandbox, firm: Firm) -> Billing:
    """Return the firm's billing on an account that sells the catalogue."""
    gateway = StripeGateway(PlatformSettings(stripe_api_base=sandbox.url))
    prices.create_prices(gateway, firm.control.catalogue)
    return Billing(firm.control, Inbox(firm.control), gateway)
