"""A link between a person and their identity at the company's provider ends when one of them says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from orchestration.cli import main
from tenants.errors import Conflict
from tests.tenants.factories import BY
from tests.tenants.sso.coming import HOST, back, come, person, sign_in

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client
    from tests.tenants.sso.provider import OpenIdProvider


def linked(callers: Callers, provider: OpenIdProvider, user: User) -> Client:
    """A person who signed in with a password and linked their identity."""
    client = callers.client(HOST)
    assert sign_in(client, user.email) == 303
    assert back(client, provider, client.post("/sso/link").headers["location"])[0] == 303
    return client


def ran(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["sso", *arguments])
    return int(end.value.code or 0)


def test_a_person_unlinks_their_own_and_nobody_comes_by_it_any_more(
    callers: Callers, control: ControlPlane, tested: Tenant, provider: OpenIdProvider
) -> None:
    user = person(control, tested, "ada@acme.test", "viewer")
    client, by_provider = linked(callers, provider, user), callers.client(HOST)
    assert come(by_provider, provider)[0] == 303
    (told,) = client.get("/v1/identities").json()
    assert told["issuer"] == provider.issuer
    assert client.delete(f"/v1/identities/{told['identity_id']}").status_code == 204
    assert client.get("/v1/identities").json() == []
    assert by_provider.get("/v1/session").status_code == 401
    assert client.get("/v1/session").status_code == 200
    again = client.delete(f"/v1/identities/{told['identity_id']}")
    assert (again.status_code, again.json()["code"]) == (404, "identity_not_found")
    (entry,) = control.audit.entries(action="identity_unlinked")
    assert entry.detail == {"user_id": user.user_id, "sessions_ended": 1}


def test_an_admin_unlinks_others_but_no_owner(
    callers: Callers, control: ControlPlane, tested: Tenant, provider: OpenIdProvider, glass: User
) -> None:
    linked(callers, provider, glass)
    admin = callers.person(tested, "admin", HOST)
    route = f"/v1/users/{glass.user_id}/identities"
    (told,) = admin.get(route).json()
    refused = admin.delete(f"{route}/{told['identity_id']}")
    assert (refused.status_code, refused.json()["code"]) == (403, "role_beyond_own")
    control.users.add(tested.tenant_id, "else@acme.test", BY, role="owner", password="correct horse")
    control.users.update(glass.user_id, tested.tenant_id, BY, role="agent")
    assert admin.delete(f"{route}/{told['identity_id']}").status_code == 204
    assert admin.get(route).json() == []


def test_an_operator_unlinks_from_the_command_line(
    callers: Callers,
    control: ControlPlane,
    tested: Tenant,
    provider: OpenIdProvider,
    glass: User,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    linked(callers, provider, glass)
    monkeypatch.setenv("LOKI_HOME", str(control.settings.home))
    assert ran("identities", tested.slug, "--format", "json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["email"], told["issuer"]) == (glass.email, provider.issuer)
    assert ran("unlink", tested.slug, told["identity_id"]) == 0
    assert control.identities.of_tenant(tested.tenant_id) == []
    assert ran("unlink", tested.slug, told["identity_id"]) == 2
    assert "`loki sso identities` lists them" in capsys.readouterr().err


def test_the_last_owners_way_in_stays_while_single_sign_on_is_enforced(
    callers: Callers, control: ControlPlane, tested: Tenant, provider: OpenIdProvider, glass: User
) -> None:
    tenant_id, owner = tested.tenant_id, person(control, tested, "ada@acme.test", "owner")
    linked(callers, provider, owner)
    control.enforcement.enforce(tenant_id, BY)
    (identity,) = control.identities.of(owner.user_id, tenant_id)
    with pytest.raises(Conflict, match="no other owner could sign in"):
        control.identities.unlink(owner.user_id, tenant_id, identity.identity_id, BY)
    assert control.identities.of_tenant(tenant_id) == [identity]
    control.enforcement.enforce(tenant_id, BY, glass.user_id)
    control.identities.unlink(owner.user_id, tenant_id, identity.identity_id, BY)
    assert control.identities.of_tenant(tenant_id) == []
