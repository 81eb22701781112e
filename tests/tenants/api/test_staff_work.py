"""What staff has done in the background, over HTTP: billing, backups, stores, erasures."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from orchestration.demo.sandbox import Sandbox
from orchestration.tasks import ALL_RUNS
from tenants.api.deps import Deps
from tenants.billing.gateway import StripeGateway
from tenants.billing.prices import create_prices
from tenants.control.billing_tables import overage_charges
from tenants.protection.erasure import Erasures
from tenants.stores import TenantStores
from tenants.tasks.carrying import carry_out_waiting
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.settings import PlatformSettings
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

BILLING = "/v1/staff/billing"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path / "stripe", make.CLOCK)
    with made.serve():
        yield made
    made.close()


@pytest.fixture
def deps(settings: PlatformSettings, sandbox: Sandbox) -> Iterator[Deps]:
    account = {"stripe_api_key": SecretStr(sandbox.api_key), "stripe_api_base": sandbox.url}
    opened = Deps.open(settings.model_copy(update=account), make.CLOCK)
    yield opened
    opened.close()


def done(callers: Callers, client: Client, path: str) -> dict[str, object]:
    """Carry out what waits and return what the API says of it then."""
    with closing(TenantStores(callers.deps.settings, callers.deps.clock)) as stores:
        assert carry_out_waiting(callers.deps.control, stores, ALL_RUNS) == 1
    told: dict[str, object] = client.get(path).json()
    return told


def test_a_comparison_lists_what_differs_and_repairs_it_for_one_or_all(callers: Callers) -> None:
    deps, operator = callers.deps, callers.person(None, "operator")
    create_prices(StripeGateway(deps.settings), deps.control.catalogue)
    acme, other = callers.tenant(), callers.tenant("Other")
    for tenant in (acme, other):
        deps.billing.subscribe(tenant, "professional", "month", make.BY, "pm_card_visa")
    _forget_facts(deps)
    asked = operator.post(f"{BILLING}/comparisons", json={"repair": False})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert operator.post(f"{BILLING}/comparisons", json={"repair": False}).json() == asked.json()
    told = done(callers, operator, f"{BILLING}/comparisons/{asked.json()['task_id']}")
    assert {each["tenant_id"] for each in told["differences"]} == {acme.tenant_id, other.tenant_id}  # type: ignore[attr-defined]
    assert told["outcome"] == {"differences": 4, "tenants": 2}
    one = operator.post(f"{BILLING}/comparisons?tenant_id={acme.tenant_id}", json={})
    repaired = done(callers, operator, f"{BILLING}/comparisons/{one.json()['task_id']}")
    assert repaired["outcome"] == {"differences": 2, "tenants": 1}
    for differences in (2, 0):
        everyone = operator.post(f"{BILLING}/comparisons", json={}).json()["task_id"]
        told = done(callers, operator, f"{BILLING}/comparisons/{everyone}")
        assert told["outcome"] == {"differences": differences, "tenants": differences // 2}
    assert [each["state"] for each in operator.get(f"{BILLING}/comparisons").json()] == ["done"] * 4
    assert operator.post(f"{BILLING}/comparisons?tenant_id=ten_none", json={}).status_code == 404


def test_overage_is_listed_with_its_state_and_sent_once(callers: Callers) -> None:
    deps, operator = callers.deps, callers.person(None, "operator")
    tenant = callers.tenant()
    deps.billing.ensure_customer(deps.control.tenants.get(tenant.tenant_id), make.BY)
    _keep_charge(deps, tenant.tenant_id)
    (waiting,) = operator.get(f"{BILLING}/overage").json()
    assert (waiting["state"], Decimal(waiting["units"]), waiting["amount"]) == ("waiting", 2500, "2.50")
    headers = {"Idempotency-Key": "one"}
    asked = operator.post(f"{BILLING}/overage", headers=headers)
    assert operator.post(f"{BILLING}/overage", headers=headers).json() == asked.json()
    assert done(callers, operator, f"/v1/staff/tasks/{asked.json()['task_id']}")["outcome"] == {
        "queued": 0,
        "sent": 1,
    }
    (sent,) = operator.get(f"{BILLING}/overage").json()
    assert (sent["state"], sent["invoice_item_id"][:3]) == ("sent", "ii_")


def test_missing_prices_are_made_and_the_account_taken_in(callers: Callers) -> None:
    operator = callers.person(None, "operator")
    assert "loki_starter_month_gbp" in operator.get(f"{BILLING}/prices").json()["missing"]
    for path, outcome in (("prices", {"made": 4}), ("adoptions", {"objects": 0})):
        task_id = operator.post(f"{BILLING}/{path}").json()["task_id"]
        assert done(callers, operator, f"/v1/staff/tasks/{task_id}")["outcome"] == outcome
    assert operator.get(f"{BILLING}/prices").json() == {"missing": []}
    assert operator.get(f"{BILLING}/events").json() == {"waiting": [], "rejections": {}}
    task_id = operator.post(f"{BILLING}/events").json()["task_id"]
    assert done(callers, operator, f"/v1/staff/tasks/{task_id}")["state"] == "done"


def test_every_tenant_is_backed_up_and_a_backup_verified(callers: Callers) -> None:
    operator, tenant = callers.person(None, "operator"), callers.tenant()
    (bare,) = operator.get("/v1/staff/backups").json()
    assert (bare["newest_at"], bare["backups"], bare["is_sound"]) == (None, 0, None)
    operator.post("/v1/staff/backups")
    (task,) = operator.get("/v1/staff/tasks", params={"kind": "back_up_all"}).json()
    assert done(callers, operator, f"/v1/staff/tasks/{task['task_id']}")["findings"] == []
    (made,) = operator.get("/v1/staff/backups").json()
    path = f"/v1/staff/backups/{tenant.tenant_id}/verification"
    verified = operator.post(path, json={"at": made["newest_at"]})
    assert verified.status_code == 202
    done(callers, operator, "/v1/staff/tasks")
    (sound,) = operator.get("/v1/staff/backups").json()
    assert (sound["is_sound"], sound["verified_backup_at"]) == (True, made["newest_at"])
    missing = operator.post(path, json={"at": "2020-01-01T00:00:00Z"})
    assert (missing.status_code, missing.json()["code"]) == (404, "backup_not_found")
    told = callers.deps.control.audit.entries(tenant_id=tenant.tenant_id, action="task_asked")
    assert [(each.actor_kind, each.detail["kind"]) for each in told] == [("staff", "verify_backup")]


def test_a_store_that_is_behind_is_shown_and_its_migration_resumed_once_mended(callers: Callers) -> None:
    operator, tenant = callers.person(None, "operator"), callers.tenant()
    (current,) = operator.get("/v1/staff/stores").json()
    newest = current["newest_step"]
    assert (current["state"], current["step"]) == ("current", newest)
    _change(callers.deps, tenant, "DELETE FROM store_steps WHERE step = :step", newest)
    (behind,) = operator.get("/v1/staff/stores").json()
    assert (behind["state"], behind["step"]) == ("behind", newest - 1)
    task_id = operator.post("/v1/staff/stores/migration").json()["task_id"]
    failed = done(callers, operator, f"/v1/staff/tasks/{task_id}")
    assert "1 of 1 stores could not be migrated" in str(failed["failure"])
    assert [each["tenant_id"] for each in failed["findings"]] == [tenant.tenant_id]  # type: ignore[attr-defined]
    _change(callers.deps, tenant, "INSERT INTO store_steps (step) VALUES (:step)", newest)
    task_id = operator.post("/v1/staff/stores/migration").json()["task_id"]
    assert done(callers, operator, f"/v1/staff/tasks/{task_id}")["outcome"] == {"stores": 1, "migrated": 0}


def test_only_what_is_due_and_named_is_erased(callers: Callers) -> None:
    operator, deps = callers.person(None, "operator"), callers.deps
    acme, other = callers.tenant(), callers.tenant("Other")
    erasures = Erasures(deps.control, deps.stores)
    for tenant in (acme, other):
        erasures.request(tenant, make.BY)
    assert operator.get("/v1/staff/erasures").json() == []
    early = operator.post("/v1/staff/erasures", json={"slugs": [acme.slug]})
    assert (early.status_code, early.json()["code"]) == (422, "erasure_not_due")
    due = erasures.hasten(acme, make.BY)
    erasures.hasten(other, make.BY)
    listed = {each["slug"]: each for each in operator.get("/v1/staff/erasures").json()}
    assert listed[acme.slug]["places"]["control: tenants"] == 1
    wrong = operator.post("/v1/staff/erasures", json={"slugs": [acme.slug, "nobody"]})
    assert "'nobody' is not due; name those to erase by their slugs: acme, other" in wrong.json()["detail"]
    asked = operator.post("/v1/staff/erasures", json={"slugs": [acme.slug]})
    assert asked.json()["parameters"] == {"anonymous_ids": [due.anonymous_id]}


@pytest.mark.parametrize("role", ["revenue", "success"])
def test_other_staff_reads_billing_at_most(callers: Callers, role: str) -> None:
    client = callers.person(None, role)
    readable = [client.get(f"{BILLING}/{each}").status_code for each in ("comparisons", "overage", "events")]
    assert readable == [200 if role == "revenue" else 403] * 3
    for path in ("billing/comparisons", "billing/overage", "backups", "stores/migration", "erasures"):
        body = {"slugs": ["x"]} if path == "erasures" else {}
        assert client.post(f"/v1/staff/{path}", json=body).json()["code"] == "permission_missing"
    for path in ("tasks", "backups", "stores", "erasures"):
        assert client.get(f"/v1/staff/{path}").status_code == 403


def test_a_comparison_is_asked_for_under_its_own_id_only(callers: Callers) -> None:
    operator, revenue = callers.person(None, "operator"), callers.person(None, "revenue")
    task_id = operator.post("/v1/staff/backups").json()["task_id"]
    for each in (task_id, "task_none"):
        answer = revenue.get(f"{BILLING}/comparisons/{each}")
        assert (answer.status_code, answer.json()["code"]) == (404, "task_not_found")


def _change(deps: Deps, tenant: Tenant, statement: str, step: int) -> None:
    with deps.stores.leased(tenant.tenant_id) as database, database.write() as connection:
        connection.execute(statement, {"step": step})


def _forget_facts(deps: Deps) -> None:
    deps.control.database.write(
        lambda connection: connection.execute(
            sa.text("delete from billing_facts where object_type <> 'customer'")
        )
    )


def _keep_charge(deps: Deps, tenant_id: str) -> None:
    charge = {
        "charge_key": f"overage:{tenant_id}:api_calls:2026-10-01:2500",
        "tenant_id": tenant_id,
        "meter": "api_calls",
        "period_start": make.NOW - timedelta(days=60),
        "period_end": make.NOW - timedelta(days=30),
        "millionths": 2_500_000_000,
        "amount_minor": 250,
        "currency": "USD",
        "created_at": make.NOW,
        "attempts": 0,
    }
    deps.control.database.write(
        lambda connection: connection.execute(sa.insert(overage_charges).values(charge))
    )
