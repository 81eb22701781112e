from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tenants.factories import BY

if TYPE_CHECKING:
    import pytest

    from tests.tenants.api.conftest import Callers


def test_an_invited_person_sets_a_password_once_and_signs_in(callers: Callers) -> None:
    tenant, control = callers.tenant(), callers.deps.control
    user = control.users.add(tenant.tenant_id, "a@acme.test", BY)
    token = control.tokens.issue(user, "invitation")
    client = callers.client()
    assert "Set password" in client.get(f"/set-password?token={token}").text
    form = {"token": token, "password": "battery staple"}
    assert client.post("/set-password", data=form).headers["location"] == "/sign-in"
    assert (
        client.post("/sign-in", data={"email": "a@acme.test", "password": "battery staple"}).status_code
        == 303
    )
    again = client.post("/set-password", data={"token": token, "password": "another staple"})
    assert (again.status_code, "expired" in again.text) == (422, True)


def test_a_weak_password_leaves_the_link_open(callers: Callers) -> None:
    user = callers.deps.control.users.add(callers.tenant().tenant_id, "a@acme.test", BY)
    token = callers.deps.control.tokens.issue(user, "invitation")
    answer = callers.client().post("/set-password", data={"token": token, "password": "short"})
    assert (answer.status_code, "10 to 256" in answer.text) == (422, True)
    assert callers.deps.control.tokens.is_open(token)


def test_a_new_link_ends_the_one_before(callers: Callers) -> None:
    user = callers.deps.control.users.add(callers.tenant().tenant_id, "a@acme.test", BY)
    first = callers.deps.control.tokens.issue(user, "invitation")
    second = callers.deps.control.tokens.issue(user, "invitation")
    assert not callers.deps.control.tokens.is_open(first)
    assert callers.deps.control.tokens.is_open(second)


def test_a_password_that_is_set_ends_every_other_link(callers: Callers) -> None:
    tokens = callers.deps.control.tokens
    user = callers.deps.control.users.add(callers.tenant().tenant_id, "a@acme.test", BY)
    invitation, reset = tokens.issue(user, "invitation"), tokens.issue(user, "password_reset")
    callers.client().post("/set-password", data={"token": reset, "password": "battery staple"})
    assert not tokens.is_open(invitation)


def test_without_a_link_no_password_is_hashed(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr("tenants.people.tokens.hash_password", hashed.append)
    answer = callers.client().post("/set-password", data={"token": "no-such", "password": "battery staple"})
    assert (answer.status_code, hashed) == (422, [])


def test_a_reset_ends_every_session(callers: Callers) -> None:
    tenant = callers.tenant()
    person = callers.person(tenant, "owner")
    (user,) = callers.deps.control.users.of(tenant.tenant_id)
    token = callers.deps.control.tokens.issue(user, "password_reset")
    callers.client().post("/set-password", data={"token": token, "password": "battery staple"})
    assert person.get("/v1/session").status_code == 401


def test_a_link_of_someone_who_left_opens_nothing(callers: Callers) -> None:
    tenant, control = callers.tenant(), callers.deps.control
    user = control.users.add(tenant.tenant_id, "a@acme.test", BY)
    token = control.tokens.issue(user, "invitation")
    control.users.deactivate(user.user_id, tenant.tenant_id, BY)
    assert not control.tokens.is_open(token)
