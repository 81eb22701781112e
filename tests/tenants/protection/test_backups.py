"""A backup opens with its tenant's key alone and brings back what was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.errors import Conflict, InvalidInput
from tenants.protection.backups import Backups
from tenants.protection.portable import TABLES, read_rows
from tenants.stores.layouts import FilePerTenant
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant


@pytest.fixture
def backups(control: ControlPlane, stores: TenantStores) -> Backups:
    return Backups(control, stores)


def content(stores: TenantStores, tenant: Tenant) -> list[tuple[str, tuple[object, ...]]]:
    with stores.leased(tenant.tenant_id) as database, database.read() as connection:
        return list(read_rows(connection))


def test_every_table_and_column_of_a_store_is_in_a_backup(stores: TenantStores, tenant: Tenant) -> None:
    with stores.leased(tenant.tenant_id) as database, database.read() as connection:
        if database.dialect == "sqlite":
            names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            found = {row[0] for row in connection.execute(names, {}).fetchall()}
            columns = {
                table: tuple(
                    row[1] for row in connection.execute(f"PRAGMA table_info({table})", {}).fetchall()
                )
                for table in TABLES
            }
            assert columns == TABLES
            assert found == {*TABLES, "store_steps"}


def test_a_restore_brings_back_each_row_and_forgets_what_came_after(
    backups: Backups, stores: TenantStores, tenant: Tenant
) -> None:
    before = content(stores, tenant)
    made = backups.make(tenant, make.BY)
    store = stores.open(tenant.tenant_id)
    store.commit_validation(make.validation())
    store.delete_custom_gate("own_gate", at=make.NOW, by="ada")
    assert content(stores, tenant) != before
    backups.restore(tenant, made.path, make.BY)
    assert content(stores, tenant) == before


def test_rows_that_follow_a_restore_get_numbers_that_were_never_given(
    backups: Backups, stores: TenantStores, tenant: Tenant
) -> None:
    made, store = backups.make(tenant, make.BY), stores.open(tenant.tenant_id)
    store.commit_validation(make.validation())
    last = store.rows_after("validation_runs", 0, 100)[-1]["seq"]
    backups.restore(tenant, made.path, make.BY)
    store.commit_validation(make.validation())
    assert [row["seq"] > last for row in store.rows_after("validation_runs", 0, 100)][-1]


@pytest.mark.parametrize("loss", ["no database", "damaged inside", "gone"])
def test_a_store_that_is_lost_comes_back_and_its_numbers_are_given_to_nothing_else(
    backups: Backups, control: ControlPlane, stores: TenantStores, tenant: Tenant, loss: str
) -> None:
    before = content(stores, tenant)
    made, store = backups.make(tenant, make.BY), stores.open(tenant.tenant_id)
    store.commit_validation(make.validation())
    last = store.rows_after("validation_runs", 0, 100)[-1]["seq"]
    stores.close()
    lose(stores, tenant, loss)
    assert backups.restore(tenant, made.path, make.BY)["validation_runs"] == 3
    assert content(stores, tenant) == before
    stores.open(tenant.tenant_id).commit_validation(make.validation())
    rows = stores.open(tenant.tenant_id).rows_after("validation_runs", last, 100)
    assert [row["seq"] > last for row in rows] == [True]
    (entry,) = control.audit.entries(action="backup_restored")
    assert entry.detail["store"] == "begun anew"
    stores.drop(tenant.tenant_id)
    assert not stores.layout.exists(tenant.tenant_id)


def lose(stores: TenantStores, tenant: Tenant, loss: str) -> None:
    layout = stores.layout
    if loss == "gone":
        layout.drop(tenant.tenant_id)
        return
    if not isinstance(layout, FilePerTenant):
        pytest.skip("a server's databases are mended by the server's own tools")
    file = layout.folder(tenant.tenant_id) / "store.sqlite"
    whole = file.read_bytes()
    file.write_bytes(b"x" * len(whole) if loss == "no database" else whole[:8192] + b"x" * len(whole[8192:]))


def test_a_new_tenant_gets_data_and_people_but_no_id_that_another_has(
    backups: Backups, control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    made = backups.make(tenant, make.BY)
    copy = backups.restore_as_new(tenant, made.path, "acme-copy", make.BY)
    old, new = stores.open(tenant.tenant_id).runs(), stores.open(copy.tenant_id).runs()
    assert len(new) == len(old)
    assert not {run["run_id"] for run in old} & {run["run_id"] for run in new}
    assert stores.open(copy.tenant_id).run(new[0]["run_id"]) is not None
    assert [user.email for user in control.users.of(copy.tenant_id)] == ["ada@acme.test"]
    assert control.keys.of(copy.tenant_id) == []
    assert copy.stripe_customer_id is None


@pytest.mark.parametrize("damage", ["cut", "changed", "other"])
def test_a_damaged_backup_changes_nothing(
    backups: Backups, stores: TenantStores, tenant: Tenant, damage: str
) -> None:
    path, before = backups.make(tenant, make.BY).path, content(stores, tenant)
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[:-20], "changed": whole[:60] + b"x" + whole[61:], "other": b"PK"}[damage])
    with pytest.raises(InvalidInput, match="no backup of this tenant"):
        backups.restore(tenant, path, make.BY)
    assert content(stores, tenant) == before


def test_a_backup_does_not_open_for_another_tenant(
    backups: Backups, control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    other = provision(control, stores, NewTenant(name="Other", plan="starter"), make.BY)
    with pytest.raises(InvalidInput, match="no backup of this tenant"):
        backups.restore(other, backups.make(tenant, make.BY).path, make.BY)


def test_backups_of_a_tenant_whose_key_is_destroyed_open_for_nobody(
    backups: Backups, control: ControlPlane, tenant: Tenant
) -> None:
    path = backups.make(tenant, make.BY).path
    control.database.write(
        lambda connection: control.encryption.destroy(connection, tenant.tenant_id, make.NOW)
    )
    with pytest.raises(Conflict, match="key destroyed"):
        backups.verify(tenant, path)


def test_backups_are_listed_newest_first(backups: Backups, tenant: Tenant) -> None:
    made = backups.make(tenant, make.BY)
    assert [each.path for each in backups.all(tenant)] == [made.path]
    assert backups.all(tenant)[0].at == make.NOW
