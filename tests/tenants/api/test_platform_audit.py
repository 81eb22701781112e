"""The whole platform's audit trail over HTTP, and what an operator's looks and acts leave in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers

TRAIL = "/v1/audit/platform"


def test_the_operator_reads_every_trail_filtered_by_tenant_action_person_and_time(callers: Callers) -> None:
    one, other = callers.tenant("One"), callers.tenant("Other")
    client = callers.person(None, "operator")
    me = client.get("/v1/session").json()["user_id"]
    client.post("/v1/staff", json={"email": "rosa@loki.test", "role": "revenue"})
    found = client.get(TRAIL).json()
    assert {one.tenant_id, other.tenant_id, None} == {entry["tenant_id"] for entry in found}
    assert [entry["seq"] for entry in found] == sorted((entry["seq"] for entry in found), reverse=True)
    mine = client.get(TRAIL, params={"actor": me}).json()
    assert [entry["action"] for entry in mine] == ["user_added", "signed_in"]
    created = client.get(TRAIL, params={"action": "tenant_created", "tenant_id": one.tenant_id}).json()
    assert [entry["object_id"] for entry in created] == [one.tenant_id]
    assert client.get(TRAIL, params={"since": "2026-11-27T00:00:00Z"}).json() == []
    assert len(client.get(TRAIL, params={"before": found[1]["seq"], "limit": 1}).json()) == 1


def test_personal_fields_of_a_tenant_are_shown_with_its_id_only_and_that_look_is_told(
    callers: Callers,
) -> None:
    tenant = callers.tenant()
    callers.person(tenant, "owner")
    client = callers.person(None, "operator")
    listed = {"action": "user_added"}
    assert {
        entry["tenant_id"]: entry["personal"] is None for entry in client.get(TRAIL, params=listed).json()
    } == {tenant.tenant_id: True, None: False}
    (entry,) = client.get(TRAIL, params=listed | {"tenant_id": tenant.tenant_id}).json()
    assert entry["personal"]["email"].endswith("@acme.test")
    (look,) = callers.person(tenant, "owner").get("/v1/audit?action=tenant_data_seen").json()
    assert (look["actor_kind"], look["object_id"]) == ("staff", f"GET {TRAIL}")
    assert client.get(TRAIL, params={"tenant_id": "ten_nobody"}).json() == []


def test_the_export_has_every_entry_in_order_with_a_signed_head(callers: Callers) -> None:
    tenant = callers.tenant()
    client = callers.person(None, "operator")
    answer = client.get(f"{TRAIL}/export")
    seqs = [orjson.loads(line)["seq"] for line in answer.content.splitlines()]
    assert seqs == sorted(seqs)
    assert answer.headers["x-audit-head"].split()[0] == str(seqs[-1])
    own = client.get(f"{TRAIL}/export", params={"tenant_id": tenant.tenant_id})
    assert {orjson.loads(line)["tenant_id"] for line in own.content.splitlines()} == {tenant.tenant_id}


@pytest.mark.parametrize("role", ["revenue", "success"])
def test_other_staff_and_tenants_do_not_read_it(callers: Callers, role: str) -> None:
    for client in (callers.person(None, role), callers.person(callers.tenant(), "owner")):
        for path in (TRAIL, f"{TRAIL}/export"):
            assert client.get(path).status_code == 403


def test_a_look_at_a_tenants_record_from_the_platforms_own_host_is_told(callers: Callers) -> None:
    tenant = callers.tenant()
    client, base = callers.person(None, "success"), f"/v1/tenants/{tenant.tenant_id}"
    client.get(base)
    callers.person(None, "operator").get(f"{base}/backups")
    looks = callers.person(tenant, "owner").get("/v1/audit?action=tenant_data_seen").json()
    assert [look["object_id"] for look in looks] == [
        "GET /v1/tenants/{tenant_id}/backups",
        "GET /v1/tenants/{tenant_id}",
    ]


def test_a_reason_is_kept_with_what_was_done_and_is_read_by_the_tenant(callers: Callers) -> None:
    tenant = callers.tenant()
    client, base = callers.person(None, "operator"), f"/v1/tenants/{tenant.tenant_id}"
    why = {"reason": "Chargeback, ticket 4711"}
    assert client.post(f"{base}/deactivate", json=why).json()["deactivated_at"] is not None
    assert client.post(f"{base}/reactivate").json()["deactivated_at"] is None
    owner = callers.person(tenant, "owner")
    (entry,) = owner.get("/v1/audit?action=tenant_deactivated").json()
    assert entry["personal"]["reason"] == why["reason"]
    for wrong in ({"reason": " "}, {"reason": "two\nlines"}, {"reason": "x" * 501}, {"why": "so"}):
        assert client.post(f"{base}/close", json=wrong).status_code == 422
    assert client.get(base).json()["closed_at"] is None
