"""Nobody gets at more than they may do themselves by what a colleague left or has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tenants import factories as make

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers


def test_a_colleagues_idempotency_key_gives_nobody_their_answer(callers: Callers) -> None:
    tenant, body = callers.tenant(), {"name": "ci", "permissions": ["usage:read"]}
    headers = {"Idempotency-Key": "guessed"}
    owner, narrow = callers.person(tenant, "owner"), callers.key(tenant, ["keys:manage"])
    first = owner.post("/v1/api-keys", json=body, headers=headers)
    refused = narrow.post("/v1/api-keys", json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_beyond_own")
    assert first.json()["key"] not in refused.text
    assert owner.post("/v1/api-keys", json=body, headers=headers).json() == first.json()


def test_nobody_ends_the_sessions_of_who_may_do_more(callers: Callers) -> None:
    tenant = callers.tenant()
    owner, admin = callers.person(tenant, "owner"), callers.person(tenant, "admin")
    ids = {user.role: user.user_id for user in callers.deps.control.users.of(tenant.tenant_id)}
    refused = admin.delete(f"/v1/users/{ids['owner']}/sessions")
    assert (refused.status_code, refused.json()["code"]) == (403, "role_beyond_own")
    assert owner.get("/v1/session").status_code == 200
    assert owner.delete(f"/v1/users/{ids['admin']}/sessions").status_code == 200
    assert admin.get("/v1/session").status_code == 401


def test_nobodys_mailbox_is_filled_with_links(callers: Callers) -> None:
    tenant, control = callers.tenant(), callers.deps.control
    admin = callers.person(tenant, "admin")
    user = control.users.add(tenant.tenant_id, "a@else.test", make.BY)
    answers = [admin.post(f"/v1/users/{user.user_id}/link") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[-1].json()["code"] == "links_limited"
    admin.delete(f"/v1/users/{user.user_id}")
    assert admin.post(f"/v1/users/{user.user_id}/reactivate").status_code == 429
    assert len(control.mail.waiting()) == 0  # who left gets none
    assert control.users.get(user.user_id, tenant.tenant_id).status == "deactivated"
