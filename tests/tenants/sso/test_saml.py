from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tenants.sso.conftest import HOST, go

if TYPE_CHECKING:
    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.saml_provider import SamlProvider


def test_who_comes_for_the_first_time_is_added_and_known_by_subject_afterwards(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    client = callers.client(HOST)
    assert "Sign in through your company" in client.get("/sign-in").text
    answer = go(client, "/sso/saml/start?next=/v1/usage")
    assert answer.headers["location"] == "/v1/usage", answer.text
    first = client.get("/v1/session").json()
    assert (first["role"], first["tenant_id"], first["name"]) == ("viewer", saml_tenant.tenant_id, "Ada")
    idp.person = {"subject": "subject-1", "email": "renamed@acme.test"}
    other = callers.client(HOST)
    go(other)
    assert other.get("/v1/session").json()["user_id"] == first["user_id"]
