"""A tenant that owns one of everything, each thing marked with a sentinel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tenants.people.roles import ALL_PERMISSIONS
from tenants.sso.identities import Arrival
from tenants.stores import Batch, Suppression
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.api.deps import Deps
    from tenants.tenancy import Tenant

SENTINEL = "zq-sentinel-7f3"


@dataclass(frozen=True)
class Owner:
    """The ids of what the tenant owns, and the text of its key."""

    tenant: Tenant
    user_id: str
    key_id: str
    key: str
    run_id: str
    batch_id: str
    gate_id: str
    suppression_id: str
    domain: str
    session_id: str
    identity_id: str

    def ids(self) -> set[str]:
        return {
            self.tenant.tenant_id,
            self.user_id,
            self.key_id,
            self.run_id,
            self.batch_id,
            self.suppression_id,
            self.session_id,
            self.identity_id,
        }


def owner(deps: Deps, name: str) -> Owner:
    """Make a tenant that owns one of everything."""
    own = Overrides(rate_limit_per_minute=100_000)
    marked = f"{name} {SENTINEL}"
    tenant = provision(
        deps.control, deps.stores, NewTenant(name=marked, plan="enterprise", overrides=own), make.BY
    )
    user = deps.control.users.add(
        tenant.tenant_id, f"{name}@{SENTINEL}.test".lower(), make.BY, role="owner", password="correct horse"
    )
    issued = deps.control.keys.issue(tenant.tenant_id, marked, make.BY, permissions=sorted(ALL_PERMISSIONS))
    store = deps.stores.open(tenant.tenant_id)
    run = make.run(document_type=SENTINEL)
    store.commit_validation(make.validation(run=run, result=f'{{"id":"{SENTINEL}"}}'.encode()))
    gate_id = f"custom.{name.lower()}"
    store.put_custom_gate(gate_id, f"# {SENTINEL}", is_enabled=False, at=make.NOW, by=user.user_id)
    domain = f"{name.lower()}.example.com"
    deps.control.domains.claim(tenant.tenant_id, domain, make.BY)
    waived = Suppression(f"sup_{name.lower()}", "fca_1", "f1", user.user_id, SENTINEL, make.NOW, None)
    store.add_suppression(waived)
    batch_id = f"bat_{name.lower()}"
    batch = Batch(
        batch_id=batch_id, created_at=make.NOW, created_by=user.user_id, total=1, documents=SENTINEL.encode()
    )
    store.add_batch(batch)
    outcome = f'[{{"position":0,"reference":"{SENTINEL}","id":"{run.run_id}","status":"FAIL"}}]'
    store.finish_batch(batch_id, outcome, make.NOW)
    arrival = Arrival(
        tenant_id=tenant.tenant_id,
        issuer=f"https://{SENTINEL}.test",
        subject=name,
        email=None,
        name=None,
        default_role="agent",
    )
    deps.control.identities.link(arrival, user.user_id, make.BY)
    (identity,) = deps.control.identities.of(user.user_id, tenant.tenant_id)
    return Owner(
        tenant,
        user.user_id,
        issued.key.key_id,
        issued.text,
        run.run_id,
        batch_id,
        gate_id,
        waived.suppression_id,
        domain,
        deps.sessions.begin(user, "password", make.BY)[1].session_id,
        identity.identity_id,
    )


def belongings(deps: Deps, tenant_id: str) -> Any:
    """Return everything that a tenant owns, as it is now."""
    store = deps.stores.open(tenant_id)
    return msgspec.to_builtins(
        {
            "tenant": deps.control.tenants.get(tenant_id),
            "users": deps.control.users.of(tenant_id),
            "keys": [
                msgspec.structs.replace(key, last_used_at=None) for key in deps.control.keys.of(tenant_id)
            ],
            "sessions": [
                each for user in deps.control.users.of(tenant_id) for each in deps.sessions.of(user.user_id)
            ],
            "identities": [repr(each) for each in deps.control.identities.of_tenant(tenant_id)],
            "runs": store.rows_after("validation_runs", 0, 999),
            "usage": store.rows_after("usage_records", 0, 999),
            "gates": [repr(gate) for gate in store.custom_gates()],
            "suppressions": [repr(waived) for waived in store.suppressions(make.NOW)],
        }
    )
