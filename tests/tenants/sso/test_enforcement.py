"""Once single sign-on is enforced, nobody of the tenant comes by a password, but perhaps one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.errors import Conflict
from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY
from tests.tenants.sso.coming import HOST, back, come, person, sign_in
from tests.tenants.sso.conftest import trust
from tests.tenants.sso.provider import CLIENT, SECRET
from tests.tenants.sso.saml_provider import certificate

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.provider import OpenIdProvider
    from tests.tenants.sso.saml_provider import SamlProvider

ROUTE = "/v1/sso/enforcement"


def test_a_right_password_signs_nobody_in_and_looks_like_a_wrong_one(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = person(control, enforced, "ada@acme.test", "admin")
    for host in (HOST, "localhost"):
        right = callers.client(host).post("/sign-in", data={"email": user.email, "password": PASSWORD})
        wrong = callers.client(host).post("/sign-in", data={"email": user.email, "password": "wrong"})
        assert (right.status_code, right.text) == (wrong.status_code, wrong.text)
        assert "loki_session" not in right.cookies
    told = {entry.detail["code"] for entry in control.audit.entries(action="sign_in_refused")}
    assert told == {"sso_required", "wrong_credentials"}


def test_sessions_by_password_end_at_once_and_keys_and_other_sessions_go_on(
    callers: Callers, control: ControlPlane, tested: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    by_password, key = callers.person(tested, "admin", HOST), callers.key(tested, ["usage:read"], HOST)
    by_provider = callers.client(HOST)
    come(by_provider, provider)
    owner = callers.client(HOST)
    assert sign_in(owner, glass.email) == 303
    answer = owner.put(ROUTE, json={"break_glass_user_id": glass.user_id})
    assert (answer.status_code, answer.json()["is_enforced"]) == (200, True)
    assert by_password.get("/v1/session").status_code == 401
    assert by_provider.get("/v1/session").status_code == 200
    assert key.get("/v1/usage").status_code == 200
    assert owner.get("/v1/session").status_code == 200
    (entry,) = control.audit.entries(action="sso_enforced")
    assert entry.detail == {"break_glass_user_id": glass.user_id, "sessions_ended": 1}


def test_a_session_whose_password_was_checked_before_the_switch_is_none(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = person(control, enforced, "ada@acme.test", "admin")
    token, _ = callers.deps.sessions.begin(user, "password", BY)
    assert callers.deps.sessions.resolve(token) is None


def test_only_the_named_owner_breaks_the_glass_and_it_is_audited(
    callers: Callers, control: ControlPlane, enforced: Tenant, glass: User
) -> None:
    other = person(control, enforced, "other@acme.test", "owner")
    assert sign_in(callers.client(HOST), other.email) == 401
    assert sign_in(callers.client(HOST), glass.email) == 303
    (entry,) = control.audit.entries(action="break_glass_used")
    assert (entry.tenant_id, entry.object_id) == (enforced.tenant_id, glass.user_id)
    control.enforcement.enforce(enforced.tenant_id, BY, other.user_id)
    assert sign_in(callers.client(HOST), glass.email) == 401
    assert sign_in(callers.client(HOST), other.email) == 303


def test_the_sign_in_page_shows_the_companys_way_first_and_a_password_only_for_an_emergency(
    callers: Callers, control: ControlPlane, tested: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    owner = person(control, tested, "ada@acme.test", "owner")
    client = callers.client(HOST)
    control.enforcement.enforce(tested.tenant_id, BY, glass.user_id)
    page = client.get("/sign-in").text
    assert page.index("Sign in through your company") < page.index("Emergency sign-in")
    assert "forgot-password" not in page
    control.enforcement.lift(tested.tenant_id, BY)
    assert sign_in(client, owner.email) == 303
    there = client.post("/sso/link").headers["location"]
    assert back(client, provider, there)[0] == 303
    control.enforcement.enforce(tested.tenant_id, BY)
    assert 'type="password"' not in callers.client(HOST).get("/sign-in").text


def test_it_is_not_enforced_by_a_connection_that_nobody_has_seen_to_work(
    callers: Callers, control: ControlPlane, tested: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    control.sso.put(tested.tenant_id, provider.issuer, CLIENT, SECRET, "viewer", BY)
    with pytest.raises(Conflict, match="seen to work"):
        control.enforcement.enforce(tested.tenant_id, BY, glass.user_id)
    provider.refuses = "invalid_client"
    control.sso.tried(tested.tenant_id, f"http://{HOST}/sso/callback")
    with pytest.raises(Conflict, match="seen to work"):
        control.enforcement.enforce(tested.tenant_id, BY, glass.user_id)
    provider.refuses = None
    come(callers.client(HOST), provider)
    control.enforcement.enforce(tested.tenant_id, BY, glass.user_id)
    control.enforcement.lift(tested.tenant_id, BY)
    control.sso.switch(tested.tenant_id, BY, is_enabled=False)
    with pytest.raises(Conflict, match="seen to work"):
        control.enforcement.enforce(tested.tenant_id, BY, glass.user_id)


def test_it_is_not_enforced_while_no_owner_could_come_back(
    callers: Callers, control: ControlPlane, tested: Tenant, glass: User
) -> None:
    owner = callers.client(HOST)
    sign_in(owner, glass.email)
    refused = owner.put(ROUTE, json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "sso_no_owner_linked")
    agent = person(control, tested, "agent@acme.test", "agent")
    invited = control.users.add(tested.tenant_id, "new@acme.test", BY, role="owner")
    for unfit in (agent, invited):
        answer = owner.put(ROUTE, json={"break_glass_user_id": unfit.user_id})
        assert (answer.status_code, answer.json()["code"]) == (422, "break_glass_unfit")
    assert owner.get(ROUTE).json()["is_enforced"] is False


@pytest.mark.parametrize("role", ["admin", "manager", "agent", "viewer"])
def test_only_owners_enforce_it_and_lift_it(callers: Callers, enforced: Tenant, role: str) -> None:
    user = person(callers.deps.control, enforced, f"{role}@acme.test", role)
    client = callers.client(HOST)
    client.cookies["loki_session"], _ = callers.deps.sessions.begin(user, "oidc", BY)
    assert [client.put(ROUTE, json={}).status_code, client.delete(ROUTE).status_code] == [403, 403]


def test_the_only_way_in_cannot_be_taken_away(
    control: ControlPlane, enforced: Tenant, provider: OpenIdProvider, idp: SamlProvider
) -> None:
    sso, tenant_id = control.sso, enforced.tenant_id
    for act in (
        lambda: sso.remove(tenant_id, BY),
        lambda: sso.switch(tenant_id, BY, is_enabled=False),
        lambda: sso.put(tenant_id, "https://else.test", CLIENT, SECRET, "viewer", BY),
    ):
        with pytest.raises(Conflict, match="only way in"):
            act()
    sso.put(tenant_id, provider.issuer, CLIENT, "another secret", "viewer", BY)
    trust(control, enforced, idp, certificate(idp.key))
    with pytest.raises(Conflict, match="only way in"):
        sso.remove(tenant_id, BY)
    saml = control.saml.find(tenant_id)
    assert saml is not None
    control.saml.note_working(saml)
    sso.remove(tenant_id, BY)
    with pytest.raises(Conflict, match="only way in"):
        control.saml.remove(tenant_id, BY)


def test_the_last_owner_who_could_come_stays_one(
    callers: Callers, control: ControlPlane, tested: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    """Who has not linked their sign-in is an owner, and could not come."""
    tenant_id = tested.tenant_id
    unlinked = person(control, tested, "unlinked@acme.test", "owner")
    linked = person(control, tested, "linked@acme.test", "owner")
    client = callers.client(HOST)
    sign_in(client, linked.email)
    assert back(client, provider, client.post("/sso/link").headers["location"])[0] == 303
    control.enforcement.enforce(tenant_id, BY, glass.user_id)
    control.users.update(linked.user_id, tenant_id, BY, role="admin")
    for act in (
        lambda: control.users.update(glass.user_id, tenant_id, BY, role="admin"),
        lambda: control.users.deactivate(glass.user_id, tenant_id, BY),
    ):
        with pytest.raises(Conflict, match="no other owner could sign in"):
            act()
    control.users.deactivate(unlinked.user_id, tenant_id, BY)
    control.users.update(linked.user_id, tenant_id, BY, role="owner")
    control.users.deactivate(glass.user_id, tenant_id, BY)
    control.users.reactivate(unlinked.user_id, tenant_id, BY)
    with pytest.raises(Conflict, match="no other owner could sign in"):
        control.users.update(linked.user_id, tenant_id, BY, role="viewer")
    control.enforcement.lift(tenant_id, BY)
    assert control.users.update(linked.user_id, tenant_id, BY, role="viewer").role == "viewer"


def test_a_plan_without_single_sign_on_locks_nobody_out(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = person(control, enforced, "ada@acme.test", "owner")
    assert sign_in(callers.client(HOST), user.email) == 401
    control.tenants.update(enforced.tenant_id, BY, plan="starter")
    client = callers.client(HOST)
    assert sign_in(client, user.email) == 303
    control.tenants.update(enforced.tenant_id, BY, plan="enterprise")
    assert client.get("/v1/session").status_code == 401
    assert sign_in(callers.client(HOST), user.email) == 401


def test_a_plan_without_single_sign_on_cannot_enforce_it(callers: Callers) -> None:
    owner = callers.person(callers.tenant("Small", plan="starter"), "owner", "localhost")
    refused = owner.put(ROUTE, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "feature_not_in_plan")


def test_staff_let_a_locked_out_tenant_in_with_a_reason_in_its_log(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = person(control, enforced, "ada@acme.test", "owner")
    route = f"/v1/tenants/{enforced.tenant_id}/sso-recovery"
    body = {"reason": "Provider down, asked by phone"}
    assert callers.person(None, "success", "localhost").post(route, json=body).status_code == 403
    operator = callers.person(None, "operator", "localhost")
    assert operator.post(route, json={}).status_code == 422
    assert operator.post(route, json=body).status_code == 204
    assert sign_in(callers.client(HOST), user.email) == 303
    (entry,) = control.audit.entries(tenant_id=enforced.tenant_id, action="sso_enforcement_lifted")
    assert (entry.actor_kind, entry.personal and entry.personal["reason"]) == ("staff", body["reason"])
    assert operator.post(route, json=body).status_code == 404


def test_other_tenants_sign_in_as_before(callers: Callers, control: ControlPlane, enforced: Tenant) -> None:
    other = callers.tenant("Other", plan="enterprise")
    person(control, enforced, "ada@both.test", "owner")
    user = person(control, other, "ada@both.test", "owner")
    client = callers.client("localhost")
    assert sign_in(client, "ada@both.test") == 303
    assert client.get("/v1/session").json()["tenant_id"] == user.tenant_id
