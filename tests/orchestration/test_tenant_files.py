from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration import publishing
from orchestration.tenant_files import write_tenant_files
from tenants.warehouse import Warehouse, open_for_building

if TYPE_CHECKING:
    from pathlib import Path

BUILT = """
    create schema staging; create schema marts;
    create table staging.stg_tenants__register (tenant_id varchar, erased_at timestamptz);
    insert into staging.stg_tenants__register values
        ('ten_a', null), ('ten_b', null), ('../ten_evil', null),
        ('ten_gone', null), ('ten_gone', timestamptz '2026-01-02 00:00:00Z');
    create table marts.build_info as select 'build-1' as build_id;
    create table marts.validation_runs as
        select * from (values ('ten_a', 'run_1'), ('ten_gone', 'run_2'), (null, 'run_3'))
        as rows (tenant_id, run_id);
    create table marts.top_violations as
        select * from (values ('all', 'gate_1'), ('ten_a', 'gate_1')) as rows (tenant_id, gate_id);
    create table marts.upsell_scores as select 'ten_a' as tenant_id;
"""


def test_a_file_holds_its_tenants_rows_only_and_an_erased_tenant_has_none(tmp_path: Path) -> None:
    workspace = publishing.fresh_workspace(Warehouse(tmp_path))
    with open_for_building(workspace / "warehouse.duckdb") as connection:
        connection.execute(BUILT)
    told: list[tuple[int, int]] = []
    assert write_tenant_files(workspace, lambda done, total: told.append((done, total))) == 2
    assert sorted(told) == [(1, 2), (2, 2)]
    assert {file.name for file in (workspace / "tenants").iterdir()} == {"ten_a.duckdb", "ten_b.duckdb"}
    with open_for_building(workspace / "tenants" / "ten_a.duckdb") as own:
        assert own.execute("from marts.validation_runs").fetchall() == [("ten_a", "run_1")]
        assert own.execute("from marts.top_violations").fetchall() == [("ten_a", "gate_1")]
        tables = {name for (name,) in own.execute("select table_name from duckdb_tables()").fetchall()}
    assert tables == {"build_info", "validation_runs", "top_violations"}
    with open_for_building(workspace / "tenants" / "ten_b.duckdb") as other:
        assert other.execute("from marts.validation_runs").fetchall() == []
