"""Export, backups, erasure and the audit's proof over HTTP."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from tests.tenants import factories as make

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers


def test_an_owner_takes_everything_away_and_nothing_is_left_lying(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.stores.open(tenant.tenant_id).commit_validation(make.validation())
    answer = callers.person(tenant, "owner").get("/v1/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        (run,) = archive.read("validation_runs.ndjson").splitlines()
    assert (manifest["tenant_id"], json.loads(run)["status"]) == (tenant.tenant_id, "FAIL")
    assert list(callers.deps.settings.state().rglob("*.zip")) == []
    assert callers.person(tenant, "admin").get("/v1/export").status_code == 403


def test_the_operator_backs_a_tenant_up_and_restores_it_in_place_and_as_new(callers: Callers) -> None:
    tenant = callers.tenant()
    store = callers.deps.stores.open(tenant.tenant_id)
    store.commit_validation(make.validation())
    operator, base = callers.person(None, "operator"), f"/v1/tenants/{tenant.tenant_id}"
    made = operator.post(f"{base}/backups")
    assert (made.status_code, operator.get(f"{base}/backups").json()) == (201, [made.json()])
    store.commit_validation(make.validation())
    at = made.json()["at"]
    assert operator.post(f"{base}/restores", json={"at": at}).json()["tenant_id"] == tenant.tenant_id
    assert len(store.rows_after("validation_runs", 0, 9)) == 1
    copy = operator.post(f"{base}/restores", json={"at": at, "as_new": "acme-copy"}).json()
    assert len(callers.deps.stores.open(copy["tenant_id"]).rows_after("validation_runs", 0, 9)) == 1
    missing = operator.post(f"{base}/restores", json={"at": "2020-01-01T00:00:00Z"})
    assert (missing.status_code, missing.json()["code"]) == (404, "backup_not_found")
    assert callers.person(tenant, "owner").get(f"{base}/backups").status_code == 403


def test_an_owner_asks_for_erasure_by_name_and_the_operator_can_take_it_back(callers: Callers) -> None:
    tenant = callers.tenant()
    owner, operator = callers.person(tenant, "owner"), callers.person(None, "operator")
    path = f"/v1/tenants/{tenant.tenant_id}/erasure"
    assert owner.get(f"{path}/plan").json()["control: users"] == 1
    assert owner.post(path, json={"slug": "another"}).json()["code"] == "slug_not_confirmed"
    assert callers.person(tenant, "admin").post(path, json={"slug": tenant.slug}).status_code == 403
    asked = owner.post(path, json={"slug": tenant.slug})
    assert (asked.status_code, asked.json()["due_at"]) == (202, "2026-12-26T09:30:00Z")
    assert owner.get("/v1/usage").status_code == 503
    waiting = operator.post(f"/v1/tenants/{tenant.tenant_id}/reactivate")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "erasure_pending")
    (listed,) = operator.get("/v1/erasures").json()
    assert operator.get(f"/v1/erasures/{listed['anonymous_id']}").json() == listed == asked.json()
    assert operator.delete(path).status_code == 204
    assert owner.get("/v1/usage").status_code == 200
    assert operator.get("/v1/erasures/erased_none").status_code == 404


def test_an_owner_closes_the_account(callers: Callers) -> None:
    tenant, other = callers.tenant(), callers.tenant("Other")
    owner, admin = callers.person(tenant, "owner"), callers.person(tenant, "admin")
    assert owner.post(f"/v1/tenants/{other.tenant_id}/close").status_code == 404
    assert owner.post(f"/v1/tenants/{tenant.tenant_id}/close").json()["closed_at"] is not None
    told = owner.get("/v1/usage")
    assert (told.status_code, "/v1/export" in told.json()["detail"]) == (503, True)
    with zipfile.ZipFile(io.BytesIO(owner.get("/v1/export").content)) as kept:
        assert "audit.ndjson" in kept.namelist()
    assert admin.get("/v1/export").status_code == 403
    callers.deps.control.tenants.deactivate(tenant.tenant_id, make.BY)
    assert owner.get("/v1/export").status_code == 503


def test_the_audit_trail_is_filtered_exported_with_a_signed_head_and_verified(callers: Callers) -> None:
    tenant, other = callers.tenant(), callers.tenant("Other")
    owner, operator = callers.person(tenant, "owner"), callers.person(None, "operator")
    callers.person(other, "owner")
    me = owner.get("/v1/session").json()["user_id"]
    (signed_in,) = owner.get("/v1/audit", params={"actor": me}).json()
    assert signed_in["action"] == "signed_in"
    assert owner.get("/v1/audit", params={"until": "2026-11-26T09:30:00Z"}).json() == []
    answer = owner.get("/v1/audit/export")
    entries = [json.loads(line) for line in answer.text.splitlines()]
    assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)
    assert {entry["tenant_id"] for entry in entries} == {tenant.tenant_id}
    assert len(answer.headers["x-audit-head"].split()) == 4
    verdict = operator.get("/v1/audit/verification").json()
    assert (verdict["is_sound"], verdict["heads"]) == (True, 1)
    kinds = {json.loads(line)["kind"] for line in operator.get("/v1/audit/evidence").text.splitlines()}
    assert {"access_review", "audit_integrity", "change_audit"} <= kinds
    for path in ("verification", "evidence"):
        assert owner.get(f"/v1/audit/{path}").status_code == 403


def test_a_person_sees_and_ends_their_own_sessions_and_an_admin_a_colleagues(callers: Callers) -> None:
    tenant, stranger = callers.tenant(), callers.person(callers.tenant("Other"), "owner")
    person, admin = callers.person(tenant, "manager"), callers.person(tenant, "admin")
    user = callers.deps.control.users.get(person.get("/v1/session").json()["user_id"], tenant.tenant_id)
    token, other = callers.deps.sessions.begin(user, "password", make.BY)
    told = {each["session_id"]: each["is_current"] for each in person.get("/v1/sessions").json()}
    assert (len(told), told[other.session_id]) == (2, False)
    path = f"/v1/sessions/{other.session_id}"
    assert (stranger.delete(path).status_code, admin.delete(path).status_code) == (404, 404)
    assert person.delete(path).status_code == 204
    assert callers.deps.sessions.resolve(token) is None
    assert admin.delete(f"/v1/users/{user.user_id}/sessions").json() == {"ended": 1}
    assert person.get("/v1/session").status_code == 401
    assert stranger.delete(f"/v1/users/{user.user_id}/sessions").status_code == 404


def test_the_operator_gives_a_tenant_limits_of_its_own_which_it_cannot_give_itself(callers: Callers) -> None:
    tenant = callers.tenant()
    path, own = f"/v1/tenants/{tenant.tenant_id}", {"quotas": {"api_calls": "7"}, "user_limit": 99}
    owner = callers.person(tenant, "owner")
    refused = owner.patch(path, json={"overrides": own})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert owner.patch(path, json={"plan": "enterprise"}).status_code == 403
    operator = callers.person(None, "operator")
    assert operator.patch(path, json={"overrides": own, "plan": "enterprise"}).json()["plan"] == "enterprise"
    told = owner.get(f"{path}/entitlements").json()
    assert (told["quotas"]["api_calls"], told["user_limit"], told["active_users"]) == ("7", 99, 1)
    assert told["overrides"] == own
    assert operator.patch(path, json={"overrides": {"quotas": {"coffee": "1"}}}).status_code == 422
    assert operator.patch(path, json={"overrides": {"quotas": {"api_calls": "NaN"}}}).status_code == 422
    assert operator.patch(path, json={"overrides": None}).status_code == 200
    assert owner.get(f"{path}/entitlements").json()["overrides"] == {}


def test_the_operator_has_an_erasure_carried_out_in_the_next_night(callers: Callers) -> None:
    tenant, operator = callers.tenant(), callers.person(None, "operator")
    path, named = f"/v1/tenants/{tenant.tenant_id}/erasure", {"slug": tenant.slug}
    assert operator.post(f"{path}/hasten", json=named).json()["code"] == "erasure_not_requested"
    operator.post(path, json=named)
    assert operator.post(f"{path}/hasten", json={"slug": "another"}).json()["code"] == "slug_not_confirmed"
    hastened = operator.post(f"{path}/hasten", json=named)
    assert (hastened.status_code, hastened.json()["due_at"]) == (202, "2026-11-26T09:30:00Z")
    assert operator.get("/v1/erasures").json() == [hastened.json()]
    assert callers.person(tenant, "owner").post(f"{path}/hasten", json=named).status_code == 503
