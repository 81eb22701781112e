"""The control plane's application on a state of its own, and who calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from orchestration.serve import create_app
from tenants.api.deps import Deps
from tenants.settings import PlatformSettings
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.tenants.api.isolation_world import HOST, World, operations_of
from tests.tenants.api.owners import owner
from tests.tenants.api.serving import Client, application, serving
from tests.tenants.factories import BY, CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from tenants.tenancy import Tenant

PASSWORD = "correct horse"
WEBHOOK_SECRET = "whsec_test"


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    return PlatformSettings(
        home=tmp_path / "state",
        base_domain="loki.test",
        stripe_webhook_secret=SecretStr(WEBHOOK_SECRET),
    )


@pytest.fixture
def deps(settings: PlatformSettings) -> Iterator[Deps]:
    opened = Deps.open(settings, CLOCK)
    yield opened
    opened.close()


@pytest.fixture
def app(deps: Deps) -> FastAPI:
    return application(deps)


@dataclass
class Callers:
    """Makes tenants, people and keys, and clients that call as them."""

    address: str
    deps: Deps

    def tenant(self, name: str = "Acme", plan: str = "professional", rate: int = 10_000) -> Tenant:
        own = Overrides(rate_limit_per_minute=rate)
        new = NewTenant(name=name, plan=plan, overrides=own)
        return provision(self.deps.control, self.deps.stores, new, BY)

    def client(self, host: str = "loki.test", **headers: str) -> Client:
        return Client(self.address, host, headers)

    def key(self, tenant: Tenant, permissions: list[str] | None = None, host: str = "loki.test") -> Client:
        issued = self.deps.control.keys.issue(tenant.tenant_id, "test", BY, permissions=permissions)
        return self.client(host, Authorization=f"Bearer {issued.text}")

    def person(self, tenant: Tenant | None, role: str, host: str = "loki.test") -> Client:
        tenant_id = None if tenant is None else tenant.tenant_id
        count = len(self.deps.control.users.of(tenant_id))
        user = self.deps.control.users.add(
            tenant_id, f"{role}{count}@acme.test", BY, role=role, password=PASSWORD
        )
        token, _ = self.deps.sessions.begin(user, "password", BY)
        client = self.client(host)
        client.cookies["loki_session"] = token
        return client


@pytest.fixture
def callers(app: FastAPI, deps: Deps) -> Iterator[Callers]:
    with serving(app) as address:
        yield Callers(address, deps)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = PlatformSettings(home=tmp_path_factory.mktemp("isolation"), base_domain=HOST)
    app = create_app(settings, CLOCK)
    deps = app.state.deps
    with serving(app) as address:
        yield World(app, address, owner(deps, "Victim"), owner(deps, "Other"), operations_of(app))
    deps.close()
