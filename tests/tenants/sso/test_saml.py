"""Sign-in through SAML as people and owners meet it."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from tenants.api.deps import Deps
from tenants.settings import PlatformSettings
from tenants.sso.saml.connections import Mapping
from tenants.tenancy import Overrides
from tests.tenants.api.hostile import CASES
from tests.tenants.factories import BY, CLOCK, NOW
from tests.tenants.sso import xml_signing as xml
from tests.tenants.sso.conftest import HOST, asked, go, served, trust
from tests.tenants.sso.saml_provider import certificate, rsa_key, time

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.saml_provider import SamlProvider

EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


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
    (session,) = callers.deps.sessions.of(first["user_id"])[:1]
    assert session.method == "saml"


@pytest.mark.usefixtures("saml_tenant")
def test_the_same_address_with_another_subject_is_another_person_and_refused(
    callers: Callers, idp: SamlProvider
) -> None:
    go(callers.client(HOST))
    idp.person["subject"] = "subject-2"
    answer = go(callers.client(HOST))
    assert (answer.status_code, answer.json()["code"]) == (409, "identity_not_linked")


@pytest.mark.usefixtures("saml_tenant")
def test_the_format_is_part_of_the_subjects_name(callers: Callers, idp: SamlProvider) -> None:
    go(callers.client(HOST))
    idp.says["format"] = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    assert go(callers.client(HOST)).json()["code"] == "identity_not_linked"


@pytest.mark.parametrize("password", [None, "correct horse"], ids=["invited", "active"])
def test_an_address_alone_makes_nobody_someone_else(
    callers: Callers, saml_tenant: Tenant, password: str | None
) -> None:
    callers.deps.control.users.add(
        saml_tenant.tenant_id, "ada@acme.test", BY, role="owner", password=password
    )
    answer = go(callers.client(HOST))
    assert (answer.status_code, answer.json()["code"]) == (409, "identity_not_linked")


def test_a_signed_in_person_links_an_identity_and_then_comes_by_it(
    callers: Callers, saml_tenant: Tenant
) -> None:
    person = callers.person(saml_tenant, "owner", host=HOST)
    assert go(person, "/sso/saml/link").status_code == 303
    other = callers.client(HOST)
    go(other)
    assert other.get("/v1/session").json()["role"] == "owner"
    again = go(callers.person(saml_tenant, "admin", host=HOST), "/sso/saml/link")
    assert (again.status_code, again.json()["code"]) == (409, "identity_taken")


def test_who_went_out_of_service_meanwhile_links_nothing(callers: Callers, saml_tenant: Tenant) -> None:
    person = callers.person(saml_tenant, "viewer", host=HOST)
    user_id = person.get("/v1/session").json()["user_id"]
    form = asked(person, "/sso/saml/link")
    callers.deps.control.users.deactivate(user_id, saml_tenant.tenant_id, BY)
    assert person.post("/sso/saml/acs", data=form).json()["code"] == "user_deactivated"


def test_a_user_who_was_put_out_of_service_does_not_come_back_this_way(
    callers: Callers, saml_tenant: Tenant
) -> None:
    client = callers.client(HOST)
    go(client)
    user_id = client.get("/v1/session").json()["user_id"]
    callers.deps.control.users.deactivate(user_id, saml_tenant.tenant_id, BY)
    assert go(callers.client(HOST)).json()["code"] == "user_deactivated"


def test_the_plans_user_limit_holds_for_who_comes_this_way(callers: Callers, saml_tenant: Tenant) -> None:
    own = Overrides(user_limit=1, rate_limit_per_minute=1000)
    callers.deps.control.tenants.update(saml_tenant.tenant_id, BY, overrides=own)
    callers.person(saml_tenant, "owner", host=HOST)
    answer = go(callers.client(HOST))
    assert (answer.status_code, answer.json()["code"]) == (403, "user_limit_reached")


@pytest.mark.usefixtures("saml_tenant")
def test_an_answer_counts_once_in_every_process_and_through_whichever_request(
    callers: Callers, idp: SamlProvider
) -> None:
    idp.says["assertion_id"] = "_the-same"
    client = callers.client(HOST)
    form = asked(client)
    cookie = dict(client.cookies)
    assert client.post("/sso/saml/acs", data=form).status_code == 303
    deps = Deps.open(callers.deps.settings, CLOCK)
    with served(deps) as elsewhere:
        other = elsewhere.client(HOST)
        other.cookies.update(cookie)
        answer = other.post("/sso/saml/acs", data=form)
        assert (answer.status_code, answer.json()["reason"]) == (401, "used_before")
        assert go(elsewhere.client(HOST)).json()["reason"] == "used_before"
    deps.close()


@pytest.mark.usefixtures("saml_tenant")
@pytest.mark.parametrize("signs", [("assertion",), ("response",), ("assertion", "response")], ids=str)
@pytest.mark.parametrize("method", [xml.RSA_SHA256, xml.PSS_SHA256])
def test_a_signature_on_the_assertion_or_on_the_answer_is_enough(
    callers: Callers, idp: SamlProvider, signs: tuple[str, ...], method: str
) -> None:
    idp.signs, idp.algorithms = signs, {"method": method}
    assert go(callers.client(HOST)).status_code == 303


@pytest.mark.usefixtures("saml_tenant")
def test_clocks_may_differ_by_less_than_a_minute(callers: Callers, idp: SamlProvider) -> None:
    ahead, behind = time(NOW + timedelta(seconds=50)), time(NOW - timedelta(seconds=50))
    for says in (
        {"issued": ahead, "not_before": ahead},
        {"not_on_or_after": behind, "confirmed_until": behind},
    ):
        idp.says = says
        assert go(callers.client(HOST)).status_code == 303


@pytest.mark.usefixtures("saml_tenant")
def test_a_session_ends_when_the_identity_provider_wants_it_to(callers: Callers, idp: SamlProvider) -> None:
    end = NOW + timedelta(minutes=20)
    idp.says["session"] = f'SessionNotOnOrAfter="{time(end)}"'
    client = callers.client(HOST)
    go(client)
    (session,) = callers.deps.sessions.of(client.get("/v1/session").json()["user_id"])
    assert session.expires_at == end


def test_attributes_are_mapped_as_the_tenant_says(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    idp.person = {
        "subject": "s",
        "urn:x:mail": "ada@acme.test",
        "urn:x:who": "Ada O",
        "email": "no@acme.test",
    }
    trust(
        callers.deps.control,
        saml_tenant,
        idp,
        certificate(idp.key),
        email_attribute="urn:x:mail",
        name_attribute="urn:x:who",
    )
    go(callers.client(HOST))
    (user,) = callers.deps.control.users.of(saml_tenant.tenant_id)
    assert (user.email, user.name, user.role, user.status) == ("ada@acme.test", "Ada O", "viewer", "active")


def test_a_hostile_name_from_the_provider_is_kept_as_text_or_refused(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    for number, text in enumerate(case for case in CASES[::5] if case.isprintable()):
        idp.person = {"subject": f"s{number}", "email": f"{number}@acme.test", "displayName": escape(text)}
        answer = go(callers.client(HOST))
        user = callers.deps.control.users.by_email(saml_tenant.tenant_id, f"{number}@acme.test")
        if answer.status_code == 303:
            assert user is not None
            assert user.name == (text.strip() or str(number))
        else:
            assert (answer.json()["code"], user) == ("invalid_name", None)


@pytest.mark.usefixtures("saml_tenant")
def test_the_name_is_the_address_where_its_format_says_so_and_else_one_is_asked_for(
    callers: Callers, idp: SamlProvider
) -> None:
    idp.person = {"subject": "ada@acme.test"}
    answer = go(callers.client(HOST))
    assert (answer.status_code, answer.json()["code"]) == (422, "sso_without_email")
    idp.says["format"] = EMAIL
    assert go(callers.client(HOST)).status_code == 303


@pytest.mark.usefixtures("saml_tenant")
def test_an_answer_that_nobody_asked_for_is_not_read_and_leads_to_asking(
    callers: Callers, idp: SamlProvider
) -> None:
    idp.finish = lambda response: etree.tostring(response).replace(
        f'InResponseTo="{response.get("InResponseTo")}"'.encode(), b""
    )
    client, form = callers.client(HOST), asked(callers.client(HOST))
    answer = client.post("/sso/saml/acs", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sso/saml/start")
    assert "loki_session" not in client.cookies
    assert go(client).json()["reason"] == "other_request"


@pytest.mark.usefixtures("saml_tenant")
def test_a_request_says_what_we_are_and_names_no_one(callers: Callers, idp: SamlProvider) -> None:
    there = callers.client(HOST).get("/sso/saml/start?next=/billing")
    cookie = there.headers["set-cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=none", "Path=/sso/saml"))
    query = urlsplit(there.headers["location"]).query
    request = idp.asked(query)
    assert request.get("AssertionConsumerServiceURL") == f"http://{HOST}/sso/saml/acs"
    assert request.get("IssueInstant") == time(NOW)
    assert set(parse_qs(query)) == {"SAMLRequest", "RelayState", "SigAlg", "Signature"}
    assert len(parse_qs(query)["RelayState"][0]) <= 80


def test_plain_http_to_another_machine_is_refused_before_the_way_begins(tmp_path: Path) -> None:
    deps = Deps.open(PlatformSettings(home=tmp_path, base_domain="loki.test"), CLOCK)
    with served(deps) as callers:
        tenant, saml = callers.tenant("Acme", plan="enterprise"), deps.control.saml
        provider = saml.provider("idp", "https://idp.test/sso", [certificate(rsa_key())])
        saml.put(tenant.tenant_id, provider, Mapping(), BY)
        client = callers.client("acme.loki.test")
        answer = client.get("/sso/saml/start")
        assert (answer.status_code, answer.json()["code"]) == (422, "https_required")
        by_proxy = client.get("/sso/saml/start", headers={"X-Forwarded-Proto": "https"})
        assert by_proxy.status_code == 303
    deps.close()


def test_a_plan_without_single_sign_on_has_no_saml_and_is_told_which_has(
    callers: Callers, saml_tenant: Tenant
) -> None:
    form = asked(callers.client(HOST))
    owner = callers.person(saml_tenant, "owner", host=HOST)
    callers.deps.control.tenants.update(saml_tenant.tenant_id, BY, plan="starter")
    anyone = callers.client(HOST)
    for answer in (
        anyone.get("/sso/saml/start"),
        anyone.get("/sso/saml/metadata"),
        anyone.post("/sso/saml/acs", data=form),
        owner.get("/v1/sso/saml"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "feature_not_in_plan")
        assert "enterprise" in answer.json()["detail"]
    assert "company" not in anyone.get("/sign-in").text


def test_a_person_in_a_browser_reads_why_they_were_refused_on_the_sign_in_page(
    callers: Callers, saml_tenant: Tenant, idp: SamlProvider
) -> None:
    idp.says["audience"] = "https://other.test"
    client = callers.client(HOST)
    form = asked(client)
    answer = client.post("/sso/saml/acs", data=form, headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "its audience is not this account" in answer.text
    assert f"Sign in to {saml_tenant.name}" in answer.text


def test_both_protocols_stand_side_by_side(callers: Callers, saml_tenant: Tenant) -> None:
    callers.deps.control.sso.put(saml_tenant.tenant_id, "https://login.test", "loki", "secret", "viewer", BY)
    page = callers.client(HOST).get("/sign-in?next=/billing").text
    assert '<a class="button" href="/sso/start?next=/billing">' in page
    assert '<a class="button" href="/sso/saml/start?next=/billing">' in page
    assert "(SAML)" in page
