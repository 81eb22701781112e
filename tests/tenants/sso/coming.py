"""People of a tenant who come by a password, or by the way of their company's OpenID provider."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant
    from tests.tenants.api.serving import Client
    from tests.tenants.sso.provider import OpenIdProvider

HOST = "acme.localhost"


def person(control: ControlPlane, tenant: Tenant, email: str, role: str) -> User:
    return control.users.add(tenant.tenant_id, email, BY, role=role, password=PASSWORD)


def sign_in(client: Client, email: str) -> int:
    return client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code


def back(client: Client, provider: OpenIdProvider, there: str) -> tuple[int, str]:
    """Come back from the provider that an answer sent the browser to."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    provider.nonce = query["nonce"]
    answer = client.get(
        "/sso/callback", params={"code": "c", "state": query["state"]}, headers={"Accept": "text/html"}
    )
    return answer.status_code, answer.text


def come(client: Client, provider: OpenIdProvider) -> tuple[int, str]:
    return back(client, provider, client.get("/sso/start").headers["location"])


def mailed_token(control: ControlPlane) -> str:
    *_, mail = control.mail.waiting()
    assert mail.template == "company_sign_in"
    assert f"http://{HOST}" in mail.facts["link"]
    return parse_qs(urlsplit(mail.facts["link"]).query)["token"][0]
