"""What the service has counted beside what the reports count, for the same meter and period."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tenants.warehouse import Warehouse, open_for_building
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers


def _publish(callers: Callers, tenant_id: str, used: str) -> None:
    warehouse = Warehouse(callers.deps.settings.state())
    folder = warehouse.builds_dir / "b1"
    (folder / "tenants").mkdir(parents=True)
    with open_for_building(folder / "tenants" / f"{tenant_id}.duckdb") as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.quota_use as select ? as tenant_id, 'conversations' as meter, "
            "timestamptz '2026-11-01 00:00:00+00' as period_start, cast(? as decimal(18, 6)) as used",
            [tenant_id, used],
        )
    (folder / "build.json").write_text(json.dumps({"built_at": "2026-11-26T03:00:00+00:00"}))
    warehouse.pointer.write_text("b1")


def test_use_that_came_by_log_files_stands_beside_what_the_service_counted(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.stores.open(tenant.tenant_id).record_usage_events([make.event()], lambda _: make.NOVEMBER)
    owner = callers.person(tenant, "owner")
    quotas = {each["meter"]: each for each in owner.get("/v1/usage").json()["quotas"]}
    assert (quotas["conversations"]["used"], quotas["conversations"]["reported"]) == ("1", None)
    _publish(callers, tenant.tenant_id, "41")
    quotas = {each["meter"]: each for each in owner.get("/v1/usage").json()["quotas"]}
    told = quotas["conversations"]
    assert told["used"] == "1"
    assert told["reported"] == {"used": "41.000000", "as_of": "2026-11-26T03:00:00Z"}
    assert quotas["api_calls"]["reported"] is None


@pytest.mark.parametrize(("month", "has_users"), [(None, True), ("2026-10", False)])
def test_users_are_a_meter_of_the_present(callers: Callers, month: str | None, *, has_users: bool) -> None:
    tenant = callers.tenant()
    owner = callers.person(tenant, "owner")
    quotas = owner.get("/v1/usage", params={"month": month}).json()["quotas"]
    users = [each for each in quotas if each["meter"] == "users"]
    assert bool(users) is has_users
    if users:
        assert (users[0]["used"], users[0]["limit"], users[0]["percent"]) == ("1", "10", 10.0)
