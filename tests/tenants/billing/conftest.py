"""A Stripe account to bill on, and billing that uses it over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pydantic import SecretStr

from orchestration.demo.sandbox import Sandbox
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.tenants.billing.events import signed
from tests.tenants.factories import BY, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.tenancy import Tenant

SECRET = "whsec_of_the_tests"


@dataclass
class Desk:
    """Everything that billing needs, on an account of its own, with a clock that can be moved."""

    sandbox: Sandbox
    clock: FixedClock
    control: ControlPlane
    stores: TenantStores
    inbox: Inbox
    gateway: StripeGateway
    billing: Billing
    delivered: int = 0

    def tenant(self, plan: str = "starter", **fields: Any) -> Tenant:
        name = fields.pop("name", "Acme Wealth Ltd")
        return provision(self.control, self.stores, NewTenant(name=name, plan=plan, **fields), BY)

    def again(self, tenant: Tenant) -> Tenant:
        return self.control.tenants.get(tenant.tenant_id)

    def pass_time(self, **delta: float) -> None:
        """Let the account and our clock go on, then deliver and apply what happened."""
        self.clock.set(self.clock.now() + timedelta(**delta))
        self.sandbox.advance_to(self.clock.now())
        self.deliver()

    def events(self) -> list[dict[str, Any]]:
        listed = [self.sandbox.call("GET", "/v1/events", {"limit": 100})]
        while listed[-1]["has_more"]:
            after = listed[-1]["data"][-1]["id"]
            listed.append(self.sandbox.call("GET", "/v1/events", {"limit": 100, "starting_after": after}))
        return [event for page in listed for event in page["data"]][::-1]

    def deliver(self) -> None:
        for event in self.events():
            self.inbox.receive(*signed(orjson.dumps(event), SECRET, self.clock.now()))
        self.billing.applier.drain()


@pytest.fixture(params=["loki"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock(NOW)
    sandbox = Sandbox(tmp_path / "stripe", clock)
    with sandbox.serve():
        settings = PlatformSettings(
            home=tmp_path / "state",
            catalogue=request.param,
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
            stripe_webhook_secret=SecretStr(SECRET),
        )
        control = ControlPlane.open(settings, clock)
        inbox, gateway = Inbox(control), StripeGateway(settings)
        stores, billing = TenantStores(settings, clock), Billing(control, inbox, gateway)
        prices.create_prices(gateway, control.catalogue)
        yield Desk(sandbox, clock, control, stores, inbox, gateway, billing)
        stores.close()
        control.close()
    sandbox.close()
