"""One small file per tenant, with that tenant's rows of the marts that a tenant may see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tenants.warehouse import SAFE_ID, open_for_building

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

# A tenant sees what it did, not what we think it is worth: revenue, upsell and health stay inside.
TENANT_MARTS = (
    "compliance_trend",
    "gate_outcomes",
    "quota_use",
    "top_violations",
    "usage_days",
    "validation_runs",
)
REGISTER = "staging.stg_tenants__register"
WRITERS = 2


def write_tenant_files(workspace: Path, progress: Callable[[int, int], None]) -> int:
    """Write every tenant's file next to the warehouse that was just built.

    Args:
        workspace: The folder being built: `warehouse.duckdb` is read, `tenants/` filled.
        progress: Told how many files of how many are written.

    Returns:
        The number of files.
    """
    with open_for_building() as scratch:
        scratch.execute(f"attach '{_quoted(workspace / 'warehouse.duckdb')}' as built (read_only)")
        scratch.execute("set threads = 1")  # each writer is one thread; more only wait for each other
        tables = _sort_by_tenant(scratch)
        tenants = _tenant_ids(scratch)
        done = iter(range(1, len(tenants) + 1))

        def write_share(share: Sequence[str], number: int) -> None:
            cursor = scratch.cursor()
            for tenant_id in share:
                _write_file(cursor, f"file_{number}", workspace / "tenants", tenant_id, tables)
                progress(next(done), len(tenants))

        shares = [tenants[number::WRITERS] for number in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(write_share, shares, range(WRITERS)))
    return len(tenants)


def _sort_by_tenant(scratch: DuckDBPyConnection) -> list[str]:
    """Copy the marts into memory by tenant, so that one tenant's rows lie together."""
    found = scratch.execute(
        "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'marts'"
    ).fetchall()
    tables = [name for name in TENANT_MARTS if (name,) in found]
    for table in tables:
        scratch.execute(f"create table {table} as from built.marts.{table} order by tenant_id")
    scratch.execute("create table build_info as from built.marts.build_info")
    return tables


def _tenant_ids(scratch: DuckDBPyConnection) -> list[str]:
    """Return every tenant of the register that is not erased; one without rows gets a file without rows."""
    rows = scratch.execute(
        f"select tenant_id from built.{REGISTER} group by 1 having count(erased_at) = 0 order by 1"  # noqa: S608 - own name
    ).fetchall()
    return [tenant_id for (tenant_id,) in rows if SAFE_ID.fullmatch(tenant_id)]


def _write_file(
    cursor: DuckDBPyConnection, alias: str, folder: Path, tenant_id: str, tables: Sequence[str]
) -> None:
    file = _quoted(folder / f"{tenant_id}.duckdb")
    cursor.execute(f"attach '{file}' as {alias} (block_size 16384)")  # the default takes seven times the room
    cursor.execute("begin")
    cursor.execute(f"create schema {alias}.marts")
    for table in tables:
        copy = f"create table {alias}.marts.{table} as from memory.main.{table} where tenant_id = ?"
        cursor.execute(copy, [tenant_id])
    cursor.execute(f"create table {alias}.marts.build_info as from memory.main.build_info")
    cursor.execute("commit")
    cursor.execute(f"detach {alias}")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
