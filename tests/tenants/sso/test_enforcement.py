"""Once single sign-on is enforced, nobody of the tenant comes by a password, but perhaps one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tenants.errors import Conflict
from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY, CLOCK
from tests.tenants.sso.conftest import offered, trust
from tests.tenants.sso.provider import CLIENT, SECRET, OpenIdProvider, providing
from tests.tenants.sso.saml_provider import SamlProvider, certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

HOST = "acme.localhost"
ROUTE = "/v1/sso/enforcement"


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with providing() as running:
        running.now = int(CLOCK.now().timestamp())
        yield running


@pytest.fixture
def control(callers: Callers) -> ControlPlane:
    return callers.deps.control


@pytest.fixture
def tenant(callers: Callers, provider: OpenIdProvider) -> Tenant:
    """A tenant whose provider has passed its test."""
    made = callers.tenant("Acme", plan="enterprise")
    callers.deps.control.sso.put(made.tenant_id, provider.issuer, CLIENT, SECRET, "viewer", BY)
    provider.refuses = "invalid_grant"
    findings = callers.deps.control.sso.tried(made.tenant_id, f"http://{HOST}/sso/callback")
    assert all(each.is_fine for each in findings)
    provider.refuses = None
    return made


@pytest.fixture
def glass(control: ControlPlane, tenant: Tenant) -> User:
    """The owner whose password goes on working."""
    return _person(control, tenant, "glass@acme.test", "owner")


@pytest.fixture
def enforced(control: ControlPlane, tenant: Tenant, glass: User) -> Tenant:
    control.enforcement.enforce(tenant.tenant_id, BY, glass.user_id)
    return tenant


def _person(control: ControlPlane, tenant: Tenant, email: str, role: str) -> User:
    return control.users.add(tenant.tenant_id, email, BY, role=role, password=PASSWORD)


def _sign_in(client: Client, email: str) -> int:
    return client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code


def _back(client: Client, provider: OpenIdProvider, there: str) -> tuple[int, str]:
    """Come back from the provider that an answer sent the browser to."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    provider.nonce = query["nonce"]
    answer = client.get(
        "/sso/callback", params={"code": "c", "state": query["state"]}, headers={"Accept": "text/html"}
    )
    return answer.status_code, answer.text


def _come(client: Client, provider: OpenIdProvider) -> tuple[int, str]:
    return _back(client, provider, client.get("/sso/start").headers["location"])


def _mailed_token(control: ControlPlane) -> str:
    *_, mail = control.mail.waiting()
    assert mail.template == "company_sign_in"
    assert f"http://{HOST}" in mail.facts["link"]
    return parse_qs(urlsplit(mail.facts["link"]).query)["token"][0]


