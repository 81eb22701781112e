"""Who is invited, or not linked yet, joins by a one-time link and their company's sign-in together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY
from tests.tenants.sso.coming import HOST, back, come, mailed_token, person, sign_in
from tests.tenants.sso.conftest import offered

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.provider import OpenIdProvider

ROUTE = "/v1/sso/enforcement"


def test_whom_a_reset_was_sent_to_comes_through_the_company_and_sets_no_password(
    callers: Callers, control: ControlPlane, enforced: Tenant, provider: OpenIdProvider
) -> None:
    user = person(control, enforced, "ada@acme.test", "admin")
    client = callers.client(HOST)
    client.post("/forgot-password", data={"email": user.email})
    token = mailed_token(control)
    page = client.get(f"/set-password?token={token}").text
    assert 'action="/sso/join"' in page
    assert 'type="password"' not in page
    refused = client.post("/set-password", data={"token": token, "password": "battery staple"})
    assert refused.status_code == 403
    assert control.users.get(user.user_id, enforced.tenant_id).password_hash == user.password_hash
    there = client.post("/sso/join", data={"token": token}).headers["location"]
    assert back(client, provider, there)[0] == 303
    assert client.get("/v1/session").json()["user_id"] == user.user_id
    assert not control.tokens.is_open(token)


def test_an_invited_person_comes_through_the_company_in_the_role_they_were_invited_to(
    callers: Callers, control: ControlPlane, enforced: Tenant, glass: User, provider: OpenIdProvider
) -> None:
    owner = callers.client(HOST)
    sign_in(owner, glass.email)
    with_password = {"email": "x@acme.test", "name": "X", "role": "agent", "password": PASSWORD}
    refused = owner.post("/v1/users", json=with_password)
    assert (refused.status_code, refused.json()["code"]) == (409, "sso_enforced")
    invited = owner.post("/v1/users", json={"email": "ada@acme.test", "name": "Ada", "role": "manager"})
    token = mailed_token(control)
    client = callers.client(HOST)
    there = client.post("/sso/join", data={"token": token}).headers["location"]
    assert back(client, provider, there)[0] == 303
    session = client.get("/v1/session").json()
    assert (session["user_id"], session["role"]) == (invited.json()["user_id"], "manager")
    assert control.users.get(session["user_id"], enforced.tenant_id).status == "active"


def test_who_comes_with_the_address_of_someone_here_is_sent_a_link_and_is_nobody_until_they_open_it(
    callers: Callers, control: ControlPlane, enforced: Tenant, provider: OpenIdProvider
) -> None:
    user = person(control, enforced, "ada@acme.test", "admin")
    client = callers.client(HOST)
    status, page = come(client, provider)
    assert (status, "A link was sent to it" in page) == (409, True)
    assert client.get("/v1/session").status_code == 401
    there = client.post("/sso/join", data={"token": mailed_token(control)}).headers["location"]
    assert back(client, provider, there)[0] == 303
    assert client.get("/v1/session").json()["user_id"] == user.user_id
    assert come(callers.client(HOST), provider)[0] == 303


def test_a_link_joins_once_and_to_nobody_elses_identity(
    callers: Callers, control: ControlPlane, enforced: Tenant, provider: OpenIdProvider
) -> None:
    ada, bo = (person(control, enforced, f"{name}@acme.test", "agent") for name in ("ada", "bo"))
    client, other = callers.client(HOST), callers.client(HOST)
    token = control.tokens.issue(ada, "password_reset")
    starts = [each.post("/sso/join", data={"token": token}).headers["location"] for each in (client, other)]
    assert back(client, provider, starts[0])[0] == 303
    assert back(other, provider, starts[1])[0] == 422
    token = control.tokens.issue(bo, "password_reset")
    there = other.post("/sso/join", data={"token": token}).headers["location"]
    assert back(other, provider, there)[0] == 409
    assert control.tokens.is_open(token)


@pytest.mark.usefixtures("enforced")
def test_another_tenants_link_joins_nobody_here(
    callers: Callers, control: ControlPlane, provider: OpenIdProvider
) -> None:
    stranger = control.users.add(callers.tenant("Other", plan="enterprise").tenant_id, "s@other.test", BY)
    token = control.tokens.issue(stranger, "invitation")
    client = callers.client(HOST)
    there = client.post("/sso/join", data={"token": token}).headers["location"]
    assert back(client, provider, there)[0] == 422
    assert client.get("/v1/session").status_code == 401
    assert control.tokens.is_open(token)


def test_joining_works_by_saml_too(callers: Callers, control: ControlPlane, saml_tenant: Tenant) -> None:
    glass = person(control, saml_tenant, "glass@acme.test", "owner")
    owner = callers.client(HOST)
    assert sign_in(owner, glass.email) == 303
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
