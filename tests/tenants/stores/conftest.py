"""One interface, three ways to keep tenants apart: each store test runs on every one that is present."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql-databases", "postgresql-schemas"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TenantStores]:
    if request.param == "sqlite":
        settings = PlatformSettings(home=tmp_path)
    else:
        isolation = "schema" if request.param.endswith("schemas") else "database"
        url = request.getfixturevalue("postgres_url")
        settings = PlatformSettings(home=tmp_path, database_url=url, tenant_isolation=isolation)
    made = TenantStores(settings, CLOCK)
    yield made
    for tenant_id in made.tenant_ids():
        made.drop(tenant_id)
    made.close()
    shutil.rmtree(tmp_path)
