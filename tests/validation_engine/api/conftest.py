"""The data plane on a real server, and who calls it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from tenants.api import router as control_plane
from tenants.api.application import prepare
from tenants.api.deps import Deps
from tenants.audit import Actor
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.tenants.api.serving import Client, serving
from validation_engine.api import router

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from tenants.tenancy import Tenant

_numbers = count(1)
BY = Actor("command", "test")


@dataclass
class Callers:
    """Makes tenants, and clients with a key of theirs."""

    address: str
    deps: Deps

    def tenant(
        self,
        name: str = "Acme",
        *,
        plan: str = "professional",
        quota: Decimal | None = None,
        rate: int = 10_000,
    ) -> Tenant:
        own = Overrides(rate_limit_per_minute=rate, quotas={} if quota is None else {"api_calls": quota})
        return provision(
            self.deps.control,
            self.deps.stores,
            NewTenant(name=f"{name} {next(_numbers)}", plan=plan, overrides=own),
            BY,
        )

    def key(self, tenant: Tenant, permissions: list[str] | None = None) -> Client:
        issued = self.deps.control.keys.issue(tenant.tenant_id, "test", BY, permissions=permissions)
        return Client(self.address, "loki.test", {"Authorization": f"Bearer {issued.text}"})

    def keep_documents(self, tenant: Tenant) -> None:
        self.deps.control.tenants.update(tenant.tenant_id, BY, keeps_documents=True)


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    settings = PlatformSettings(home=tmp_path_factory.mktemp("state"), base_domain="loki.test")
    deps = Deps.open(settings, FixedClock(datetime(2026, 11, 26, 9, 30, tzinfo=UTC)))
    app = FastAPI()
    prepare(app, deps, control_plane(deps), router(deps))
    with serving(app) as address:
        yield Callers(address, deps)
    deps.close()