def test_a_right_password_signs_nobody_in_and_looks_like_a_wrong_one(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = _person(control, enforced, "ada@acme.test", "admin")
    for host in (HOST, "localhost"):
        right = callers.client(host).post("/sign-in", data={"email": user.email, "password": PASSWORD})
        wrong = callers.client(host).post("/sign-in", data={"email": user.email, "password": "wrong"})
        assert (right.status_code, right.text) == (wrong.status_code, wrong.text)
        assert "loki_session" not in right.cookies
    told = {entry.detail["code"] for entry in control.audit.entries(action="sign_in_refused")}
    assert told == {"sso_required", "wrong_credentials"}


def test_sessions_by_password_end_at_once_and_keys_and_other_sessions_go_on(
    callers: Callers, control: ControlPlane, tenant: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    by_password, key = callers.person(tenant, "admin", HOST), callers.key(tenant, ["usage:read"], HOST)
    by_provider = callers.client(HOST)
    _come(by_provider, provider)
    owner = callers.client(HOST)
    assert _sign_in(owner, glass.email) == 303
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
    user = _person(control, enforced, "ada@acme.test", "admin")
    token, _ = callers.deps.sessions.begin(user, "password", BY)
    assert callers.deps.sessions.resolve(token) is None


def test_only_the_named_owner_breaks_the_glass_and_it_is_audited(
    callers: Callers, control: ControlPlane, enforced: Tenant, glass: User
) -> None:
    other = _person(control, enforced, "other@acme.test", "owner")
    assert _sign_in(callers.client(HOST), other.email) == 401
    assert _sign_in(callers.client(HOST), glass.email) == 303
    (entry,) = control.audit.entries(action="break_glass_used")
    assert (entry.tenant_id, entry.object_id) == (enforced.tenant_id, glass.user_id)
    control.users.update(glass.user_id, enforced.tenant_id, BY, role="admin")
    assert _sign_in(callers.client(HOST), glass.email) == 401


def test_the_sign_in_page_shows_the_companys_way_first_and_a_password_only_for_an_emergency(
    callers: Callers, control: ControlPlane, tenant: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    owner = _person(control, tenant, "ada@acme.test", "owner")
    client = callers.client(HOST)
    control.enforcement.enforce(tenant.tenant_id, BY, glass.user_id)
    page = client.get("/sign-in").text
    assert page.index("Sign in through your company") < page.index("Emergency sign-in")
    assert "forgot-password" not in page
    control.enforcement.lift(tenant.tenant_id, BY)
    assert _sign_in(client, owner.email) == 303
    there = client.post("/sso/link").headers["location"]
    assert _back(client, provider, there)[0] == 303
    control.enforcement.enforce(tenant.tenant_id, BY)
    assert 'type="password"' not in callers.client(HOST).get("/sign-in").text


def test_whom_a_reset_was_sent_to_comes_through_the_company_and_sets_no_password(
    callers: Callers, control: ControlPlane, enforced: Tenant, provider: OpenIdProvider
) -> None:
    user = _person(control, enforced, "ada@acme.test", "admin")
    client = callers.client(HOST)
    client.post("/forgot-password", data={"email": user.email})
    token = _mailed_token(control)
    page = client.get(f"/set-password?token={token}").text
    assert 'action="/sso/join"' in page
    assert 'type="password"' not in page
    refused = client.post("/set-password", data={"token": token, "password": "battery staple"})
    assert refused.status_code == 403
    assert control.users.get(user.user_id, enforced.tenant_id).password_hash == user.password_hash
    there = client.post("/sso/join", data={"token": token}).headers["location"]
    assert _back(client, provider, there)[0] == 303
    assert client.get("/v1/session").json()["user_id"] == user.user_id
    assert not control.tokens.is_open(token)


def test_an_invited_person_comes_through_the_company_in_the_role_they_were_invited_to(
    callers: Callers, control: ControlPlane, enforced: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    owner = callers.client(HOST)
    _sign_in(owner, glass.email)
    with_password = {"email": "x@acme.test", "name": "X", "role": "agent", "password": PASSWORD}
    refused = owner.post("/v1/users", json=with_password)
    assert (refused.status_code, refused.json()["code"]) == (409, "sso_enforced")
    invited = owner.post("/v1/users", json={"email": "ada@acme.test", "name": "Ada", "role": "manager"})
    token = _mailed_token(control)
    client = callers.client(HOST)
    there = client.post("/sso/join", data={"token": token}).headers["location"]
    assert _back(client, provider, there)[0] == 303
    session = client.get("/v1/session").json()
    assert (session["user_id"], session["role"]) == (invited.json()["user_id"], "manager")
    assert control.users.get(session["user_id"], enforced.tenant_id).status == "active"


def test_who_comes_with_the_address_of_someone_here_is_sent_a_link_and_is_nobody_until_they_open_it(
    callers: Callers, control: ControlPlane, enforced: Tenant, provider: OpenIdProvider
) -> None:
    user = _person(control, enforced, "ada@acme.test", "admin")
    client = callers.client(HOST)
    status, page = _come(client, provider)
    assert (status, "A link was sent to it" in page) == (409, True)
    assert client.get("/v1/session").status_code == 401
    there = client.post("/sso/join", data={"token": _mailed_token(control)}).headers["location"]
    assert _back(client, provider, there)[0] == 303
    assert client.get("/v1/session").json()["user_id"] == user.user_id
    assert _come(callers.client(HOST), provider)[0] == 303


def test_a_link_joins_once_and_to_nobody_elses_identity(
    callers: Callers, control: ControlPlane, enforced: Tenant, provider: OpenIdProvider
) -> None:
    ada, bo = (_person(control, enforced, f"{name}@acme.test", "agent") for name in ("ada", "bo"))
    client, other = callers.client(HOST), callers.client(HOST)
    token = control.tokens.issue(ada, "password_reset")
    starts = [each.post("/sso/join", data={"token": token}).headers["location"] for each in (client, other)]
    assert _back(client, provider, starts[0])[0] == 303
    assert _back(other, provider, starts[1])[0] == 422
    token = control.tokens.issue(bo, "password_reset")
    there = other.post("/sso/join", data={"token": token}).headers["location"]
    assert _back(other, provider, there)[0] == 409
    assert control.tokens.is_open(token)


@pytest.mark.usefixtures("enforced")
def test_another_tenants_link_joins_nobody_here(
    callers: Callers, control: ControlPlane, provider: OpenIdProvider
) -> None:
    stranger = control.users.add(callers.tenant("Other", plan="enterprise").tenant_id, "s@other.test", BY)
    token = control.tokens.issue(stranger, "invitation")
    client = callers.client(HOST)
    there = client.post("/sso/join", data={"token": token}).headers["location"]
    assert _back(client, provider, there)[0] == 422
    assert client.get("/v1/session").status_code == 401
    assert control.tokens.is_open(token)


def test_joining_works_by_saml_too(callers: Callers, control: ControlPlane, saml_tenant: Tenant) -> None:
    glass = _person(control, saml_tenant, "glass@acme.test", "owner")
    owner = callers.client(HOST)
    assert _sign_in(owner, glass.email) == 303
    untested = owner.put(ROUTE, json={"break_glass_user_id": glass.user_id})
    assert untested.json()["code"] == "sso_not_tested"
    found = owner.post("/v1/sso/saml/test").json()
    assert [each["is_fine"] for each in found] == [True, True]
    assert owner.put(ROUTE, json={"break_glass_user_id": glass.user_id}).status_code == 200
    user = control.users.add(saml_tenant.tenant_id, "ada@acme.test", BY, role="manager")
    token, client = control.tokens.issue(user, "invitation"), callers.client(HOST)
    assert 'action="/sso/saml/join"' in client.get(f"/set-password?token={token}").text
    there = client.post("/sso/saml/join", data={"token": token})
    client.post("/sso/saml/acs", data=offered(there.headers["location"]))
    assert client.get("/v1/session").json()["user_id"] == user.user_id


def test_it_is_not_enforced_by_a_connection_that_nobody_has_seen_to_work(
    callers: Callers, control: ControlPlane, tenant: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    control.sso.put(tenant.tenant_id, provider.issuer, CLIENT, SECRET, "viewer", BY)
    with pytest.raises(Conflict, match="seen to work"):
        control.enforcement.enforce(tenant.tenant_id, BY, glass.user_id)
    provider.refuses = "invalid_client"
    control.sso.tried(tenant.tenant_id, f"http://{HOST}/sso/callback")
    with pytest.raises(Conflict, match="seen to work"):
        control.enforcement.enforce(tenant.tenant_id, BY, glass.user_id)
    provider.refuses = None
    _come(callers.client(HOST), provider)
    control.enforcement.enforce(tenant.tenant_id, BY, glass.user_id)
    control.enforcement.lift(tenant.tenant_id, BY)
    control.sso.switch(tenant.tenant_id, BY, is_enabled=False)
    with pytest.raises(Conflict, match="seen to work"):
        control.enforcement.enforce(tenant.tenant_id, BY, glass.user_id)


def test_it_is_not_enforced_while_no_owner_could_come_back(
    callers: Callers, control: ControlPlane, tenant: Tenant, glass: User
) -> None:
    owner = callers.client(HOST)
    _sign_in(owner, glass.email)
    refused = owner.put(ROUTE, json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "sso_no_owner_linked")
    agent = _person(control, tenant, "agent@acme.test", "agent")
    invited = control.users.add(tenant.tenant_id, "new@acme.test", BY, role="owner")
    for unfit in (agent, invited):
        answer = owner.put(ROUTE, json={"break_glass_user_id": unfit.user_id})
        assert (answer.status_code, answer.json()["code"]) == (422, "break_glass_unfit")
    assert owner.get(ROUTE).json()["is_enforced"] is False


@pytest.mark.parametrize("role", ["admin", "manager", "agent", "viewer"])
def test_only_owners_enforce_it_and_lift_it(callers: Callers, enforced: Tenant, role: str) -> None:
    user = _person(callers.deps.control, enforced, f"{role}@acme.test", role)
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


def test_a_plan_without_single_sign_on_locks_nobody_out(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = _person(control, enforced, "ada@acme.test", "owner")
    assert _sign_in(callers.client(HOST), user.email) == 401
    control.tenants.update(enforced.tenant_id, BY, plan="starter")
    client = callers.client(HOST)
    assert _sign_in(client, user.email) == 303
    control.tenants.update(enforced.tenant_id, BY, plan="enterprise")
    assert client.get("/v1/session").status_code == 401
    assert _sign_in(callers.client(HOST), user.email) == 401


def test_a_plan_without_single_sign_on_cannot_enforce_it(callers: Callers) -> None:
    owner = callers.person(callers.tenant("Small", plan="starter"), "owner", "localhost")
    refused = owner.put(ROUTE, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "feature_not_in_plan")


def test_staff_let_a_locked_out_tenant_in_with_a_reason_in_its_log(
    callers: Callers, control: ControlPlane, enforced: Tenant
) -> None:
    user = _person(control, enforced, "ada@acme.test", "owner")
    route = f"/v1/tenants/{enforced.tenant_id}/sso-recovery"
    body = {"reason": "Provider down, asked by phone"}
    assert callers.person(None, "success", "localhost").post(route, json=body).status_code == 403
    operator = callers.person(None, "operator", "localhost")
    assert operator.post(route, json={}).status_code == 422
    assert operator.post(route, json=body).status_code == 204
    assert _sign_in(callers.client(HOST), user.email) == 303
    (entry,) = control.audit.entries(tenant_id=enforced.tenant_id, action="sso_enforcement_lifted")
    assert (entry.actor_kind, entry.personal and entry.personal["reason"]) == ("staff", body["reason"])
    assert operator.post(route, json=body).status_code == 404


def test_other_tenants_sign_in_as_before(callers: Callers, control: ControlPlane, enforced: Tenant) -> None:
    other = callers.tenant("Other", plan="enterprise")
    _person(control, enforced, "ada@both.test", "owner")
    user = _person(control, other, "ada@both.test", "owner")
    client = callers.client("localhost")
    assert _sign_in(client, "ada@both.test") == 303
    assert client.get("/v1/session").json()["tenant_id"] == user.tenant_id
