"""A tenant pays in a real browser, and the ledger tells of it with Stripe's own event ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from dashboards.session import COOKIE
from orchestration.context import MainJob, reporting
from orchestration.demo.sandbox import Sandbox
from orchestration.progress import Silent
from orchestration.refresh import refresh
from orchestration.serve import create_app
from orchestration.settings import BuildSettings
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.worker import BillingWorker
from tenants.clock import FixedClock
from tenants.settings import PlatformSettings
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.dashboards.browser import Watched, launched, served
from tests.dashboards.factories import NOW
from tests.tenants.api.serving import serving
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.api.deps import Deps
    from tenants.tenancy import Tenant

# A browser's whole way, and a whole refresh.
pytestmark = [pytest.mark.early, pytest.mark.browser, pytest.mark.timeout(900)]
_PATIENCE = 240_000  # milliseconds; the first page of a fresh server, on a busy machine
_MOVEMENTS = """
    select movement_type, amount, movement_date, source_event_ids from marts.mrr_movements
    where tenant_id = ? and movement_type <> 'fx' order by movement_date, movement_type
"""


@dataclass(frozen=True)
class Shop:
    """A platform with its sandbox, and a tenant's owner in front of a browser."""

    sandbox: Sandbox
    clock: FixedClock
    deps: Deps
    tenant: Tenant
    watched: Watched

    def pass_days(self, days: int) -> None:
        self.clock.set(self.clock.now() + timedelta(days=days))
        self.sandbox.advance_to(self.clock.now())

    def to_stripe(self, button: str) -> None:
        """Go by a button of the billing page to Stripe."""
        page = self.watched.page
        page.get_by_role("button", name=button).click()
        page.get_by_role("link", name="Continue at Stripe").click()
        page.wait_for_url(f"{self.sandbox.url}/**")

    def back(self) -> None:
        self.watched.page.get_by_role("link", name="Back").click()

    def sees(self, text: str) -> None:
        """Wait until the billing page says so, by itself."""
        self.watched.page.get_by_text(text).first.wait_for()

    def payment_method(self) -> str:
        """Return what pays for the subscription."""
        state = self.deps.billing.state(self.deps.control.tenants.get(self.tenant.tenant_id))
        subscription = self.sandbox.call("GET", f"/v1/subscriptions/{state.subscription_id}")
        return str(subscription["default_payment_method"])

    def card(self) -> str:
        method = self.sandbox.call("GET", f"/v1/payment_methods/{self.payment_method()}")
        return str(method["card"]["brand"])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    clock, state = FixedClock(NOW), tmp_path / "state"
    sandbox = Sandbox(tmp_path / "stripe", clock)
    with sandbox.serve():
        settings = PlatformSettings(
            home=state,
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
            stripe_webhook_secret=SecretStr(sandbox.webhook_secret),
        )
        monkeypatch.setenv("LOKI_STRIPE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("LOKI_STRIPE_API_BASE", sandbox.url)
        app = create_app(settings, clock)
        deps = app.state.deps
        prices.create_prices(StripeGateway(settings), deps.control.catalogue)
        tenant = provision(deps.control, deps.stores, NewTenant(name="Elm", plan="professional"), BY)
        worker = BillingWorker(deps.control, deps.stores, deps.inbox)
        worker.start()
        with serving(app) as api, served(state) as address, launched() as browser:
            sandbox.register_webhook(f"{api}/webhooks/stripe")
            context = browser.new_context(viewport={"width": 1400, "height": 1500})
            context.set_default_timeout(_PATIENCE)
            context.add_cookies([{"name": COOKIE, "value": _owner(deps, tenant), "url": address}])
            watched = Watched(context.new_page(), address)
            yield Shop(sandbox, clock, deps, tenant, watched)
        worker.stop()
        deps.close()
    sandbox.close()


def _owner(deps: Deps, tenant: Tenant) -> str:
    user = deps.control.users.add(
        tenant.tenant_id, "owner@elm.test", BY, role="owner", password="correct horse"
    )
    return str(deps.sessions.begin(user, "password", BY)[0])


def test_an_owner_pays_changes_cancels_and_resumes_and_the_ledger_has_it(shop: Shop) -> None:
    shop.watched.go("billing")
    _subscribe(shop)
    shop.pass_days(3)
    _change_plan(shop)
    shop.pass_days(2)
    _cancel_and_resume(shop)
    _change_card(shop)
    found = _movements(shop)
    assert [row[:2] for row in found] == [("new", Decimal(299)), ("contraction", Decimal(-200))]
    assert found[1][2] - found[0][2] == timedelta(days=3)
    kinds = [{_event(shop, event_id) for event_id in row[3]} for row in found]
    assert "customer.subscription.created" in kinds[0]
    assert "customer.subscription.updated" in kinds[1]


def test_an_owner_whose_card_is_refused_at_the_renewal_is_sent_to_where_it_is_paid(shop: Shop) -> None:
    shop.deps.billing.subscribe(shop.tenant, "professional", "month", BY, "pm_card_visa")
    shop.sandbox.decline(shop.payment_method())
    shop.pass_days(31)
    page, here = shop.watched.page, shop.watched.address
    shop.watched.go("billing?from=stripe")
    shop.sees("Payment is overdue")
    for path in ("overview", "team"):
        page.goto(f"{here}/{path}")
        page.wait_for_url(f"{here}/billing")
        shop.sees("Payment is overdue")
    link = page.get_by_role("link", name="Pay the open invoice")
    assert urlsplit(str(link.get_attribute("href"))).netloc == urlsplit(shop.sandbox.url).netloc


def _subscribe(shop: Shop) -> None:
    page = shop.watched.page
    shop.to_stripe("Go to Checkout")
    page.get_by_text("299.00 GBP").wait_for()
    page.get_by_label("0002").check()
    page.get_by_role("button", name="Subscribe").click()
    assert "declined" in str(page.get_by_role("alert").text_content())
    assert shop.deps.billing.state(shop.deps.control.tenants.get(shop.tenant.tenant_id)).plan is None
    page.get_by_label("4242").check()
    page.get_by_role("button", name="Subscribe").click()
    page.wait_for_url(f"{shop.watched.address}/billing**")
    shop.sees("Open the billing portal")
    shop.sees("Everything is paid")
    assert shop.deps.control.tenants.get(shop.tenant.tenant_id).status == "active"


def _change_plan(shop: Shop) -> None:
    page = shop.watched.page
    shop.to_stripe("Open the billing portal")
    page.get_by_label("Plan").select_option(label="Starter, 99.00 GBP every month")
    page.get_by_role("button", name="Change plan").click()
    shop.back()
    page.locator("[data-testid=stMetricValue]", has_text="Starter").wait_for()
    assert shop.deps.control.tenants.get(shop.tenant.tenant_id).plan == "starter"


def _cancel_and_resume(shop: Shop) -> None:
    page = shop.watched.page
    shop.to_stripe("Open the billing portal")
    page.get_by_role("button", name="Cancel at the end of the period").click()
    page.get_by_text("ends with the period").wait_for()
    shop.back()
    shop.sees("The subscription ends with the paid period")
    shop.to_stripe("Open the billing portal")
    page.get_by_role("button", name="Keep it").click()
    shop.back()
    shop.sees("Everything is paid")


def _change_card(shop: Shop) -> None:
    page = shop.watched.page
    assert shop.card() != "mastercard"
    shop.to_stripe("Open the billing portal")
    page.get_by_label("4444").check()
    page.get_by_role("button", name="Use this card").click()
    page.get_by_role("button", name="Use this card").wait_for()
    shop.back()
    shop.sees("Everything is paid")
    assert shop.card() == "mastercard"
    at_stripe = (shop.sandbox.url, "402 (Payment Required)")  # the declined card's page
    assert [each for each in shop.watched.problems if not any(told in each for told in at_stripe)] == []


def _movements(shop: Shop) -> list[Any]:
    """Refresh the warehouse and return what its ledger has of the tenant."""
    settings = shop.deps.settings
    job = MainJob(settings, reporting(settings, BuildSettings()), shop.clock, Silent())
    assert refresh(job).kind == "published"
    with job.warehouse.open() as connection:
        return connection.execute(_MOVEMENTS, [shop.tenant.tenant_id]).fetchall()


def _event(shop: Shop, event_id: str) -> str:
    return str(shop.sandbox.call("GET", f"/v1/events/{event_id}")["type"])
