from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from tenants.errors import InvalidInput, Unavailable
from tenants.sso.oidc import Attempt, Provider, basic_header
from tests.tenants.factories import BY, CLOCK
from tests.tenants.sso.provider import (
    CLIENT,
    SECRET,
    OpenIdProvider,
    providing,
    signed_with_public_key,
    unsigned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

HOST = "acme.localhost"
PRIVATE = frozenset({"127.0.0.1"})
# What a provider says to a code that is none, and whether it knows us then.
KNOWN = {"invalid_client": False, "invalid_grant": True, "server_error": None}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with providing() as running:
        running.now = int(CLOCK.now().timestamp())
        yield running


@pytest.fixture
def tenant(callers: Callers, provider: OpenIdProvider) -> Tenant:
    made = callers.tenant("Acme", plan="enterprise")
    callers.deps.control.sso.put(made.tenant_id, provider.issuer, CLIENT, SECRET, "viewer", BY)
    return made


def _go(
    client: Client, provider: OpenIdProvider, start: str = "/sso/start", **changed: str
) -> requests.Response:
    """Do what a browser does: to the provider and back."""
    there = client.request("POST" if start == "/sso/link" else "GET", start)
    assert there.status_code == 303, there.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there.headers["location"]).query).items()}
    provider.nonce = asked["nonce"]
    assert asked["redirect_uri"] == f"http://{HOST}/sso/callback"
    return client.get("/sso/callback", params={"code": "c", "state": asked["state"], **changed})


