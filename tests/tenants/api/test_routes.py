from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.control.tables import idempotency_keys
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers


def test_a_call_without_credentials_is_told_how_to_sign_in(callers: Callers) -> None:
    answer = callers.client().get("/v1/users")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.headers["www-authenticate"]) == ("unauthenticated", "Bearer")


def test_an_unknown_host_is_told_nothing_else(callers: Callers) -> None:
    tenant = callers.tenant()
    for host in ("elsewhere.test", "nobody.loki.test", "acme.loki.test.evil.test"):
        answer = callers.key(tenant, host=host).get("/v1/usage")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_host")


def test_a_tenants_host_with_anything_but_a_port_behind_it_is_unknown(callers: Callers) -> None:
    tenant = callers.tenant("Acme")
    for port in ("", ":", ":80", ":65535"):
        assert (
            callers.key(tenant, ["usage:read"], host=f"acme.loki.test{port}").get("/v1/usage").status_code
            == 200
        )
    for more in (":abc", ":80/x", ":80?x=", ":99999", "/x", ":80:80", "@evil.test"):
        answer = callers.client(f"acme.loki.test{more}").get("/sso/saml/metadata")
        assert answer.status_code in {400, 404}, more


def test_a_key_of_another_tenant_is_refused_at_this_tenants_host(callers: Callers) -> None:
    callers.tenant("Acme")
    other = callers.tenant("Other")
    answer = callers.key(other, ["usage:read"], host="acme.loki.test").get("/v1/usage")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_tenant")
    assert callers.key(other, ["usage:read"], host="other.loki.test").get("/v1/usage").status_code == 200


