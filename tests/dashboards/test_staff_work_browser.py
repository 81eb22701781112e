"""An operator has work done in a real browser, and each page tells of it by itself once it is done."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dashboards.session import COOKIE
from orchestration.demo.sandbox import Sandbox
from orchestration.tasks import ALL_RUNS
from tenants.audit.records import SYSTEM
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.control.tables import billing_facts
from tenants.protection.erasure import Erasures
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tasks import Kind, Tasks
from tenants.tasks.carrying import carry_out_waiting
from tenants.tenancy.provisioning import provision
from tenants.tenancy.records import NewTenant
from tests.dashboards.browser import Watched, harm, launched, served
from tests.dashboards.factories import HOSTILE, NOW
from tests.dashboards.test_staff_browser import choose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.early, pytest.mark.browser, pytest.mark.timeout(900)]  # a busy machine draws slowly
JUNIPER = "tenant_juniper"
_PATIENCE = 120_000  # milliseconds; the first page of a fresh server, on a busy machine


@pytest.fixture(scope="module")
def control(
    world: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ControlPlane]:
    """The control plane of a platform with a Stripe account, of which we know less than it does."""
    with (
        closing(Sandbox(tmp_path_factory.mktemp("stripe"), FixedClock(NOW), seed=5)) as sandbox,
        sandbox.serve(),
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("LOKI_STRIPE_API_KEY", sandbox.api_key)
        environment.setenv("LOKI_STRIPE_API_BASE", sandbox.url)
        settings = PlatformSettings(home=world[0], now=NOW)
        with (
            closing(ControlPlane.open(settings, settings.clock())) as opened,
            closing(TenantStores(settings, settings.clock())) as stores,
        ):
            _furnish(opened, stores)
            yield opened


def _furnish(control: ControlPlane, stores: TenantStores) -> None:
    gateway = StripeGateway(control.settings)
    prices.create_prices(gateway, control.catalogue)
    new = NewTenant(name=HOSTILE, slug="juniper", plan="professional", tenant_id=JUNIPER)
    juniper = provision(control, stores, new, SYSTEM)
    billing = Billing(control, Inbox(control), gateway)
    billing.subscribe(juniper, "professional", "month", SYSTEM, "pm_card_visa")
    control.database.write(lambda connection: connection.execute(billing_facts.delete()))


@pytest.fixture(scope="module")
def watched(world: tuple[Path, dict[str, str]], control: ControlPlane) -> Iterator[Watched]:
    assert control.tenants.get(JUNIPER).is_in_service
    with served(world[0]) as address, launched() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1700})
        context.add_cookies([{"name": COOKIE, "value": world[1]["operator"], "url": address}])
        context.set_default_timeout(_PATIENCE)
        yield Watched(context.new_page(), address)


def carry_out(control: ControlPlane) -> None:
    """Do what a process beside the API does."""
    with closing(TenantStores(control.settings, control.clock)) as stores:
        assert carry_out_waiting(control, stores, ALL_RUNS) == 1


def ask(page: Page, key: str, name: str) -> None:
    """Press a button and wait until the page says that the work waits."""
    page.locator(f".st-key-{key} button").click()
    page.get_by_text(f"{name}: asked for").wait_for()
    page.get_by_text(f"{name}: waiting").wait_for()


def test_billing_is_compared_and_its_differences_shown(watched: Watched, control: ControlPlane) -> None:
    page = watched.page
    watched.go("stripe-billing")
    ask(page, "compare-now", "Comparison with Stripe")
    carry_out(control)
    page.get_by_text("2 differences").first.wait_for()
    page.get_by_text("Comparison with Stripe: waiting").wait_for(state="detached")
    for part in ("Overage", "Events", "Prices", "Last done"):
        page.get_by_role("tab", name=part, exact=True).click()
    assert (harm(page), watched.problems) == ([], [])


def test_every_tenant_is_backed_up(watched: Watched, control: ControlPlane) -> None:
    page = watched.page
    watched.go("backups")
    ask(page, "backups-all", "Backup of every tenant")
    carry_out(control)
    page.get_by_text("Backup of every tenant: waiting").wait_for(state="detached")
    choose(page, "backups-tenant", "juniper")
    ask(page, "backups-verify", "Verification of a backup")
    carry_out(control)
    page.get_by_text("Verification of a backup: waiting").wait_for(state="detached")
    assert Tasks(control).newest_by_tenant(Kind.verify_backup)[JUNIPER].state == "done"
    assert (harm(page), watched.problems) == ([], [])


def test_stores_are_migrated(watched: Watched, control: ControlPlane) -> None:
    page = watched.page
    watched.go("stores")
    ask(page, "stores-migrate", "Migration of stores")
    carry_out(control)
    page.get_by_text("Migration of stores: waiting").wait_for(state="detached")
    assert (harm(page), watched.problems) == ([], [])


def test_a_due_erasure_is_asked_for_by_name(watched: Watched, control: ControlPlane) -> None:
    page, tasks = watched.page, Tasks(control)
    with closing(TenantStores(control.settings, control.clock)) as stores:
        erasures, juniper = Erasures(control, stores), control.tenants.get(JUNIPER)
        erasures.request(juniper, SYSTEM)
        erasures.hasten(juniper, SYSTEM)
        watched.go("erasures")
        typed = page.locator(".st-key-erasure-due-slugs input")
        typed.fill("another")
        page.locator(".st-key-erasure-due-do button").click()
        page.get_by_text("'another' is not due").wait_for()
        typed.fill("juniper")
        ask(page, "erasure-due-do", "Erasure")
        assert (harm(page), watched.problems) == ([], [])
        (asked,) = tasks.unfinished([Kind.erase_due])
        tasks.fail(asked.task_id, "Left to the tests of the erasure itself.")
        erasures.withdraw(juniper, SYSTEM)