def test_who_comes_for_the_first_time_is_added_and_known_by_subject_afterwards(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    client = callers.client(HOST)
    assert "Sign in through your company" in client.get("/sign-in").text
    assert _go(client, provider, "/sso/start?next=/v1/usage").headers["location"] == "/v1/usage"
    first = client.get("/v1/session").json()
    assert (first["role"], first["tenant_id"]) == ("viewer", tenant.tenant_id)
    provider.person = {"sub": "subject-1", "email": "renamed@acme.test", "name": "Ada"}
    other = callers.client(HOST)
    _go(other, provider)
    assert other.get("/v1/session").json()["user_id"] == first["user_id"]
    assert provider.tokens_asked[0]["code_verifier"]


def test_an_address_alone_makes_nobody_someone_else(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    callers.deps.control.users.add(
        tenant.tenant_id, "ada@acme.test", BY, role="owner", password="correct horse"
    )
    answer = _go(callers.client(HOST), provider)
    assert (answer.status_code, answer.json()["code"]) == (409, "identity_not_linked")


def test_a_signed_in_person_links_an_identity_and_then_comes_by_it(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    person = callers.person(tenant, "owner", host=HOST)
    assert _go(person, provider, "/sso/link").status_code == 303
    other = callers.client(HOST)
    _go(other, provider)
    assert other.get("/v1/session").json()["role"] == "owner"


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "http://evil.test"},
        {"aud": "another client"},
        {"nonce": "another nonce"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": "s" * 256},
        {"email": None},
    ],
)
def test_a_token_that_does_not_hold_signs_nobody_in(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    client = callers.client(HOST)
    answer = _go(client, provider)
    assert (answer.status_code, answer.json()["code"]) == (401, "sso_refused")
    assert client.get("/v1/session").status_code == 401
    assert callers.deps.control.users.of(tenant.tenant_id) == []


def test_a_provider_whose_tokens_leave_out_the_address_is_asked_for_it(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    provider.person, provider.userinfo = {"sub": "subject-1"}, {"sub": "subject-1", "email": "ada@acme.test"}
    client = callers.client(HOST)
    _go(client, provider)
    assert client.get("/v1/session").json()["name"] == "ada@acme.test"
    provider.userinfo = {"sub": "subject-2", "email": "bo@acme.test"}
    answer = _go(callers.client(HOST), provider)
    assert (answer.status_code, answer.json()["code"]) == (401, "sso_refused")
    assert len(callers.deps.control.users.of(tenant.tenant_id)) == 1


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize("kind", ["another key", "none", "public key as secret"])
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(
    callers: Callers, provider: OpenIdProvider, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = provider.id_token
    if kind == "another key":
        provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    elif kind == "none":
        monkeypatch.setattr(provider, "id_token", lambda: unsigned(honest()))
    else:
        monkeypatch.setattr(
            provider, "id_token", lambda: signed_with_public_key(honest(), provider.published)
        )
    assert _go(callers.client(HOST), provider).status_code == 401


@pytest.mark.usefixtures("tenant")
def test_what_was_not_started_in_this_browser_is_refused(callers: Callers, provider: OpenIdProvider) -> None:
    assert callers.client(HOST).get("/sso/callback?code=c&state=s").status_code == 401
    assert _go(callers.client(HOST), provider, state="another").status_code == 401


def test_a_user_who_was_put_out_of_service_does_not_come_back_this_way(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    client = callers.client(HOST)
    _go(client, provider)
    user_id = client.get("/v1/session").json()["user_id"]
    callers.deps.control.users.deactivate(user_id, tenant.tenant_id, BY)
    assert _go(callers.client(HOST), provider).json()["code"] == "user_deactivated"


def test_a_plan_without_single_sign_on_has_none(callers: Callers, tenant: Tenant) -> None:
    callers.deps.control.tenants.update(tenant.tenant_id, BY, plan="starter")
    answer = callers.client(HOST).get("/sso/start")
    assert (answer.status_code, answer.json()["code"]) == (403, "feature_not_in_plan")
    assert "company" not in callers.client(HOST).get("/sign-in").text


def test_the_providers_secret_is_kept_sealed_and_never_shown(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    owner = callers.person(tenant, "owner", host=HOST)
    told = owner.get("/v1/sso")
    assert told.json()["issuer"] == provider.issuer
    assert SECRET not in told.text
    assert owner.delete("/v1/sso").status_code == 204
    assert owner.get("/v1/sso").status_code == 404
    state = callers.deps.settings.state()
    callers.deps.close()
    assert all(SECRET.encode() not in path.read_bytes() for path in state.rglob("*") if path.is_file())


def test_a_provider_that_is_switched_off_lets_nobody_in_until_it_is_on_again(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    owner, client = callers.person(tenant, "owner", host=HOST), callers.client(HOST)
    there = client.get("/sso/start")
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]
    assert owner.patch("/v1/sso", json={"is_enabled": False}).json()["is_enabled"] is False
    assert client.get("/sso/callback", params={"code": "c", "state": state}).status_code == 404
    assert client.get("/sso/start").json()["code"] == "sso_not_connected"
    assert "company" not in client.get("/sign-in").text
    changed = {"issuer": provider.issuer, "client_id": CLIENT, "default_role": "agent"}
    assert owner.put("/v1/sso", json=changed).json()["is_enabled"] is False
    owner.patch("/v1/sso", json={"is_enabled": True})
    _go(client, provider)
    assert client.get("/v1/session").json()["role"] == "agent"
    assert callers.person(tenant, "admin", host=HOST).patch("/v1/sso", json={}).status_code == 403


def test_a_secret_is_kept_for_the_same_issuer_only(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider
) -> None:
    owner = callers.person(tenant, "owner", host=HOST)
    body = {"issuer": provider.issuer, "client_id": "renamed"}
    assert owner.put("/v1/sso", json=body).json()["client_id"] == "renamed"
    assert callers.deps.control.sso.of(tenant.tenant_id)[1] == SECRET
    answer = owner.put("/v1/sso", json={**body, "issuer": "https://evil.test"})
    assert (answer.status_code, answer.json()["code"]) == (422, "client_secret_required")
    assert callers.deps.control.sso.of(tenant.tenant_id)[0].issuer == provider.issuer


@pytest.mark.parametrize("refuses", KNOWN)
def test_a_provider_is_tried_without_anyone_signing_in(
    callers: Callers, tenant: Tenant, provider: OpenIdProvider, refuses: str
) -> None:
    provider.refuses = refuses
    owner = callers.person(tenant, "owner", host=HOST)
    assert owner.get("/v1/sso").json()["tested_at"] is None
    found = owner.post("/v1/sso/test").json()
    assert [each["is_fine"] for each in found] == [True, True, KNOWN[refuses]]
    assert (owner.get("/v1/sso").json()["tested_at"] is not None) == (KNOWN[refuses] is True)
    assert callers.person(tenant, "admin", host=HOST).post("/v1/sso/test").status_code == 403
    assert len(callers.deps.control.users.of(tenant.tenant_id)) == 2


def test_every_address_of_the_tenant_is_told_to_register(callers: Callers, tenant: Tenant) -> None:
    owner = callers.person(tenant, "owner", host="localhost")
    assert owner.get("/v1/sso").json()["redirect_uris"] == [f"http://{HOST}/sso/callback"]


def test_a_client_says_who_it_is_as_the_standard_has_it() -> None:
    assert basic_header("a b", "c:+%") == "Basic YStiOmMlM0ElMkIlMjU="


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"]
)
@pytest.mark.parametrize("address", ["http://169.254.169.254/latest", "file:///etc/passwd", 7])
def test_a_provider_that_leads_into_our_own_network_is_not_followed(
    provider: OpenIdProvider, name: str, address: object
) -> None:
    provider.offers = {name: address}
    with pytest.raises(Unavailable, match="does not answer as one"):
        Provider(provider.issuer, CLIENT, SECRET, PRIVATE).address(
            Attempt.fresh(), "https://loki.test/sso/callback"
        )


@pytest.mark.parametrize(
    "issuer", ["http://login.test", "ftp://x", "https://a:b@x.test", "https://x.test/?q", ""]
)
def test_an_issuer_that_is_no_https_address_is_refused(callers: Callers, tenant: Tenant, issuer: str) -> None:
    with pytest.raises(InvalidInput):
        callers.deps.control.sso.put(tenant.tenant_id, issuer, CLIENT, SECRET, "viewer", BY)
