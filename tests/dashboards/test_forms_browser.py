"""A person changes team, look and keys in a real browser, and another site's page cannot."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.early, pytest.mark.browser]
TENANT = "tenant_willow"


@pytest.fixture(scope="module")
def control(world: tuple[Path, dict[str, str]]) -> Iterator[ControlPlane]:
    settings = PlatformSettings(home=world[0], now=NOW)
    with closing(ControlPlane.open(settings, settings.clock())) as opened:
        yield opened


@pytest.fixture(scope="module")
def watched(world: tuple[Path, dict[str, str]], control: ControlPlane) -> Iterator[Watched]:
    """The pages of the owner of a tenant of this module's own."""
    with closing(TenantStores(control.settings, control.clock)) as stores:
        willow = NewTenant(name="Firm willow", plan="enterprise", tenant_id=TENANT)
        provision(control, stores, willow, SYSTEM)
    user = control.users.add(TENANT, "wil@firm.test", SYSTEM, role="owner", name="Wil")
    control.users.update(user.user_id, TENANT, SYSTEM, status="active")
    token, _ = Sessions(control).begin(user, "password", SYSTEM)
    with served(world[0]) as address, launched() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1600})
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        yield Watched(context.new_page(), address)


def fill(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key} input, .st-key-{key} textarea").first
    field.fill(text)
    field.press("Tab")


def test_someone_is_invited_and_a_key_is_made_once(watched: Watched, control: ControlPlane) -> None:
    page = watched.page
    watched.go("team")
    fill(page, "invite-email", "ada@firm.test")
    fill(page, "invite-name", "Ada <b>Okafor</b>")
    page.get_by_role("button", name="Send invitation").click()
    page.get_by_text("ada@firm.test is invited as").wait_for()
    assert {user.name for user in control.users.of(TENANT)} == {"Wil", "Ada <b>Okafor</b>"}
    watched.choose("Settings")
    page.get_by_role("tab", name="API keys").click()
    fill(page, "key-name", "build server")
    page.get_by_role("button", name="Make key").click()
    text = page.locator("[data-testid=stCode]").inner_text().strip()
    assert control.keys.resolve(text) is not None
    page.reload()
    page.get_by_role("tab", name="API keys").click()
    page.get_by_text("Revoke a key").wait_for()
    assert text not in page.content()
    assert watched.problems == []


def test_a_look_shows_on_the_page_before_it_is_saved(watched: Watched, control: ControlPlane) -> None:
    page = watched.page
    watched.go("settings")
    page.get_by_role("tab", name="Branding").click()
    fill(page, "look-css", "h1 { color: #AA0000 } body { background: url(//evil.test/x) }")
    page.locator(".st-key-look-preview label").click()
    page.wait_for_function("getComputedStyle(document.querySelector('h1')).color == 'rgb(170, 0, 0)'")
    assert control.brandings.of(TENANT).css == ""
    page.get_by_role("button", name="Save look").click()
    page.get_by_text("The look is saved").wait_for()
    assert control.brandings.of(TENANT).css.startswith("h1 { color")
    assert watched.problems == []


def test_a_page_of_another_site_gets_no_connection(watched: Watched) -> None:
    """The cookie may go along, but Streamlit's socket takes messages of its own origin only."""
    elsewhere = watched.page.context.new_page()
    host = urlsplit(watched.address).netloc
    elsewhere.route("http://evil.test/**", lambda route: route.fulfill(body="<p>evil</p>"))
    elsewhere.goto("http://evil.test/")
    outcome = elsewhere.evaluate(
        """host => new Promise(done => {
            const socket = new WebSocket(`ws://${host}/_stcore/stream`, ["streamlit"]);
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
        host,
    )
    elsewhere.close()
    assert outcome == "refused"
