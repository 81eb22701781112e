"""A small published build with the contract's columns, made through the one door to DuckDB."""

from __future__ import annotations

import functools
import shutil
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.publishing import fresh_workspace, publish, seal
from tenants.audit.records import SYSTEM
from tenants.control import ControlPlane
from tenants.people.roles import STAFF_ROLES, TENANT_ROLES
from tenants.sessions import Sessions
from tenants.stores import TenantStores
from tenants.tenancy.provisioning import provision
from tenants.tenancy.records import NewTenant
from tenants.warehouse import Build, Warehouse, open_for_building

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenants.settings import PlatformSettings

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
BUILT_AT = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
TENANTS = ("tenant_amber", "tenant_birch", "tenant_cedar")
HOSTILE = '<script>alert("x")</script> **[x](javascript:y)** $a$'
_SQL = Path(__file__).with_name("marts.sql")


def published_build(
    state: Path,
    build_id: str = "20261126T050000Z-one",
    built_at: datetime = BUILT_AT,
    changes: str = "",
) -> Build:
    """Publish a build of three tenants over fourteen months under a state folder.

    Args:
        state: The folder of all run-time state.
        build_id: The build's name.
        built_at: When it was made.
        changes: SQL that makes it differ from the usual one.
    """
    warehouse = Warehouse(state)
    workspace = fresh_workspace(warehouse)
    shutil.copytree(_made(changes).name, workspace, dirs_exist_ok=True)
    facts = {
        "id": build_id,
        "built_at": built_at.isoformat(),
        "now": NOW.isoformat(),
        "as_known_at": None,
        "policy": "default",
        "catalogue": "loki",
        "reporting_currency": "gbp",
        "rows": {"marts.mrr_movements": 11, "marts.mrr_months": 14},
        "completeness": [],
        "tests": {"passed": 120, "warnings": {"one_row_per": 1}},
    }
    build = seal(warehouse, workspace, build_id, facts)
    publish(warehouse, build)
    return build


@functools.cache
def _made(changes: str) -> tempfile.TemporaryDirectory[str]:
    """Make a build's files once for the process, to be copied; they go when the process ends."""
    made = tempfile.TemporaryDirectory(prefix="loki-build-")
    folder = Path(made.name)
    (folder / "tenants").mkdir()
    with open_for_building(folder / "warehouse.duckdb") as connection:
        connection.execute(_SQL.read_text() + changes)
    for tenant_id in TENANTS:
        _tenant_file(folder, tenant_id)
    return made


def _tenant_file(workspace: Path, tenant_id: str) -> None:
    """Copy the warehouse and leave only that tenant's rows in it."""
    file = workspace / "tenants" / f"{tenant_id}.duckdb"
    shutil.copyfile(workspace / "warehouse.duckdb", file)
    with open_for_building(file) as connection:
        for table in _tables(connection):
            if "tenant_id" in _columns(connection, table):
                others = f"delete from marts.{table} where tenant_id is distinct from ?"  # noqa: S608 - our own names
                connection.execute(others, [tenant_id])
            elif table != "build_info":
                connection.execute(f"drop table marts.{table}")


def _tables(connection: DuckDBPyConnection) -> list[str]:
    sql = "select table_name from information_schema.tables where table_schema = 'marts'"
    return [row[0] for row in connection.execute(sql).fetchall()]


def _columns(connection: DuckDBPyConnection, table: str) -> list[str]:
    sql = "select column_name from information_schema.columns where table_schema = 'marts' and table_name = ?"
    return [row[0] for row in connection.execute(sql, [table]).fetchall()]


def people(settings: PlatformSettings) -> dict[str, str]:
    """Create the build's tenants and a signed-in person for each role; return their tokens by role.

    A tenant's people belong to the first tenant; `other` is the owner of the second.
    """
    clock = settings.clock()
    with (
        closing(ControlPlane.open(settings, clock)) as control,
        closing(TenantStores(settings, clock)) as stores,
    ):
        for tenant_id in TENANTS:
            new = NewTenant(name=f"Firm {tenant_id[7:]}", plan="enterprise", tenant_id=tenant_id)
            provision(control, stores, new, SYSTEM)
        wanted = dict.fromkeys(STAFF_ROLES) | dict.fromkeys(TENANT_ROLES, TENANTS[0])
        tokens = {role: _token(control, tenant_id, role) for role, tenant_id in wanted.items()}
        return tokens | {"other": _token(control, TENANTS[1], "owner")}


def _token(control: ControlPlane, tenant_id: str | None, role: str) -> str:
    user = control.users.add(tenant_id, f"{role}@example.com", SYSTEM, role=role, name=f"An {role}")
    user = control.users.update(user.user_id, tenant_id, SYSTEM, status="active")
    token, _ = Sessions(control).begin(user, "password", SYSTEM)
    return token
