from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tenants.people.passwords import is_password
from tests.tenants.api.conftest import PASSWORD
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tests.tenants.api.conftest import Callers


def test_a_person_signs_in_with_a_cookie_that_scripts_cannot_read(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, role="owner", password=PASSWORD)
    client = callers.client()
    assert "Sign in to LOKI" in client.get("/sign-in").text
    answer = client.post("/sign-in", data={"email": "A@acme.test", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "http://loki.test:8501/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/v1/session").json()["role"] == "owner"
    client.post("/sign-out")
    assert client.get("/v1/session").status_code == 401


def test_a_session_that_was_signed_out_stays_dead_with_its_old_cookie(callers: Callers) -> None:
    client = callers.person(callers.tenant(), "owner")
    token = client.cookies["loki_session"]
    client.post("/sign-out")
    client.cookies["loki_session"] = token
    assert client.get("/v1/session").status_code == 401


def test_a_wrong_password_and_an_unknown_address_look_the_same(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)
    callers.deps.control.users.add(tenant.tenant_id, "invited@acme.test", BY)
    pages = {
        callers.client().post("/sign-in", data={"email": email, "password": "wrong"}).text
        for email in ("a@acme.test", "nobody@acme.test", "invited@acme.test")
    }
    assert len(pages) == 1
    assert "do not fit together" in pages.pop()


def test_a_refused_sign_in_is_in_the_audit_trail_of_whose_address_it_is(callers: Callers) -> None:
    tenant, audit = callers.tenant(), callers.deps.control.audit
    user = callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)
    for email in ("a@acme.test", "nobody@acme.test"):
        callers.client().post("/sign-in", data={"email": email, "password": "wrong"})
    of_platform, of_tenant = audit.entries(action="sign_in_refused")
    assert (of_tenant.tenant_id, of_tenant.object_id) == (tenant.tenant_id, user.user_id)
    assert (of_platform.tenant_id, of_platform.object_id) == (None, "unknown")


def test_too_many_tries_for_one_address_are_stopped(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)
    spellings = ("a@acme.test", " a@acme.test", "a@acme.test\u2003", "A@acme.test\t", "a@ACME.test ")
    tries = [
        callers.client().post("/sign-in", data={"email": email, "password": "wrong"}).status_code
        for email in spellings
    ]
    assert tries == [401] * 5
    right = callers.client().post("/sign-in", data={"email": "a@acme.test", "password": PASSWORD})
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0


