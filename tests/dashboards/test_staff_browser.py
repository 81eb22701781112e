"""An operator looks into a tenant and acts on it in a real browser; what tenants wrote stays text there."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

import orjson
import pytest
from playwright.sync_api import TimeoutError as TimedOut

from dashboards.session import COOKIE
from tenants.audit.records import SYSTEM
from tenants.control import ControlPlane
from tenants.protection.erasure import Erasures
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy.provisioning import provision
from tenants.tenancy.records import NewTenant
from tests.dashboards.browser import Watched, harm, launched, served
from tests.dashboards.factories import HOSTILE, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ELDER, HAZEL = "tenant_elder", "tenant_hazel"
_TRIES = 12


@pytest.fixture(scope="module")
def settings(world: tuple[Path, dict[str, str]]) -> PlatformSettings:
    return PlatformSettings(home=world[0], now=NOW)


@pytest.fixture(scope="module")
def control(settings: PlatformSettings) -> Iterator[ControlPlane]:
    with closing(ControlPlane.open(settings, settings.clock())) as opened:
        yield opened


@pytest.fixture(scope="module")
def erased(settings: PlatformSettings, control: ControlPlane) -> str:
    """Have one tenant and erase another; return what stands for the latter."""
    with closing(TenantStores(settings, settings.clock())) as stores:
        elder = NewTenant(name=HOSTILE, slug="elder", plan="starter", tenant_id=ELDER)
        provision(control, stores, elder, SYSTEM)
        control.users.add(ELDER, "el@firm.test", SYSTEM, name=HOSTILE)
        hazel = provision(control, stores, NewTenant(name="Hazel", plan="starter", tenant_id=HAZEL), SYSTEM)
        erasures = Erasures(control, stores)
        asked = erasures.request(hazel, SYSTEM)
        erasures.erase(hazel)
        erasures.complete(asked, SYSTEM, {"places": {"control: tenants": 1}, "kept": ["Amounts."]})
    return asked.anonymous_id


@pytest.fixture(scope="module")
def watched(world: tuple[Path, dict[str, str]], control: ControlPlane, erased: str) -> Iterator[Watched]:
    assert erased
    assert control.tenants.get(ELDER).is_in_service
    with served(world[0]) as address, launched() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 2000}, accept_downloads=True)
        context.add_cookies([{"name": COOKIE, "value": world[1]["operator"], "url": address}])
        yield Watched(context.new_page(), address)


def choose(page: Page, key: str, option: str) -> None:
    """Search a list for an option, as it shows no more than fit, and take it.

    A page that draws itself anew in between closes the list, so it is opened again until the option is taken.
    """
    searched, found = (
        page.locator(f".st-key-{key} input").first,
        page.get_by_role("option", name=option).first,
    )
    for _ in range(_TRIES):
        searched.fill("")
        searched.fill(option)
        with suppress(TimedOut):
            found.click(timeout=10_000)
            return
    pytest.fail(f"{option} cannot be chosen")


def test_a_tenant_is_looked_into_and_taken_out_of_service(watched: Watched, control: ControlPlane) -> None:
    page = watched.page
    watched.go("tenants")
    choose(page, "tenants-chosen", "(elder)")
    page.get_by_role("heading", name=HOSTILE).wait_for()
    for part in ("People", "Act"):
        page.get_by_role("tab", name=part, exact=True).click()
        assert harm(page) == []
    page.locator(".st-key-tenant-out-reason input").fill("Chargeback, ticket 4711")
    page.locator(".st-key-tenant-out-sure label").click()
    page.locator(".st-key-tenant-out-do button").click()
    page.get_by_text("is out of service").first.wait_for()
    assert not control.tenants.get(ELDER).is_in_service
    done = [each.action for each in control.audit.entries(tenant_id=ELDER) if each.actor_kind == "staff"]
    assert done == ["tenant_deactivated", "tenant_viewed"]
    assert harm(page) == []
    assert watched.problems == []


def test_a_certificate_is_downloaded(watched: Watched, erased: str) -> None:
    page = watched.page
    watched.go("erasures")
    choose(page, "erasures-chosen", erased)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download the certificate").click()
    file = downloading.value
    told = orjson.loads(file.path().read_bytes())
    assert file.suggested_filename == f"certificate-{erased}.json"
    assert (told["tenant_id"], told["certificate"]["places"]) == (None, {"control: tenants": 1})
    assert watched.problems == []
