"""Hostile text in the fields that a tenant sets is refused, or is that field's text and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tenants.settings import PlatformSettings
from tests.dashboards.browser import launched
from tests.tenants.api.hostile import CASES, SCRIPTS
from tests.tenants.sso.saml_provider import certificate, rsa_key

if TYPE_CHECKING:
    from pathlib import Path

    import requests

    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

_CHANGING = {"updated_at", "sign_in_count", "last_active_at"}
_REFUSED = {400, 403, 404, 409, 422}
_FIELDS = [
    ("PATCH", "/v1/tenants/{tenant_id}", "name"),
    ("PATCH", "/v1/tenants/{tenant_id}", "billing_email"),
    ("PATCH", "/v1/tenants/{tenant_id}", "time_zone"),
    ("PATCH", "/v1/tenants/{tenant_id}", "language"),
    ("PATCH", "/v1/users/{user_id}", "name"),
    ("PATCH", "/v1/users/{user_id}", "role"),
    ("PATCH", "/v1/users/{user_id}", "time_zone"),
    ("PUT", "/v1/branding", "primary_colour"),
    ("PUT", "/v1/branding", "font"),
    ("PUT", "/v1/branding", "css"),
]
_LISTS = [
    ("/v1/users", "email", {"password": "correct horse"}),
    ("/v1/domains", "domain", {}),
    ("/v1/api-keys", "name", {}),
]

_OPENID = {"issuer": "https://login.test", "client_id": "c", "client_secret": "s", "default_role": "agent"}
_SAML = {
    "entity_id": "https://idp.test/",
    "sso_url": "https://idp.test/sso",
    "certificates": [certificate(rsa_key())],
    "default_role": "agent",
    "email_attribute": "mail",
    "name_attribute": "cn",
}
_PROVIDERS = [("/v1/sso", _OPENID, field) for field in _OPENID]
_PROVIDERS += [("/v1/sso/saml", _SAML, field) for field in _SAML]


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    # Browsers find every name below localhost at the loopback address.
    return PlatformSettings(home=tmp_path / "state")


@pytest.fixture
def owner(callers: Callers) -> Client:
    return callers.person(callers.tenant(plan="enterprise", rate=1_000_000), "owner", host="acme.localhost")


@pytest.fixture
def ids(owner: Client) -> dict[str, str]:
    told = owner.get("/v1/session").json()
    return {"tenant_id": told["tenant_id"], "user_id": told["user_id"]}


def test_there_are_two_hundred_cases_or_more() -> None:
    assert len(set(CASES)) >= 200


@pytest.mark.parametrize(("method", "path", "field"), _FIELDS, ids=[f"{p} {f}" for _, p, f in _FIELDS])
def test_a_field_refuses_hostile_text_or_is_the_only_one_that_changes(
    owner: Client, ids: dict[str, str], method: str, path: str, field: str
) -> None:
    address = path.format(**ids)
    before = _steady(owner.get(address))
    for text in CASES:
        answer = owner.request(method, address, json={field: text})
        after = _steady(owner.get(address))
        if answer.status_code == 200:
            assert after[field] in {text, text.strip(), text.strip().lower(), text.strip().upper()}, text
            assert after | {field: before[field]} == before, text
        else:
            assert answer.status_code in _REFUSED, (text[:80], answer.text)
            assert after == before, text
        before = after


def test_the_character_nul_is_refused_on_every_database(owner: Client, ids: dict[str, str]) -> None:
    for path in ("tenants/{tenant_id}", "users/{user_id}"):
        answer = owner.request("PATCH", f"/v1/{path.format(**ids)}", json={"name": "a\0b"})
        assert (answer.status_code, answer.json()["where"]) == (422, "body.name")


@pytest.mark.parametrize(("path", "field", "more"), _LISTS, ids=[path for path, _, _ in _LISTS])
def test_a_new_thing_refuses_hostile_text_or_bears_it(
    owner: Client, path: str, field: str, more: dict[str, str]
) -> None:
    for text in CASES:
        answer = owner.post(path, json={field: text, **more})
        if answer.status_code == 201:
            assert answer.json()[field] in {
                text.strip(),
                text.strip().lower(),
                text.strip().rstrip(".").lower(),
            }
        else:
            assert answer.status_code in _REFUSED, (text[:80], answer.text)


@pytest.mark.parametrize(("path", "good", "field"), _PROVIDERS, ids=[f"{p} {f}" for p, _, f in _PROVIDERS])
def test_an_identity_provider_is_refused_with_hostile_text_or_bears_it(
    owner: Client, path: str, good: dict[str, Any], field: str
) -> None:
    last = owner.put(path, json=good)
    for text in CASES:
        answer = owner.put(path, json={**good, field: [text] if field == "certificates" else text})
        if answer.status_code == 200:
            told, before = (each.json().get("identity_provider", each.json()) for each in (answer, last))
            assert told.get(field, text) == text
            assert told | {field: None} == before | {field: None}, text
            last = answer
        else:
            assert answer.status_code in _REFUSED, (text[:80], answer.text)
    assert owner.get(path).json() == last.json()


@pytest.mark.browser
def test_the_sign_in_page_shows_hostile_names_as_text_and_runs_nothing(
    owner: Client, ids: dict[str, str], callers: Callers
) -> None:
    port = callers.address.rpartition(":")[2]
    with launched() as browser:
        page = browser.new_page()
        outside: list[str] = []
        page.on("request", lambda request: outside.append(request.url))
        page.on("dialog", lambda dialog: outside.append(dialog.message))
        page.goto(f"http://acme.localhost:{port}/sign-in")
        elements = page.locator("*").count()
        for text in SCRIPTS[::4]:
            answer = owner.request("PATCH", f"/v1/tenants/{ids['tenant_id']}", json={"name": text})
            assert answer.status_code == 200, answer.text
            page.goto(f"http://acme.localhost:{port}/sign-in")
            assert page.locator("h1").text_content() == f"Sign in to {text.strip()}"
            assert page.locator("*").count() == elements
            assert page.evaluate("window.hostile") is None
        assert all(url.startswith((f"http://acme.localhost:{port}/", "data:")) for url in outside), outside


def _steady(answer: requests.Response) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    return {name: value for name, value in told.items() if name not in _CHANGING}
