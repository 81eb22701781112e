from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.control import ControlPlane
from tenants.control.migrations import current_version, newest_version, upgrade
from tenants.control.task_tables import metadata
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.tenants.factories import BY, CLOCK

if TYPE_CHECKING:
    from pathlib import Path


def test_the_versions_lead_to_the_same_tables_as_a_fresh_start(tmp_path: Path) -> None:
    fresh = sa.create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    grown = sa.create_engine(f"sqlite:///{tmp_path / 'grown.sqlite'}")
    with fresh.begin() as connection:
        metadata.create_all(connection)
    with grown.begin() as connection:
        upgrade(connection)
        assert current_version(connection) == newest_version()
    assert _shape(fresh) == {
        name: shape for name, shape in _shape(grown).items() if name != "alembic_version"
    }
    fresh.dispose()
    grown.dispose()


def test_a_tenant_gets_the_defaults_of_its_catalogue(control: ControlPlane) -> None:
    tenant = control.tenants.create(NewTenant(name="Café & Söhne Ltd", plan="starter"), BY)
    assert (tenant.slug, tenant.status, tenant.region) == ("cafe-sohne-ltd", "active", "local")
    assert (tenant.time_zone, tenant.language, tenant.retention_days) == ("Europe/London", "en", 90)
    assert control.tenants.get(tenant.tenant_id) == control.tenants.find("cafe-sohne-ltd") == tenant


