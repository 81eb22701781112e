"""An owner connects identity providers on the page, tries them, and switches and removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.audit.records import SYSTEM
from tenants.sessions import Sessions
from tenants.sso.identities import Arrival
from tests.dashboards.firms import press, put, told
from tests.dashboards.test_app import opened
from tests.tenants.sso.provider import CLIENT, SECRET, providing
from tests.tenants.sso.saml_provider import saml_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

    from tests.dashboards.firms import Firm
    from tests.tenants.sso.provider import OpenIdProvider
    from tests.tenants.sso.saml_provider import SamlProvider


@pytest.fixture
def openid() -> Iterator[OpenIdProvider]:
    with providing() as running:
        yield running


@pytest.fixture
def saml() -> Iterator[SamlProvider]:
    with saml_provider() as running:
        yield running


def _connect(app: AppTest, issuer: str, secret: str = SECRET, saves: int = 0) -> str:
    put(app, "text_input", f"openid-issuer-{saves}", issuer)
    put(app, "text_input", f"openid-client-{saves}", CLIENT)
    put(app, "text_input", f"openid-secret-{saves}", secret)
    put(app, "selectbox", f"openid-role-{saves}", "viewer")
    return told(press(app, "openid-save"))


def _choose_saml(app: AppTest) -> AppTest:
    put(app, "radio", "sign-on-kind", "SAML")
    return app.run()


def test_an_owner_connects_an_openid_provider_tries_switches_and_removes_it(
    firm: Firm, openid: OpenIdProvider
) -> None:
    firm.sign_in("owner")
    slug = firm.control.tenants.get(firm.tenant_id).slug
    app = opened("sign-on")
    assert f"http://{slug}.localhost:8000/sso/callback" in [each.value for each in app.code]
    assert "Saved" in _connect(app, openid.issuer)
    connection, secret = firm.control.sso.of(firm.tenant_id)
    assert (connection.issuer, connection.client_id, connection.default_role) == (
        openid.issuer,
        CLIENT,
        "viewer",
    )
    assert secret == SECRET
    found = told(press(app, "openid-test"))
    assert "says under this issuer what it offers" in found
    assert "shows the keys" in found
    assert "Switched off" in told(press(app, "openid-switch"))
    assert not firm.control.sso.is_connected(firm.tenant_id)
    assert "In use" in told(press(app, "openid-switch"))
    assert firm.control.sso.is_connected(firm.tenant_id)
    assert "trusted no more" in told(press(app, "openid-remove"))
    assert firm.control.sso.find(firm.tenant_id) is None
    assert firm.audited()[:4] == ["sso_disconnected", "sso_enabled", "sso_disabled", "sso_connected"]


def test_a_secret_is_never_shown_again_and_is_kept_where_none_is_given(
    firm: Firm, openid: OpenIdProvider
) -> None:
    firm.sign_in("owner")
    app = opened("sign-on")
    _connect(app, openid.issuer)
    assert app.text_input(key="openid-secret-1").value == ""
    assert SECRET not in repr(app.main)
    put(app, "text_input", "openid-client-1", "another client")
    assert "Saved" in told(press(app, "openid-save"))
    connection, secret = firm.control.sso.of(firm.tenant_id)
    assert (connection.client_id, secret) == ("another client", SECRET)
    assert "Give the client secret" in _connect(app, "https://evil.test", "", saves=2)
    assert firm.control.sso.of(firm.tenant_id)[0].issuer == openid.issuer


def test_what_cannot_be_is_said_in_place_and_changes_nothing(firm: Firm) -> None:
    firm.sign_in("owner")
    app = opened("sign-on")
    assert "issuer must be an https address" in _connect(app, "login.test")
    assert "client secret" in _connect(app, "https://login.test", "")
    assert app.text_input(key="openid-issuer-0").value == "https://login.test"
    _choose_saml(app)
    assert "metadata once" in told(press(app, "saml-save"))
    put(app, "text_area", "saml-text-0", "<b>no metadata</b>")
    assert "no identity provider" in told(press(app, "saml-save"))
    assert firm.control.sso.find(firm.tenant_id) is None
    assert firm.control.saml.find(firm.tenant_id) is None


def test_a_provider_that_is_none_is_told_from_one_with_another_name(
    firm: Firm, openid: OpenIdProvider
) -> None:
    firm.sign_in("owner")
    app = opened("sign-on")
    _connect(app, f"{openid.issuer}/realm")
    assert "no OpenID configuration" in told(press(app, "openid-test"))
    _connect(app, openid.issuer, saves=1)
    real, openid.issuer = openid.issuer, "https://elsewhere.test"
    assert "calls itself https://elsewhere.test" in told(press(app, "openid-test"))
    _connect(app, "http://127.0.0.1:1", saves=2)
    assert "Nothing answers" in told(press(app, "openid-test"))
    assert firm.control.sso.of(firm.tenant_id)[0].issuer != real


def test_an_owner_enforces_it_once_it_works_and_lifts_it(firm: Firm, openid: OpenIdProvider) -> None:
    owner = firm.control.users.add(
        firm.tenant_id, "glass@firm.test", SYSTEM, role="owner", password="correct horse"
    )
    token, _ = Sessions(firm.control).begin(owner, "password", SYSTEM)
    firm.signer.with_token(token)
    app = opened("sign-on")
    _connect(app, openid.issuer)
    assert "seen to work" in told(press(app, "enforced-on"))
    openid.refuses = "invalid_grant"
    press(app, "openid-test")
    assert "through your company only" in told(press(app, "enforced-on"))
    policy = firm.control.enforcement.in_force(firm.tenant_id)
    assert policy is not None
    assert policy.break_glass_user_id == owner.user_id
    assert Sessions(firm.control).resolve(token) is not None
    assert "only way in" in told(press(app, "openid-remove"))
    assert "sign in again" in told(press(app, "enforced-off"))
    assert firm.control.enforcement.in_force(firm.tenant_id) is None
    assert firm.audited()[:2] == ["sso_enforcement_lifted", "sso_enforced"]


def test_an_owner_connects_a_saml_provider_by_its_pasted_metadata(firm: Firm, saml: SamlProvider) -> None:
    firm.sign_in("owner")
    slug = firm.control.tenants.get(firm.tenant_id).slug
    app = _choose_saml(opened("sign-on"))
    shown = [each.value for each in app.code]
    assert f"https://{slug}.localhost/sso/saml/metadata" in shown
    assert f"http://{slug}.localhost:8000/sso/saml/acs" in shown
    put(app, "text_area", "saml-text-0", saml.metadata())
    put(app, "selectbox", "saml-role-0", "manager")
    assert "Saved" in told(press(app, "saml-save"))
    put(app, "text_input", "saml-email-1", "mail")
    assert "Saved" in told(press(app, "saml-save"))
    connection = firm.control.saml.find(firm.tenant_id)
    assert connection is not None
    assert (connection.entity_id, connection.default_role, connection.email_attribute) == (
        saml.entity_id,
        "manager",
        "mail",
    )
    saml.trusts = firm.control.saml.keys.of(firm.tenant_id)[0].certificate
    assert "answers our signed request" in told(press(app, "saml-test"))
    assert "There are two" in told(press(app, "saml-rotate"))
    assert "newer certificate signs" in told(press(app, "saml-retire"))
    assert "Switched off" in told(press(app, "saml-switch"))
    assert not firm.control.saml.is_connected(firm.tenant_id)
    assert "trusted no more" in told(press(app, "saml-remove"))


def test_a_plan_without_single_sign_on_says_which_has_it(firm: Firm) -> None:
    firm.control.tenants.update(firm.tenant_id, SYSTEM, plan="starter")
    firm.sign_in("owner")
    app = opened("sign-on")
    assert "Enterprise has single sign\\-on" in " ".join(each.value for each in app.markdown)
    assert not app.text_input


def test_only_an_owner_sees_the_page(firm: Firm) -> None:
    firm.sign_in("admin")
    assert [each.value for each in opened("sign-on").title] != ["Single sign-on"]


def test_everyone_is_shown_where_to_link_their_own_sign_in(firm: Firm, openid: OpenIdProvider) -> None:
    firm.sign_in("viewer")
    assert "company's sign-in" not in " ".join(each.value for each in opened("profile").subheader)
    firm.control.sso.put(firm.tenant_id, openid.issuer, CLIENT, SECRET, "viewer", SYSTEM)
    assert "Your company's sign-in" in [each.value for each in opened("profile").subheader]


@pytest.mark.parametrize("is_own", [True, False])
def test_an_identity_is_unlinked_by_its_person_and_by_who_manages_the_team(
    firm: Firm,
    is_own: bool,  # noqa: FBT001 - a case
) -> None:
    own = firm.sign_in("owner")
    other = firm.control.users.add(firm.tenant_id, "bo@firm.test", SYSTEM, role="viewer", name="Bo").user_id
    whose = own if is_own else other
    arrival = Arrival(
        tenant_id=firm.tenant_id,
        issuer="https://login.test",
        subject="x",
        email=None,
        name=None,
        default_role="agent",
    )
    firm.control.identities.link(arrival, whose, SYSTEM)
    app = opened("profile" if is_own else "team")
    if not is_own:
        put(app, "selectbox", "change-person", other)
        app.run()
    (identity,) = firm.control.identities.of(whose, firm.tenant_id)
    assert "It is unlinked" in told(press(app, f"unlink-{identity.identity_id}"))
    assert firm.control.identities.of(whose, firm.tenant_id) == []
    assert firm.audited()[0] == "identity_unlinked"
