"""Hostile text in the fields that a tenant sets is refused, or is that field's text and nothing more."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tenants.settings import PlatformSettings
from tests.dashboards.browser import launched
from tests.tenants.api.hostile import CASES, SAMPLE, SCRIPTS
from tests.tenants.api.hostile_logos import LOGOS
from tests.tenants.sso.saml_provider import certificate, rsa_key

if TYPE_CHECKING:
    from pathlib import Path

    import requests

    from tenants.api.deps import Deps
    from tests.tenants.api.conftest import Callers
    from tests.tenants.api.serving import Client

pytestmark = pytest.mark.early

_CHANGING = {"updated_at", "updated_by", "sign_in_count", "last_active_at"}
_REFUSED = {400, 403, 404, 409, 422}
_FIELDS = [
    ("PATCH", "/v1/tenants/{tenant_id}", "name"),
    ("PATCH", "/v1/tenants/{tenant_id}", "billing_email"),
    ("PATCH", "/v1/tenants/{tenant_id}", "time_zone"),
    ("PATCH", "/v1/tenants/{tenant_id}", "language"),
    ("PATCH", "/v1/users/{user_id}", "name"),
    ("PATCH", "/v1/users/{user_id}", "role"),
    ("PATCH", "/v1/users/{user_id}", "time_zone"),
    ("PATCH", "/v1/users/{user_id}", "language"),
    ("PUT", "/v1/branding", "primary_colour"),
    ("PUT", "/v1/branding", "font"),
    ("PUT", "/v1/branding", "css"),
]
_EVENT = {"specversion": "1.0", "type": "loki.usage.conversations", "time": "2026-11-26T09:00:00Z"}
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


@pytest.fixture(
    params=[pytest.param(SAMPLE, id="a sample"), pytest.param(CASES, id="all", marks=pytest.mark.long)]
)
def texts(request: pytest.FixtureRequest) -> list[str]:
    chosen: list[str] = request.param
    return chosen


@pytest.fixture
def ids(owner: Client) -> dict[str, str]:
    told = owner.get("/v1/session").json()
    return {"tenant_id": told["tenant_id"], "user_id": told["user_id"]}


def test_there_are_two_hundred_cases_or_more() -> None:
    assert len(set(CASES)) >= 200


@pytest.mark.parametrize(("method", "path", "field"), _FIELDS, ids=[f"{p} {f}" for _, p, f in _FIELDS])
def test_a_field_refuses_hostile_text_or_is_the_only_one_that_changes(
    owner: Client, ids: dict[str, str], texts: list[str], method: str, path: str, field: str
) -> None:
    address = path.format(**ids)
    before = _steady(owner.get(address))
    for text in texts:
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
    owner: Client, texts: list[str], path: str, field: str, more: dict[str, str]
) -> None:
    for text in texts:
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
    owner: Client, texts: list[str], path: str, good: dict[str, Any], field: str
) -> None:
    last = owner.put(path, json=good)
    for text in texts:
        answer = owner.put(path, json={**good, field: [text] if field == "certificates" else text})
        if answer.status_code == 200:
            told, before = (each.json().get("identity_provider", each.json()) for each in (answer, last))
            assert told.get(field, text) == text
            assert told | {field: None} == before | {field: None}, text
            last = answer
        else:
            assert answer.status_code in _REFUSED, (text[:80], answer.text)
    assert owner.get(path).json() == last.json()


def test_names_of_notifications_and_modules_are_refused_unless_they_exist(
    owner: Client, ids: dict[str, str], texts: list[str]
) -> None:
    user, tenant = f"/v1/users/{ids['user_id']}", f"/v1/tenants/{ids['tenant_id']}"
    before = [_steady(owner.get(address)) for address in (user, tenant)]
    for text in texts:
        for address, body in ((user, {"notifications": {text: True}}), (tenant, {"modules": [text]})):
            assert owner.patch(address, json=body).status_code == 422, text
    assert [_steady(owner.get(address)) for address in (user, tenant)] == before


@pytest.mark.parametrize("field", ["id", "source", "type", "module", "endpoint", "units", "extension"])
def test_an_event_of_usage_takes_hostile_text_as_that_field_or_not_at_all(
    owner: Client, deps: Deps, ids: dict[str, str], texts: list[str], field: str
) -> None:
    store = deps.stores.open(ids["tenant_id"])
    for number, text in enumerate(texts):
        data = {field: text} if field in {"module", "endpoint", "units"} else {}
        event = {**_EVENT, "id": f"{field}-{number}", "source": "chat", "data": data}
        if field not in data:
            event[field] = text
        before = store.rows_after("usage_records", 0, 10_000)
        answer = owner.post("/v1/usage/events", json=[event])
        after = store.rows_after("usage_records", 0, 10_000)
        assert answer.status_code in {202} | _REFUSED, (text[:80], answer.text)
        assert after[: len(before)] == before
        if answer.status_code == 202 and len(after) > len(before):
            kept = {"id": "record_id"}.get(field, field)
            assert after[-1].get(kept, text) == text or field in {"units", "extension", "type"}, text


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "a\0b"])
def test_what_no_database_can_keep_is_refused_in_an_event(owner: Client, text: str) -> None:
    for place in ({"id": text}, {"source": text}, {"data": {"module": text}}, {"data": {"endpoint": text}}):
        event = {**_EVENT, "id": "e", "source": "chat", **place}
        assert owner.post("/v1/usage/events", json=[event]).status_code == 422, place


@pytest.mark.parametrize("kind", LOGOS)
def test_a_logo_is_pixels_made_anew_or_is_refused(owner: Client, kind: str) -> None:
    content, is_taken = LOGOS[kind]
    answer = owner.put("/v1/branding/logo", files={"file": ("<script>.svg", content(), "image/svg+xml")})
    if not is_taken:
        assert answer.status_code in _REFUSED, answer.text
        assert owner.get("/v1/branding/logo").status_code == 404
        return
    kept = owner.get("/v1/branding/logo")
    assert kept.headers["content-type"] == "image/png"
    assert b"hostile" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, max(image.size) <= 512, image.info) == ("PNG", True, {})


@pytest.mark.browser
def test_the_sign_in_page_shows_hostile_names_as_text_and_runs_nothing(
    owner: Client, ids: dict[str, str], callers: Callers, texts: list[str]
) -> None:
    port = callers.address.rpartition(":")[2]
    with launched() as browser:
        page = browser.new_page()
        outside: list[str] = []
        page.on("request", lambda request: outside.append(request.url))
        page.on("dialog", lambda dialog: outside.append(dialog.message))
        page.goto(f"http://acme.localhost:{port}/sign-in")
        elements = page.locator("*").count()
        css = "*{background:url(//evil.test/a)} h1{color:red}</style><script>window.hostile=1</script>"
        assert owner.put("/v1/branding", json={"css": css}).status_code == 200
        for text in [each for each in texts if each in SCRIPTS]:
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