def test_a_refusal_checks_as_many_passwords_whoever_an_address_belongs_to(
    callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []

    def counting(password: str, kept: str | None) -> bool:
        checked.append(kept)
        return is_password(password, kept)

    monkeypatch.setattr("tenants.api.sign_in.is_password", counting)
    for name in ("One", "Two"):
        tenant = callers.tenant(name)
        callers.deps.control.users.add(tenant.tenant_id, "in-two@acme.test", BY, password=PASSWORD)
    callers.deps.control.users.add(tenant.tenant_id, "in-one@acme.test", BY, password=PASSWORD)
    counts = set()
    for email in ("in-two@acme.test", "in-one@acme.test", "nobody@acme.test"):
        for host in ("loki.test", "two.loki.test"):
            form = {"email": email, "password": "wrong"}
            assert callers.client(host).post("/sign-in", data=form).status_code == 401
            counts.add((host, len(checked)))
            checked.clear()
    assert counts == {("loki.test", 3), ("two.loki.test", 1)}
    form = {"email": "in-two@acme.test", "password": PASSWORD}
    assert callers.client("loki.test").post("/sign-in", data=form).status_code == 303


def test_whoever_guesses_at_a_password_locks_its_owner_out_from_many_places_only(callers: Callers) -> None:
    tenant = callers.tenant()
    callers.deps.control.users.add(tenant.tenant_id, "a@acme.test", BY, password=PASSWORD)

    def tried(place: int, password: str) -> int:
        client = callers.client(**{"X-Forwarded-For": f"192.0.2.{place}"})
        return client.post("/sign-in", data={"email": "a@acme.test", "password": password}).status_code

    assert [tried(1, "wrong") for _ in range(7)] == [401] * 5 + [429] * 2
    assert tried(2, PASSWORD) == 303
    assert [tried(place, "wrong") for place in range(3, 18)] == [401] * 14 + [429]


def test_at_a_tenants_host_only_its_people_sign_in(callers: Callers) -> None:
    callers.tenant("Acme")
    other = callers.tenant("Other")
    callers.deps.control.users.add(other.tenant_id, "o@other.test", BY, password=PASSWORD)
    form = {"email": "o@other.test", "password": PASSWORD}
    page = callers.client("acme.loki.test").get("/sign-in")
    assert "Sign in to Acme" in page.text
    assert callers.client("acme.loki.test").post("/sign-in", data=form).status_code == 401
    assert callers.client("other.loki.test").post("/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(
    ("to", "target"),
    [
        ("/v1/usage", "/v1/usage"),
        ("http://loki.test:9000/page", "http://loki.test:9000/page"),
        ("//evil.test/", "http://loki.test:8501/"),
        ("/\\evil.test", "http://loki.test:8501/"),
        ("https://evil.test/", "http://loki.test:8501/"),
        ("javascript:alert(1)", "http://loki.test:8501/"),
        ("http://loki.test@evil.test/", "http://loki.test:8501/"),
        ("/\t\\evil.test", "http://loki.test:8501/"),
        ("/\r\nSet-Cookie: loki_session=planted", "http://loki.test:8501/"),
        ("http://loki.test\\@evil.test/", "http://loki.test:8501/"),
        ("http://[", "http://loki.test:8501/"),
    ],
)
def test_signing_in_leads_to_no_other_site(callers: Callers, to: str, target: str) -> None:
    client = callers.person(callers.tenant(), "owner")
    assert client.get("/sign-in", params={"next": to}).headers["location"] == target


def test_a_tenants_name_is_shown_as_text(callers: Callers) -> None:
    callers.tenant('<script>alert("x")</script>')
    page = callers.client("script-alert-x-script.loki.test").get("/sign-in").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_page_runs_no_script_and_loads_nothing(callers: Callers) -> None:
    for path in ("/sign-in", "/forgot-password", "/set-password?token=x"):
        policy = callers.client().get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
        assert policy.endswith("; form-action 'self' http://loki.test:*")


def test_the_start_and_the_billing_page_lead_to_the_dashboards(callers: Callers) -> None:
    assert callers.client().get("/").headers["location"] == "http://loki.test:8501/"
    assert callers.client().get("/billing").headers["location"] == "http://loki.test:8501/billing"


def test_the_proxy_is_told_who_may_see_the_dashboards_in_words_that_it_knows(callers: Callers) -> None:
    tenant, path = callers.tenant("Acme", rate=1), "/v1/session/dashboards"
    owner, host = callers.person(tenant, "owner", host="acme.loki.test"), "acme.loki.test"
    assert [owner.get(path).status_code for _ in range(3)] == [204] * 3
    assert callers.client(host).get(path).status_code == 401
    assert callers.key(tenant, host=host).get(path).status_code == 401
    assert callers.person(callers.tenant("Other"), "owner", host=host).get(path).status_code == 403
    assert callers.person(None, "operator", host=host).get(path).status_code == 204
    assert callers.client("elsewhere.test").get(path).status_code == 403
    for change in ({"status": "canceled"}, {"deactivated_at": callers.deps.clock.now()}):
        callers.deps.control.tenants.update(tenant.tenant_id, BY, **change)
        assert owner.get(path).status_code == 204


def test_the_sign_in_page_carries_the_tenants_look_and_nothing_that_could_leave_it(callers: Callers) -> None:
    tenant, brandings = callers.tenant(plan="enterprise"), callers.deps.control.brandings
    look = {"primary_colour": "#AA0000", "accent_colour": "#00AA00", "font": "serif"}
    css = (
        "h1 { color: #0000AA; position: fixed } </style><script>x</script> p { background: url(//evil.test) }"
    )
    brandings.change(tenant.tenant_id, BY, css=css, **look)
    png = io.BytesIO()
    Image.new("RGB", (30, 10), "#336699").save(png, "PNG")
    brandings.set_logo(tenant.tenant_id, png.getvalue(), BY)
    page = callers.client("acme.loki.test").get("/sign-in").text
    assert "--primary: #AA0000" in page
    assert "--accent: #00AA00" in page
    assert "Georgia" in page
    assert 'src="data:image/png;base64,' in page
    assert "h1 { color: #0000AA }" in page
    assert not [each for each in ("<script", "evil", "fixed") if each in page]
    assert page.count("</style>") == 1
    assert "#AA0000" not in callers.client().get("/sign-in").text


def test_whoever_has_a_network_of_addresses_has_the_tries_of_one(callers: Callers) -> None:
    def tried(address: str) -> int:
        client = callers.client(**{"X-Forwarded-For": address})  # as the proxy before us says
        return client.post("/sign-in", data={"email": f"{address}@acme.test", "password": "x"}).status_code

    assert [tried(f"2001:db8:1:2::{number}") for number in range(11)] == [401] * 10 + [429]
    assert tried("2001:db8:1:3::1") == 401


@pytest.mark.parametrize("path", ["/sign-in", "/set-password?token=x", "/forgot-password", "/", "/billing"])
def test_no_page_is_shown_at_a_name_that_is_nobodys(callers: Callers, path: str) -> None:
    for host in ("evil.test", "nobody.loki.test", "loki.test:99999", "a.acme.loki.test"):
        answer = callers.client(host).get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_host")


def test_no_password_is_set_at_a_name_that_is_nobodys(callers: Callers) -> None:
    control = callers.deps.control
    user = control.users.add(callers.tenant().tenant_id, "a@acme.test", BY)
    form = {"token": control.tokens.issue(user, "invitation"), "password": "battery staple"}
    assert callers.client("evil.test").post("/set-password", data=form).status_code == 404
    assert control.tokens.is_open(form["token"])