@pytest.mark.parametrize(
    "fields",
    [
        {"plan": "gold"},
        {"slug": "Not A Slug"},
        {"slug": "www"},
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "x" * 201},
        {"billing_email": "nobody"},
        {"time_zone": "Mars/Olympus"},
        {"language": "English"},
        {"status": "gold"},
        {"modules": ("tax_uk",)},
        {"overrides": Overrides(user_limit=-1)},
    ],
)
def test_a_tenant_with_a_wrong_field_is_refused_and_nothing_made(
    control: ControlPlane, fields: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        control.tenants.create(NewTenant(**{"name": "Acme", "plan": "starter", **fields}), BY)  # type: ignore[arg-type]
    assert control.tenants.all() == []


def test_a_slug_belongs_to_one_tenant(control: ControlPlane) -> None:
    control.tenants.create(NewTenant(name="Acme", plan="starter"), BY)
    with pytest.raises(Conflict):
        control.tenants.create(NewTenant(name="ACME!", plan="starter"), BY)


@pytest.mark.parametrize("name", ["日本の会社", "Admin"])
def test_a_name_that_gives_no_slug_asks_for_one(control: ControlPlane, name: str) -> None:
    with pytest.raises(InvalidInput, match=f"No slug can be made from the name '{name}'; give one"):
        control.tenants.create(NewTenant(name=name, plan="starter"), BY)


def test_a_tenant_leaves_service_comes_back_and_ends_for_good(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    assert not control.tenants.deactivate(tenant_id, BY).is_in_service
    assert control.tenants.reactivate(tenant_id, BY).is_in_service
    assert not control.tenants.close(tenant_id, BY).is_in_service
    with pytest.raises(Conflict):
        control.tenants.reactivate(tenant_id, BY)


def test_a_tenant_whose_subscription_goes_on_is_not_closed(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    control.tenants.update(tenant_id, BY, stripe_subscription_id="sub_1", status="active")
    with pytest.raises(Conflict, match="cancel that first"):
        control.tenants.close(tenant_id, BY)
    assert control.tenants.get(tenant_id).is_in_service
    control.tenants.update(tenant_id, BY, status="canceled")
    assert not control.tenants.close(tenant_id, BY).is_in_service


def test_a_smaller_plan_switches_off_the_modules_it_lacks(control: ControlPlane) -> None:
    new = NewTenant(name="Acme", plan="professional", modules=("fca_uk", "tax_uk"))
    tenant_id = control.tenants.create(new, BY).tenant_id
    assert control.tenants.update(tenant_id, BY, plan="starter").modules == ("fca_uk",)
    with pytest.raises(InvalidInput, match="tax_uk"):
        control.tenants.update(tenant_id, BY, modules=("tax_uk",))


def test_provisioning_makes_the_store_and_refuses_a_second(
    settings: PlatformSettings, control: ControlPlane
) -> None:
    stores = TenantStores(settings, CLOCK)
    tenant = provision(control, stores, NewTenant(name="Acme", plan="starter"), BY)
    assert stores.tenant_ids() == [tenant.tenant_id]
    with pytest.raises(Conflict):
        provision(control, stores, NewTenant(name="Other", plan="starter", tenant_id=tenant.tenant_id), BY)
    stores.close()


def test_the_user_limit_holds_also_for_many_at_once(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id

    def add(number: int) -> bool:
        try:
            control.users.add(tenant_id, f"p{number}@acme.test", BY)
        except NotAllowed:
            return False
        return True

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(add, range(12))) == 3
    assert len(control.users.of(tenant_id)) == 3


def test_an_address_is_unique_within_its_tenant_only(control: ControlPlane) -> None:
    one = control.tenants.create(NewTenant(name="One", plan="starter"), BY).tenant_id
    other = control.tenants.create(NewTenant(name="Other", plan="starter"), BY).tenant_id
    control.users.add(one, "Ada@Acme.test", BY)
    with pytest.raises(Conflict):
        control.users.add(one, "ada@acme.test", BY)
    control.users.add(other, "ada@acme.test", BY)
    control.users.add(None, "ada@acme.test", BY, role="operator")
    with pytest.raises(Conflict):
        control.users.add(None, "ada@acme.test", BY, role="revenue")
    assert len(control.users.anywhere("ADA@acme.test")) == 3


def test_the_older_role_names_mean_the_new_ones_and_the_default_is_agent(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    roles = [
        control.users.add(tenant_id, f"{n}@acme.test", BY, role=r).role
        for n, r in enumerate(["user", "readonly", None])
    ]
    assert roles == ["agent", "viewer", "agent"]
    with pytest.raises(InvalidInput, match="owner, admin"):
        control.users.add(tenant_id, "x@acme.test", BY, role="king")


def test_the_last_owner_stays(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    owner = control.users.add(tenant_id, "a@acme.test", BY, role="owner", password="correct horse")
    with pytest.raises(Conflict):
        control.users.update(owner.user_id, tenant_id, BY, role="admin")
    with pytest.raises(Conflict):
        control.users.deactivate(owner.user_id, tenant_id, BY)
    control.users.add(tenant_id, "b@acme.test", BY, role="owner", password="correct horse")
    assert control.users.deactivate(owner.user_id, tenant_id, BY).status == "deactivated"


def test_who_is_invited_is_no_owner_yet_but_the_only_one_to_be_stays(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="enterprise"), BY).tenant_id
    invited = control.users.add(tenant_id, "new@acme.test", BY, role="owner")
    with pytest.raises(Conflict, match="make someone else owner first"):
        control.users.update(invited.user_id, tenant_id, BY, role="admin")
    with pytest.raises(Conflict, match="make someone else owner first"):
        control.users.deactivate(invited.user_id, tenant_id, BY)
    owner = control.users.add(tenant_id, "a@acme.test", BY, role="owner", password="correct horse")
    with pytest.raises(Conflict, match="make someone else owner first"):
        control.users.update(owner.user_id, tenant_id, BY, role="admin")
    assert control.users.update(invited.user_id, tenant_id, BY, role="admin").role == "admin"


def test_a_user_of_another_tenant_looks_as_if_not_there(control: ControlPlane) -> None:
    one = control.tenants.create(NewTenant(name="One", plan="starter"), BY).tenant_id
    other = control.tenants.create(NewTenant(name="Other", plan="starter"), BY).tenant_id
    user = control.users.add(one, "a@acme.test", BY)
    for tenant_id in (other, None):
        with pytest.raises(NotFound) as not_theirs:
            control.users.get(user.user_id, tenant_id)
        with pytest.raises(NotFound) as not_there:
            control.users.get("usr_none", tenant_id)
        assert not_theirs.value.message == not_there.value.message


def test_every_change_is_in_the_audit_log_and_the_chain_holds(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    control.users.add(tenant_id, "a@acme.test", BY)
    issued = control.keys.issue(tenant_id, "ci", BY)
    control.keys.revoke(tenant_id, issued.key.key_id, BY)
    actions = [entry.action for entry in control.audit.entries(tenant_id=tenant_id)]
    assert actions == ["api_key_revoked", "api_key_issued", "user_added", "tenant_created"]
    assert control.audit.entries(action="user_added")[0].personal == {"email": "a@acme.test"}
    assert control.audit.first_broken() is None


def test_a_changed_audit_entry_is_found(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    control.users.add(tenant_id, "a@acme.test", BY)
    control.database.write(
        lambda c: c.execute(sa.text("UPDATE audit_entries SET actor_id = 'other' WHERE seq = 1")).rowcount
    )
    assert control.audit.first_broken() == 1


def test_what_a_tenants_key_sealed_is_gone_with_it_and_the_chain_stays(control: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    control.users.add(tenant_id, "a@acme.test", BY)
    control.database.write(lambda c: control.encryption.destroy(c, tenant_id, CLOCK.now()))
    assert control.audit.entries(action="user_added")[0].personal is None
    assert control.audit.first_broken() is None


def test_an_address_of_a_database_that_is_not_supported_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="postgresql://"):
        ControlPlane.open(PlatformSettings(home=tmp_path, database_url="mysql://x"), CLOCK)


def _shape(engine: sa.Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(i["name"] or "" for i in inspector.get_indexes(name)),
            sorted(str(u["column_names"]) for u in inspector.get_unique_constraints(name)),
            sorted(str(f["constrained_columns"]) for f in inspector.get_foreign_keys(name)),
        )
        for name in inspector.get_table_names()
    }
