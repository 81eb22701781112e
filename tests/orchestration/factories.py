"""Small builds, made the way the main job makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orchestration import publishing
from tenants.warehouse import Warehouse, open_for_building

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.warehouse import Build

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TABLES = "create schema if not exists marts; create table marts.sums as select {value} as value"


def make_build(state: Path, build_id: str, value: int = 1, **facts: Any) -> Build:
    """Seal a build whose table `marts.sums` holds one value."""
    warehouse = Warehouse(state)
    workspace = publishing.fresh_workspace(warehouse)
    with open_for_building(workspace / "warehouse.duckdb") as connection:
        connection.execute(TABLES.format(value=value))
    with open_for_building(workspace / "tenants" / "ten_a.duckdb") as connection:
        connection.execute(TABLES.format(value=value * 10))
    return publishing.seal(warehouse, workspace, build_id, {"built_at": NOW.isoformat(), **facts})


def published_value(state: Path) -> int:
    """Return what readers read now."""
    with Warehouse(state).open() as connection:
        return int(connection.execute("select value from marts.sums").fetchall()[0][0])
