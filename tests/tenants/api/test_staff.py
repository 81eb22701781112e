"""The platform's own people over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

NEW = {"email": "rosa@loki.test", "name": "Rosa Lind", "role": "revenue"}


def operator(callers: Callers) -> Client:
    return callers.person(None, "operator")


def actions(callers: Callers, user_id: str) -> list[str]:
    return [
        each.action
        for each in callers.deps.control.audit.entries(limit=1000)
        if each.object_id == user_id and each.actor_kind == "staff" and each.tenant_id is None
    ]


def test_a_person_is_invited_by_e_mail_listed_and_audited(callers: Callers) -> None:
    client = operator(callers)
    added = client.post("/v1/staff", json=NEW)
    assert added.status_code == 201
    user_id = added.json()["user_id"]
    assert (added.json()["status"], added.json()["role"]) == ("invited", "revenue")
    assert "password_hash" not in added.json()
    assert client.get(f"/v1/staff/{user_id}").json() == added.json()
    assert added.json() in client.get("/v1/staff").json()
    (mail,) = callers.deps.control.mail.waiting()
    assert (mail.address, mail.template, mail.tenant_id) == ("rosa@loki.test", "invitation", None)
    assert "/set-password?token=" in mail.facts["link"]
    assert actions(callers, user_id) == ["user_added"]


def test_a_retried_invitation_adds_one_person(callers: Callers) -> None:
    client, key = operator(callers), {"Idempotency-Key": "once"}
    both = [client.post("/v1/staff", json=NEW, headers=key) for _ in range(2)]
    assert both[0].json() == both[1].json()
    assert len(client.get("/v1/staff").json()) == 2
    again = client.post("/v1/staff", json=NEW)
    assert (again.status_code, again.json()["code"]) == (409, "user_exists")


@pytest.mark.parametrize("act", ["role", "deactivate"])
def test_another_role_and_deactivation_end_the_sessions_at_once(callers: Callers, act: str) -> None:
    client, other = operator(callers), callers.person(None, "success")
    me = other.get("/v1/session").json()["user_id"]
    assert other.get("/v1/tenants").status_code == 200
    if act == "role":
        changed = client.patch(f"/v1/staff/{me}", json={"role": "revenue"})
        assert changed.json()["role"] == "revenue"
    else:
        changed = client.delete(f"/v1/staff/{me}")
        assert changed.json()["status"] == "deactivated"
    assert changed.status_code == 200
    assert other.get("/v1/tenants").status_code == 401
    assert actions(callers, me)[0] == ("user_updated" if act == "role" else "user_deactivated")


def test_sessions_are_ended_without_anything_else(callers: Callers) -> None:
    client, other = operator(callers), callers.person(None, "success")
    me = other.get("/v1/session").json()["user_id"]
    assert client.delete(f"/v1/staff/{me}/sessions").json() == {"ended": 1}
    assert other.get("/v1/session").status_code == 401
    assert client.get(f"/v1/staff/{me}").json()["status"] == "active"
    assert client.delete("/v1/staff/usr_none/sessions").status_code == 404


def test_another_name_ends_no_session(callers: Callers) -> None:
    client, other = operator(callers), callers.person(None, "success")
    me = other.get("/v1/session").json()["user_id"]
    assert client.patch(f"/v1/staff/{me}", json={"name": "Su"}).json()["name"] == "Su"
    assert other.get("/v1/session").json()["name"] == "Su"


def test_the_last_operator_is_neither_demoted_nor_removed(callers: Callers) -> None:
    client = operator(callers)
    me = client.get("/v1/session").json()["user_id"]
    invited = client.post("/v1/staff", json=NEW | {"role": "operator"})
    assert invited.json()["status"] == "invited"  # and so cannot take over yet
    for answer in (
        client.patch(f"/v1/staff/{me}", json={"role": "success"}),
        client.delete(f"/v1/staff/{me}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_operator")
        assert "make someone else operator first" in answer.json()["detail"]
    assert client.get("/v1/session").json()["role"] == "operator"
    second = operator(callers)
    assert second.patch(f"/v1/staff/{me}", json={"role": "success"}).status_code == 200


def test_who_comes_back_is_active_or_invited_again(callers: Callers) -> None:
    client, other = operator(callers), callers.person(None, "success")
    known = other.get("/v1/session").json()["user_id"]
    invited = client.post("/v1/staff", json=NEW).json()["user_id"]
    for user_id, status in ((known, "active"), (invited, "invited")):
        client.delete(f"/v1/staff/{user_id}")
        assert client.post(f"/v1/staff/{user_id}/reactivate").json()["status"] == status
        again = client.post(f"/v1/staff/{user_id}/reactivate")
        assert (again.status_code, again.json()["code"]) == (409, "user_in_service")
    assert other.get("/v1/session").status_code == 401
    assert [mail.template for mail in callers.deps.control.mail.waiting()] == ["invitation", "invitation"]


def test_a_link_invites_again_or_resets_and_ends_the_earlier_one(callers: Callers) -> None:
    client, other = operator(callers), callers.person(None, "success")
    known = other.get("/v1/session").json()["user_id"]
    invited = client.post("/v1/staff", json=NEW).json()["user_id"]
    assert client.post(f"/v1/staff/{invited}/link").status_code == 202
    assert client.post(f"/v1/staff/{known}/link").status_code == 202
    mails = callers.deps.control.mail.waiting()
    assert sorted(mail.template for mail in mails) == ["invitation", "invitation", "password_reset"]
    tokens = [mail.facts["link"].partition("token=")[2] for mail in mails]
    assert sum(callers.deps.control.tokens.is_open(token) for token in tokens) == 2
    assert actions(callers, known) == ["password_reset_sent"]
    assert actions(callers, invited) == ["invitation_sent", "user_added"]
    client.delete(f"/v1/staff/{known}")
    refused = client.post(f"/v1/staff/{known}/link")
    assert (refused.status_code, refused.json()["code"]) == (409, "user_deactivated")


@pytest.mark.parametrize("role", ["revenue", "success"])
def test_other_staff_and_tenants_owners_have_no_say(callers: Callers, role: str) -> None:
    for client in (callers.person(None, role), callers.person(callers.tenant(), "owner")):
        for answer in (client.get("/v1/staff"), client.post("/v1/staff", json=NEW)):
            assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


def test_a_tenants_person_is_no_staff_and_staff_is_no_tenants(callers: Callers) -> None:
    tenant, client = callers.tenant(), operator(callers)
    me = client.get("/v1/session").json()["user_id"]
    owner = callers.person(tenant, "owner").get("/v1/session").json()["user_id"]
    for user_id in (owner, "usr_none"):
        answers = [
            client.get(f"/v1/staff/{user_id}"),
            client.patch(f"/v1/staff/{user_id}", json={"role": "operator"}),
            client.delete(f"/v1/staff/{user_id}"),
            client.post(f"/v1/staff/{user_id}/reactivate"),
            client.post(f"/v1/staff/{user_id}/link"),
        ]
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
            (404, "user_not_found")
        }
    assert callers.key(tenant, ["users:read"]).get(f"/v1/users/{me}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"role": "owner"}, {"role": None}, {"email": "no address"}, {"name": "\x00"}, {"tenant_id": "ten_1"}],
)
def test_bad_input_is_answered_in_a_sentence_and_adds_nobody(callers: Callers, wrong: dict[str, str]) -> None:
    client = operator(callers)
    answer = client.post("/v1/staff", json=NEW | wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert len(client.get("/v1/staff").json()) == 1


def test_a_tenants_user_comes_back_and_is_sent_a_link(callers: Callers) -> None:
    tenant = callers.tenant()
    admin, member = callers.person(tenant, "admin"), callers.person(tenant, "agent")
    owner = callers.person(tenant, "owner").get("/v1/session").json()["user_id"]
    user_id = member.get("/v1/session").json()["user_id"]
    assert admin.post(f"/v1/users/{user_id}/link").status_code == 202
    assert [mail.template for mail in callers.deps.control.mail.waiting()] == ["password_reset"]
    admin.delete(f"/v1/users/{user_id}")
    assert admin.post(f"/v1/users/{user_id}/reactivate").json()["status"] == "active"
    assert admin.post(f"/v1/users/{owner}/link").json()["code"] == "role_beyond_own"
