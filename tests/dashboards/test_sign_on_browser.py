"""An owner connects a SAML provider and an OpenID provider in a real browser, from their own address."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dashboards.session import COOKIE
from tenants.audit.records import SYSTEM
from tenants.control import ControlPlane
from tenants.sessions import Sessions
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy.provisioning import provision
from tenants.tenancy.records import NewTenant
from tests.dashboards.browser import Watched, launched, served
from tests.dashboards.factories import NOW
from tests.tenants.sso.provider import CLIENT, SECRET, providing
from tests.tenants.sso.saml_provider import saml_provider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TENANT = "tenant_rowan"


@pytest.fixture
def control(world: tuple[Path, dict[str, str]]) -> Iterator[ControlPlane]:
    settings = PlatformSettings(home=world[0], now=NOW)
    with closing(ControlPlane.open(settings, settings.clock())) as opened:
        yield opened


@pytest.fixture
def watched(world: tuple[Path, dict[str, str]], control: ControlPlane) -> Iterator[Watched]:
    """The pages of the owner of a tenant of this module's own, at the tenant's own address."""
    with closing(TenantStores(control.settings, control.clock)) as stores:
        tenant = provision(
            control, stores, NewTenant(name="Rowan", plan="enterprise", tenant_id=TENANT), SYSTEM
        )
    user = control.users.add(TENANT, "ro@firm.test", SYSTEM, role="owner", name="Ro")
    control.users.update(user.user_id, TENANT, SYSTEM, status="active")
    token, _ = Sessions(control).begin(user, "password", SYSTEM)
    with served(world[0]) as here, launched() as browser:
        address = here.replace("127.0.0.1", f"{tenant.slug}.localhost")
        context = browser.new_context(viewport={"width": 1400, "height": 1600})
        context.set_default_timeout(90_000)  # the first page of a fresh server, on a busy machine
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        yield Watched(context.new_page(), address)


def _fill(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key} input").first
    field.fill(text)
    field.press("Tab")


def test_providers_are_connected_and_tried_and_no_secret_comes_back(
    watched: Watched, control: ControlPlane
) -> None:
    page = watched.page
    watched.go("sign-on")
    with providing() as openid:
        _fill(page, "openid-issuer-0", openid.issuer)
        _fill(page, "openid-client-0", CLIENT)
        _fill(page, "openid-secret-0", SECRET)
        page.locator(".st-key-openid-save").get_by_role("button").click()
        page.get_by_text("Saved; test the connection next").wait_for()
        page.get_by_role("button", name="Test the connection").first.click()
        page.get_by_text("shows the keys").wait_for()
        assert control.sso.of(TENANT)[1] == SECRET
        assert page.locator(".st-key-openid-secret-1 input").input_value() == ""
        assert SECRET not in page.content()
        assert page.get_by_role("link", name="Link your own sign-in").first.is_visible()
    with saml_provider() as saml:
        page.locator(".st-key-sign-on-kind").get_by_text("SAML").click()
        file = {"name": "idp.xml", "mimeType": "text/xml", "buffer": saml.metadata().encode()}
        page.locator(".st-key-saml-file-0 input[type=file]").set_input_files([file])
        page.get_by_text("idp.xml").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download metadata").click()
        assert b"AssertionConsumerService" in download.value.path().read_bytes()
        page.locator(".st-key-saml-save").get_by_role("button").click()
        page.get_by_role("link", name=saml.entity_id).wait_for()
    assert control.saml.is_connected(TENANT)
    assert watched.problems == []
