"""A tenant with something of everything, in each kind of store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.tenancy import Tenant


@pytest.fixture(params=["sqlite", "postgresql-schemas"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> PlatformSettings:
    if request.param == "sqlite":
        return PlatformSettings(home=tmp_path)
    url = request.getfixturevalue("postgres_url")
    return PlatformSettings(home=tmp_path, database_url=url, tenant_isolation="schema")


@pytest.fixture
def control(tmp_path: Path) -> Iterator[ControlPlane]:
    # The control plane lies in a file of this test's own also where the stores are on a shared server.
    opened = ControlPlane.open(PlatformSettings(home=tmp_path), make.CLOCK)
    yield opened
    opened.close()


@pytest.fixture
def stores(settings: PlatformSettings) -> Iterator[TenantStores]:
    made = TenantStores(settings, make.CLOCK)
    yield made
    for tenant_id in made.tenant_ids():
        made.drop(tenant_id)
    made.close()


@pytest.fixture
def tenant(control: ControlPlane, stores: TenantStores) -> Tenant:
    made = provision(control, stores, NewTenant(name="Acme Wealth Ltd", plan="professional"), make.BY)
    control.users.add(
        made.tenant_id, "ada@acme.test", make.BY, name="Ada", role="owner", password="correct horse"
    )
    control.keys.issue(made.tenant_id, "build server", make.BY)
    store = stores.open(made.tenant_id)
    for number in range(3):
        store.commit_validation(make.validation(f"key-{number}"))
    store.record_usage_events([make.event()], lambda _: make.NOVEMBER)
    store.put_custom_gate("own_gate", "id: own_gate", is_enabled=True, at=make.NOW, by="ada")
    return made
