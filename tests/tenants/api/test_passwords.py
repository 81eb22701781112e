from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY

if TYPE_CHECKING:
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


def _asked(callers: Callers, email: str) -> tuple[int, str]:
    answer = callers.client().post("/forgot-password", data={"email": email})
    return answer.status_code, answer.text


@pytest.fixture
def _day_without_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a day's tries fit into a moment."""
    for limit in ("A_MINUTE", "AN_ADDRESS", "OF_ONE_PLACE"):
        monkeypatch.setattr(f"tenants.api.sign_in._TRIES_{limit}", 1000)


@pytest.mark.usefixtures("_day_without_minutes")
def test_an_address_is_sent_five_resets_a_day_and_nobody_can_tell(callers: Callers) -> None:
    tenant, mail = callers.tenant(), callers.deps.control.mail
    callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)
    known = [_asked(callers, email) for email in ("a@acme.test", " A@acme.test") * 4]
    unknown = [_asked(callers, "nobody@acme.test") for _ in range(8)]
    assert set(known) == set(unknown) == {(200, known[0][1])}
    assert [each.address for each in mail.waiting()] == ["a@acme.test"] * 5


@pytest.mark.usefixtures("_day_without_minutes")
def test_who_asks_in_someones_name_does_not_use_up_theirs_and_many_places_send_fifteen(
    callers: Callers,
) -> None:
    tenant, mail = callers.tenant(), callers.deps.control.mail
    callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)
    counts = []
    for place in range(5):
        client = callers.client(**{"X-Forwarded-For": f"192.0.2.{place}"})  # as the proxy before us says
        for _ in range(6):
            assert client.post("/forgot-password", data={"email": "a@acme.test"}).status_code == 200
        counts.append(len(mail.waiting()))
    assert counts == [5, 10, 15, 15, 15]


@pytest.mark.usefixtures("_day_without_minutes")
def test_one_place_asks_for_fifty_mails_a_day_whoever_they_are_for(callers: Callers) -> None:
    answers = [_asked(callers, f"person{number}@acme.test") for number in range(51)]
    assert [status for status, _ in answers] == [200] * 50 + [429]
    assert "Too many tries" in answers[-1][1]
    assert _asked(callers, "person0@acme.test")[0] == 429


def test_a_reset_that_is_asked_for_is_audited_whether_or_not_the_address_is_known(callers: Callers) -> None:
    tenant, audit = callers.tenant(), callers.deps.control.audit
    user = callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)
    for email in ("a@acme.test", "nobody@acme.test"):
        _asked(callers, email)
    told = audit.entries(action="password_reset_asked_for")
    assert {(entry.tenant_id, entry.object_id) for entry in told} == {
        (tenant.tenant_id, user.user_id),
        (None, "unknown"),
    }


def test_a_link_of_someone_who_came_back_stays_closed(callers: Callers) -> None:
    tenant, control = callers.tenant(), callers.deps.control
    user = control.users.add(tenant.tenant_id, "a@acme.test", BY)
    token = control.tokens.issue(user, "invitation")
    control.users.deactivate(user.user_id, tenant.tenant_id, BY)
    control.users.reactivate(user.user_id, tenant.tenant_id, BY)
    assert not control.tokens.is_open(token)
    assert control.tokens.is_open(control.tokens.issue(user, "invitation"))
