from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tenants.errors import InvalidInput
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores, migrations
from tenants.stores.layouts import FilePerTenant
from tests.tenants import factories as make

if TYPE_CHECKING:
    from pathlib import Path


def _stores(home: Path, **fields: object) -> TenantStores:
    return TenantStores(PlatformSettings(home=home, **fields), make.CLOCK)  # type: ignore[arg-type]


def test_a_store_that_fails_its_migration_stops_no_other_and_is_taken_up_again(
    stores: TenantStores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tenant_id in ("ten_a", "ten_b", "ten_c"):
        stores.create(tenant_id).commit_validation(make.validation())
    stores.close()
    newest = migrations.newest_step()
    steps = [*migrations._steps(), tmp_path / "9999_next.sql"]
    steps[-1].write_text("CREATE TABLE first_half (a INTEGER);\nCREATE TABLE second_half (a INTEGER);\n")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_steps", lambda: tuple(steps))
        migrations._statements.cache_clear()
        _run(stores, "CREATE TABLE second_half (b INTEGER)")
        outcomes = stores.migrate()
        assert {t: o for t, o in outcomes.items() if t != "ten_b"} == {"ten_a": 1, "ten_c": 1}
        assert isinstance(outcomes["ten_b"], Exception)
        assert _run(stores, "DROP TABLE second_half") == newest
        assert stores.migrate() == {"ten_a": 0, "ten_b": 1, "ten_c": 0}
    migrations._statements.cache_clear()
    assert len(stores.open("ten_b").runs()) == 1


def test_many_stores_are_used_through_few_open_ones(tmp_path: Path) -> None:
    stores = _stores(tmp_path)
    stores.layout.most_open = 4
    tenants = [f"ten_{number}" for number in range(20)]
    for tenant_id in tenants:
        stores.create(tenant_id)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda t: stores.open(t).commit_validation(make.validation()), tenants * 10))
    assert {len(stores.open(tenant_id).runs()) for tenant_id in tenants} == {10}
    assert len(stores._pool._open) <= 4
    stores.close()


def test_a_tenants_data_lies_only_under_its_regions_root(tmp_path: Path) -> None:
    roots = {"eu": tmp_path / "eu", "us": tmp_path / "us"}
    stores = _stores(tmp_path / "state", region_roots=roots)
    stores.create("ten_e", "eu").commit_validation(make.validation())
    stores.create("ten_l", "local")
    assert isinstance(stores.layout, FilePerTenant)
    assert stores.layout.folder("ten_e").is_relative_to(roots["eu"])
    assert stores.tenant_ids() == ["ten_e", "ten_l"]
    assert not list((tmp_path / "state").rglob("ten_e*"))
    with pytest.raises(InvalidInput, match="LOKI_REGION_ROOTS"):
        stores.create("ten_x", "mars")
    stores.close()


def test_without_roots_every_region_lies_under_the_state_folder(tmp_path: Path) -> None:
    stores = _stores(tmp_path)
    stores.create("ten_a", "apac")
    assert (tmp_path / "tenants" / "ten_a" / "store.sqlite").is_file()
    stores.close()


def test_a_schema_per_tenant_needs_postgresql(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="postgresql://"):
        _stores(tmp_path, tenant_isolation="schema")


def _run(stores: TenantStores, statement: str) -> int:
    """Run a statement on the store as it lies, and return the step it is at."""
    database = stores.layout.open("ten_b")
    with database.write() as connection:
        connection.execute(statement, {})
        step = migrations.current_step(connection)
    database.close()
    return step