def test_the_rate_limit_shows_in_each_answer_and_ends_in_429(callers: Callers) -> None:
    client = callers.key(callers.tenant(rate=2), ["usage:read"])
    answers = [client.get("/v1/usage") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60


def test_a_person_who_owes_is_sent_to_the_billing_page_and_a_program_is_told(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.control.tenants.update(tenant.tenant_id, make.BY, status="past_due")
    person = callers.person(tenant, "owner")
    page = person.get("/v1/usage", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/billing")
    program = callers.key(tenant, ["usage:read"]).get("/v1/usage")
    assert (program.status_code, program.json()["billing"]) == (402, "/billing")


def test_a_user_is_added_read_changed_and_deactivated(callers: Callers) -> None:
    client = callers.person(callers.tenant(), "admin")
    added = client.post("/v1/users", json={"email": "Ada@Acme.test", "name": "Ada"})
    assert (added.status_code, added.json()["status"], added.json()["role"]) == (201, "invited", "agent")
    path = f"/v1/users/{added.json()['user_id']}"
    assert client.patch(path, json={"role": "viewer"}).json()["role"] == "viewer"
    assert client.delete(path).json()["status"] == "deactivated"
    assert len(client.get("/v1/users").json()) == 2


def test_nobody_grants_more_than_they_have(callers: Callers) -> None:
    tenant = callers.tenant()
    owner, admin = callers.person(tenant, "owner"), callers.person(tenant, "admin")
    refused = admin.post("/v1/users", json={"email": "x@acme.test", "role": "owner"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_beyond_own")
    owner_id = owner.get("/v1/session").json()["user_id"]
    assert admin.patch(f"/v1/users/{owner_id}", json={"role": "viewer"}).status_code == 403
    assert admin.delete(f"/v1/users/{owner_id}").status_code == 403
    small = callers.key(tenant, ["keys:manage"])
    refused = small.post("/v1/api-keys", json={"name": "x", "permissions": ["users:manage"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_beyond_own")


def test_a_key_has_at_most_the_calls_a_minute_of_its_tenant(callers: Callers) -> None:
    tenant = callers.tenant(rate=50)
    owner = callers.person(tenant, "owner")
    refused = owner.post("/v1/api-keys", json={"name": "x", "rate_limit_per_minute": 51})
    assert (refused.status_code, refused.json()["code"]) == (422, "rate_limit_above_tenants")
    assert refused.json()["limit"] == 50
    assert owner.get("/v1/api-keys").json() == []
    issued = owner.post("/v1/api-keys", json={"name": "x", "rate_limit_per_minute": 50})
    assert issued.json()["rate_limit_per_minute"] == 50


def test_nobody_rotates_a_key_that_may_do_more_than_they(callers: Callers) -> None:
    tenant = callers.tenant()
    keys = callers.deps.control.keys
    mighty = keys.issue(tenant.tenant_id, "owner's", make.BY, permissions=["keys:manage", "tenant:close"]).key
    route = f"/v1/api-keys/{mighty.key_id}/rotate"
    for caller in (callers.person(tenant, "admin"), callers.key(tenant, ["keys:manage"])):
        refused = caller.post(route, json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_beyond_own")
    assert keys.get(tenant.tenant_id, mighty.key_id) == mighty
    assert callers.person(tenant, "owner").post(route, json={}).status_code == 201


def test_a_retried_post_with_the_same_key_acts_once(callers: Callers) -> None:
    client = callers.person(callers.tenant(), "admin")
    headers = {"Idempotency-Key": "k1"}
    first = client.post("/v1/api-keys", json={"name": "ci"}, headers=headers)
    again = client.post("/v1/api-keys", json={"name": "ci"}, headers=headers)
    assert (first.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(client.get("/v1/api-keys").json()) == 1
    other = client.post("/v1/api-keys", json={"name": "cd"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_an_answer_kept_for_a_retry_holds_no_readable_secret(callers: Callers) -> None:
    client = callers.person(callers.tenant(), "admin")
    text = client.post("/v1/api-keys", json={"name": "ci"}, headers={"Idempotency-Key": "k1"}).json()["key"]
    state = callers.deps.settings.state()
    callers.deps.close()
    assert all(text.encode() not in path.read_bytes() for path in state.rglob("*") if path.is_file())


def test_what_is_kept_of_a_request_lets_nobody_try_its_password(callers: Callers) -> None:
    body = b'{"email": "a@acme.test", "password": "battery staple"}'
    headers = {"Idempotency-Key": "k1", "Content-Type": "application/json"}
    client = callers.person(callers.tenant(), "admin")
    assert client.post("/v1/users", data=body, headers=headers).status_code == 201
    with callers.deps.control.database.read() as connection:
        (kept,) = connection.scalars(sa.select(idempotency_keys.c.request_hash))
    assert kept != sha256(b"POST /v1/users\n" + body).hexdigest()


def test_a_revoked_key_is_refused_by_the_next_call(callers: Callers) -> None:
    tenant = callers.tenant()
    admin = callers.person(tenant, "admin")
    issued = admin.post("/v1/api-keys", json={"name": "ci"}).json()
    program = callers.client(Authorization=f"Bearer {issued['key']}")
    assert program.get("/v1/usage").status_code == 200
    admin.delete(f"/v1/api-keys/{issued['key_id']}")
    assert program.get("/v1/usage").status_code == 401


def test_usage_events_count_once_and_show_in_the_quota(callers: Callers) -> None:
    client = callers.key(callers.tenant(), ["usage:read", "usage:write"])
    event = {
        "specversion": "1.0",
        "id": "c1",
        "source": "chat",
        "type": "loki.usage.api_calls",
        "time": make.NOW.isoformat(),
        "data": {"units": "500", "module": "fca_uk"},
    }
    batch = [event, {**event, "id": "c2"}, event]
    assert client.post("/v1/usage/events", json=batch).json() == {
        "received": 3,
        "recorded": 2,
        "duplicates": 1,
    }
    calls = next(q for q in client.get("/v1/usage").json()["quotas"] if q["meter"] == "api_calls")
    assert (calls["used"], calls["limit"], calls["percent"]) == ("1000", "50000", 2.0)


@pytest.mark.parametrize("month", ["0000-01", "9999-12", "2026-13", "٢٠٢٦-01", "2026-1", "now"])
def test_a_month_that_no_calendar_of_ours_has_is_refused(callers: Callers, month: str) -> None:
    client = callers.key(callers.tenant(), ["usage:read"])
    assert client.get("/v1/usage", params={"month": month}).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"type": "loki.usage.coffee"},
        {"source": "loki-api"},
        {"time": "2027-01-01T00:00:00Z"},
        {"time": "0001-01-01T00:00:00+14:00"},
        {"time": 0},
        {"data": {"units": "many"}},
        {"data": {"units": True}},
        {"data": {"units": "-1"}},
        {"data": {"units": "NaN"}},
        {"data": {"module": 3}},
    ],
)
def test_a_wrong_event_refuses_its_whole_batch(callers: Callers, change: dict[str, object]) -> None:
    client = callers.key(callers.tenant(), ["usage:read", "usage:write"])
    good = {
        "specversion": "1.0",
        "id": "c1",
        "source": "chat",
        "type": "loki.usage.conversations",
        "time": make.NOW.isoformat(),
    }
    answer = client.post("/v1/usage/events", json=[good, {**good, "id": "c2", **change}])
    assert answer.status_code == 422
    assert client.get("/v1/usage").json()["quotas"][1]["used"] == "0"


def test_the_staff_sees_all_tenants_and_a_tenant_itself(callers: Callers) -> None:
    one, other = callers.tenant("One"), callers.tenant("Other")
    operator = callers.person(None, "operator")
    assert {t["name"] for t in operator.get("/v1/tenants").json()} == {"One", "Other"}
    owner = callers.person(one, "owner")
    assert [t["name"] for t in owner.get("/v1/tenants").json()] == ["One"]
    theirs = owner.get(f"/v1/tenants/{other.tenant_id}")
    nobodys = owner.get("/v1/tenants/ten_nobody")
    assert (theirs.status_code, theirs.json()) == (404, nobodys.json())
    assert owner.post("/v1/tenants", json={"name": "X", "plan": "starter"}).status_code == 403
    made = operator.post("/v1/tenants", json={"name": "Third", "plan": "starter"})
    assert (made.status_code, made.json()["slug"]) == (201, "third")


def test_a_look_of_staff_into_a_tenant_is_in_that_tenants_audit_trail(callers: Callers) -> None:
    tenant = callers.tenant("Acme")
    callers.person(None, "operator", host="acme.loki.test").get("/v1/users")
    entries = callers.person(tenant, "owner").get("/v1/audit").json()
    looks = [entry for entry in entries if entry["action"] == "tenant_data_seen"]
    assert [(look["actor_kind"], look["object_id"]) for look in looks] == [("staff", "GET /v1/users")]


def test_a_refused_access_is_in_the_audit_trail(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.person(tenant, "viewer").post("/v1/users", json={"email": "x@acme.test"})
    (entry,) = callers.person(tenant, "owner").get("/v1/audit?action=access_refused").json()
    assert (entry["object_id"], entry["detail"]) == ("POST /v1/users", {"code": "permission_missing"})


def test_what_a_loop_would_repeat_is_in_the_audit_trail_once_a_minute(callers: Callers) -> None:
    tenant = callers.tenant()
    owner = callers.person(tenant, "owner")
    callers.deps.control.tenants.update(tenant.tenant_id, make.BY, status="past_due")
    assert [owner.get("/v1/usage").status_code for _ in range(3)] == [402] * 3
    told = callers.deps.control.audit.entries(tenant_id=tenant.tenant_id, action="access_refused")
    assert [entry.detail for entry in told] == [{"code": "subscription_past_due"}]


def test_a_deactivated_tenant_gets_503_until_it_is_back(callers: Callers) -> None:
    tenant = callers.tenant()
    operator, owner = callers.person(None, "operator"), callers.person(tenant, "owner")
    operator.post(f"/v1/tenants/{tenant.tenant_id}/deactivate")
    assert owner.get("/v1/usage").status_code == 503
    operator.post(f"/v1/tenants/{tenant.tenant_id}/reactivate")
    assert owner.get("/v1/usage").status_code == 200


def test_a_page_of_another_site_changes_nothing_in_a_persons_name(callers: Callers) -> None:
    admin = callers.person(callers.tenant(), "admin")
    answer = admin.post("/v1/users", json={"email": "x@acme.test"}, headers={"Origin": "https://evil.test"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert len(admin.get("/v1/users").json()) == 1


def test_health_readiness_and_metrics_answer(callers: Callers) -> None:
    client = callers.client()
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert 'loki_http_requests_total{method="GET",route="/healthz"' in client.get("/metrics").text


def test_a_path_that_is_not_served_is_a_problem_too(callers: Callers) -> None:
    for path in ("/v1/nothing", "/v1/api-keys/", "/healthz/"):
        answer = callers.client().get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert callers.client().put("/healthz").json()["code"] == "method_not_allowed"
    answer = callers.client().get("/v1/api-keys/%00")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "NUL" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "taken"), [("/v1/api-keys", "GET, POST"), ("/v1/api-keys/key_1", "DELETE, GET")]
)
def test_a_wrong_method_is_told_all_those_of_its_path(callers: Callers, path: str, taken: str) -> None:
    answer = callers.client().patch(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, taken)
    assert answer.json()["detail"] == f"This path takes {taken}, and PATCH was sent; see /openapi.json."


def test_a_tenant_that_asks_for_it_gets_a_log_of_its_requests(callers: Callers) -> None:
    owner = callers.person(callers.tenant(), "owner")
    owner.get("/v1/usage")
    assert owner.get("/v1/audit/requests").json() == []
    me = owner.get("/v1/tenants").json()[0]["tenant_id"]
    owner.patch(f"/v1/tenants/{me}", json={"is_audited": True})
    owner.get("/v1/usage")
    owner.get("/v1/users/usr_none")
    told = owner.get("/v1/audit/requests").json()
    assert [(each["method"], each["route"], each["status_code"]) for each in told] == [
        ("GET", "/v1/users/{user_id}", 404),
        ("GET", "/v1/usage", 200),
    ]


def test_a_body_without_end_is_not_read(callers: Callers) -> None:
    owner = callers.person(callers.tenant(), "owner")
    answer = owner.post("/v1/users", data=(b"x" * 1_000_000 for _ in range(33)))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
