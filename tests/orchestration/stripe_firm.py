"""A platform with a Stripe account of its own, and tenants that wait for their erasure."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orchestration.demo.sandbox import Sandbox
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.control import ControlPlane
from tenants.protection.erasure import Erasures
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.orchestration.erasing import job_with_stripe
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.context import MainJob
    from tenants.protection.erasure import Erasure
    from tenants.tenancy import Tenant


@dataclass
class Firm:
    """A platform with a Stripe account, and tenants that wait for their erasure."""

    job: MainJob
    sandbox: Sandbox

    @contextmanager
    def opened(self) -> Iterator[tuple[ControlPlane, TenantStores]]:
        with (
            closing(ControlPlane.open(self.job.settings, self.job.clock)) as control,
            closing(TenantStores(self.job.settings, self.job.clock)) as stores,
        ):
            yield control, stores

    def tenant(self, name: str, *, is_subscribed: bool, is_due: bool = True) -> Tenant:
        with self.opened() as (control, stores):
            made = provision(control, stores, NewTenant(name=name, plan="starter"), make.BY)
            if is_subscribed:
                billing = Billing(control, Inbox(control), StripeGateway(self.job.settings))
                billing.subscribe(made, "starter", "month", make.BY, "pm_card_visa")
            if is_due:
                Erasures(control, stores).request(made, make.BY)
                Erasures(control, stores).hasten(made, make.BY)
            return control.tenants.get(made.tenant_id)

    def tenant_ids(self) -> set[str]:
        with self.opened() as (control, stores):
            assert set(stores.tenant_ids()) == {each.tenant_id for each in control.tenants.all()}
            return set(stores.tenant_ids())

    def subscriptions(self, tenant: Tenant) -> dict[str, str]:
        asked = {"customer": tenant.stripe_customer_id, "status": "all"}
        found = self.sandbox.call("GET", "/v1/subscriptions", asked)["data"]
        return {each["id"]: each["status"] for each in found}

    def second_subscription(self, tenant: Tenant) -> None:
        (known,) = self.sandbox.call("GET", "/v1/subscriptions", {"customer": tenant.stripe_customer_id})[
            "data"
        ]
        items = [{"price": known["items"]["data"][0]["price"]["id"]}]
        bought = {"customer": tenant.stripe_customer_id, "items": items}
        self.sandbox.call("POST", "/v1/subscriptions", bought)

    def with_settings(self, **changed: Any) -> MainJob:
        return replace(self.job, settings=self.job.settings.model_copy(update=changed))


@contextmanager
def stripe_firm(folder: Path) -> Iterator[Firm]:
    """Make one in a folder."""
    sandbox = Sandbox(folder / "stripe", make.CLOCK)
    with sandbox.serve():
        made = Firm(job_with_stripe(folder / "state", sandbox.url, sandbox.api_key), sandbox)
        with made.opened() as (control, _):
            prices.create_prices(StripeGateway(made.job.settings), control.catalogue)
        yield made
    sandbox.close()


def at_stripe(done: Erasure) -> dict[str, Any]:
    assert done.certificate is not None
    told: dict[str, Any] = done.certificate["stripe"]
    return told
