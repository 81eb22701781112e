"""What a finished build records about itself: rows, completeness, erased tenants; `marts.build_info`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenants.warehouse import open_for_building

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BUILD_INFO = {
    "id": "varchar",
    "built_at": "timestamptz",
    "now": "timestamptz",
    "as_known_at": "timestamptz",
    "policy": "varchar",
    "catalogue": "varchar",
    "reporting_currency": "varchar",
    "reporting_timezone": "varchar",
}
COMPLETENESS = """
    select
        stream,
        max(complete_until) as complete_until,
        count(*) filter (where status = 'gap') as gaps,
        max_by(status, asked_at) as last_status,
        max_by(detail, asked_at) as last_detail
    from staging.stg_usage__ledger
    group by stream
    order by stream
"""


def mart_rows(file: Path) -> dict[str, int]:
    """Return the number of rows of each mart, by schema and name."""
    with open_for_building(file) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name like 'marts%'"
        ).fetchall()
        counts = [f"select '{name}', count(*) from {name}" for (name,) in sorted(tables)]  # noqa: S608 - own names
        return dict(connection.execute(" union all ".join(counts)).fetchall()) if counts else {}


def completeness(file: Path) -> list[dict[str, Any]]:
    """Return until when each stream is complete, its gaps and how the last pull went."""
    with open_for_building(file) as connection:
        cursor = connection.execute(COMPLETENESS)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def erased_tenants(landing: Path) -> int:
    """Return how many tenants have been erased by now: builds that know of fewer may still hold them."""
    query = "select count(distinct tenant_id) filter (where erased_at is not null) from read_parquet(?)"
    with open_for_building() as connection:
        files = str(landing / "tenant_register" / "*" / "*.parquet")
        return int(connection.execute(query, [files]).fetchall()[0][0])


def write_build_info(file: Path, facts: Mapping[str, Any]) -> None:
    """Add the one row that every page dates its numbers by."""
    columns = ", ".join(f"cast(? as {kind}) as {name}" for name, kind in BUILD_INFO.items())
    columns = columns.replace(" as id", " as build_id")
    with open_for_building(file) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            f"create table marts.build_info as select {columns}", [facts[n] for n in BUILD_INFO]
        )
        connection.execute("checkpoint")
