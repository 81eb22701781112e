from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration import publishing
from tenants.errors import NotFound, Unavailable
from tenants.warehouse import Warehouse
from tests.orchestration.factories import make_build, published_value

if TYPE_CHECKING:
    from pathlib import Path

ESCAPES = [
    "select * from read_text('{secret}')",
    "select * from read_csv('{secret}')",
    "select * from glob('{folder}/*')",
    "attach '{other}' as other",
    "copy (select 1) to '{folder}/out.csv'",
    "copy marts.sums to '{folder}/out.parquet'",
    "export database '{folder}/export'",
    "install httpfs",
    "load '{folder}/evil.duckdb_extension'",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "pragma enable_profiling",
]
CHANGES = [
    "insert into marts.sums values (2)",
    "update marts.sums set value = 2",
    "delete from marts.sums",
    "drop table marts.sums",
    "create table marts.more as select 1",
    "alter table marts.sums add column more int",
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path)
    publishing.publish(warehouse, make_build(tmp_path, "build-1"))
    return warehouse


def test_nothing_published_yet_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="loki refresh"):
        Warehouse(tmp_path).published()


def test_readers_keep_the_build_they_opened_and_the_next_ones_get_the_new_one(warehouse: Warehouse) -> None:
    state = warehouse.pointer.parent
    with warehouse.open() as held:
        publishing.publish(warehouse, make_build(state, "build-2", value=2))
        assert held.execute("select value from marts.sums").fetchall() == [(1,)]
    assert published_value(state) == 2


@pytest.mark.parametrize("sql", ESCAPES)
def test_a_reader_cannot_leave_its_file(warehouse: Warehouse, tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text("secret\n")
    statement = sql.format(secret=tmp_path / "secret.csv", folder=tmp_path, other=tmp_path / "other.duckdb")
    before = sorted(tmp_path.rglob("*"))
    with warehouse.open() as connection, pytest.raises(duckdb.Error):
        connection.execute(statement).fetchall()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("sql", CHANGES)
def test_a_reader_cannot_change_anything(warehouse: Warehouse, sql: str) -> None:
    with warehouse.open() as connection, pytest.raises(duckdb.Error):
        connection.execute(sql)
    assert published_value(warehouse.pointer.parent) == 1


def test_readers_of_one_process_are_all_confined(warehouse: Warehouse) -> None:
    with warehouse.open() as first, warehouse.open() as second:
        for connection in (first, second, second.cursor()):
            assert connection.execute("select current_setting('lock_configuration')").fetchall() == [(True,)]


def test_times_are_read_in_utc_whatever_the_machine_says(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Bangkok")
    with warehouse.open() as connection:
        sql = "select timestamptz '2026-07-01 00:00:00+00'"
        (moment,) = connection.execute(sql).fetchall()[0]
        text = connection.execute(f"select ({sql})::varchar").fetchall()[0][0]
    assert moment == datetime.fromisoformat("2026-07-01T00:00:00+00:00")
    assert text == "2026-07-01 00:00:00+00"


def test_a_tenant_reads_its_own_file_and_nothing_else(warehouse: Warehouse) -> None:
    with warehouse.open_tenant("ten_a") as connection:
        assert connection.execute("select value from marts.sums").fetchall() == [(10,)]
        internal = warehouse.published().file
        with pytest.raises(duckdb.Error):
            connection.execute(f"attach '{internal}' as internal (read_only)")


@pytest.mark.parametrize("tenant_id", ["ten_b", "../warehouse", "", "ten_a/../ten_a", "ten_a.duckdb"])
def test_a_tenant_without_a_file_gets_no_other(warehouse: Warehouse, tenant_id: str) -> None:
    with pytest.raises(Unavailable), warehouse.open_tenant(tenant_id):
        pass


@pytest.mark.parametrize("build_id", ["build-9", "../builds/build-1", "", ".next"])
def test_an_unknown_build_is_refused_and_the_kept_ones_are_named(warehouse: Warehouse, build_id: str) -> None:
    with pytest.raises(NotFound, match="build-1"):
        warehouse.build(build_id)


def test_a_damaged_file_is_said_with_the_way_out(warehouse: Warehouse) -> None:
    file = warehouse.published().file
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(Unavailable, match="loki rebuild"), warehouse.open():
        pass
