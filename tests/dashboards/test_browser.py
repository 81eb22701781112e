"""What a person sees, in a real browser on a real server."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

import polars as pl
import pytest

from dashboards.marts import Marts
from dashboards.pages import INTERNAL, TENANT
from dashboards.queries import revenue
from dashboards.session import COOKIE
from tenants.audit.records import SYSTEM
from tenants.control import ControlPlane
from tenants.sessions import Sessions
from tenants.settings import PlatformSettings
from tests.dashboards.browser import Watched, launched, served
from tests.dashboards.factories import HOSTILE, NOW, TENANTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.early, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.fixture(scope="module")
def address(world: tuple[Path, dict[str, str]]) -> Iterator[str]:
    with served(world[0]) as ready:
        yield ready


def person(browser: Browser, address: str, token: str | None) -> Watched:
    context = browser.new_context(viewport={"width": 1400, "height": 2400}, accept_downloads=True)
    if token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    return Watched(context.new_page(), address)


@pytest.mark.parametrize(
    ("role", "pages"), [("operator", INTERNAL), ("owner", TENANT)], ids=["staff", "tenant"]
)
def test_every_page_renders_without_an_error(
    role: str, pages: tuple, browser: Browser, address: str, world: tuple[Path, dict[str, str]]
) -> None:
    watched = person(browser, address, world[1][role])
    watched.go("")
    for page in pages:
        watched.choose(page.title)
        assert watched.page.locator("h1").inner_text().startswith(page.title)
        assert (
            watched.page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
        )
    assert watched.problems == []
    watched.page.context.close()


_OVERFLOWING = """() => [...document.querySelectorAll('[data-testid=stMetric]')].filter(card => {
  const value = card.querySelector('[data-testid=stMetricValue] p, [data-testid=stMetricValue] div');
  value.textContent = '£12,345,678.90';
  const words = document.createRange();
  words.selectNodeContents(value);
  return words.getBoundingClientRect().right > card.getBoundingClientRect().right - 2;
}).length"""


@pytest.mark.parametrize("width", [1000, 1280, 1440])
def test_figures_of_eight_digits_fit_their_cards(
    width: int, browser: Browser, address: str, world: tuple[Path, dict[str, str]]
) -> None:
    watched = person(browser, address, world[1]["revenue"])
    watched.page.set_viewport_size({"width": width, "height": 900})
    watched.go("revenue")
    assert watched.page.locator("[data-testid=stMetric]").count() > 0
    assert watched.page.evaluate(_OVERFLOWING) == 0
    watched.page.context.close()


def test_without_a_session_there_is_only_the_way_to_sign_in(browser: Browser, address: str) -> None:
    watched = person(browser, address, None)
    watched.go("movements")
    assert watched.page.locator("h1").inner_text() == "Please sign in"
    target = watched.page.get_by_role("link", name="Sign in").get_attribute("href")
    assert target is not None
    assert target.startswith("http://127.0.0.1:8000/sign-in?next=http%3A%2F%2F127.0.0.1")
    assert watched.page.locator("[data-testid=stSidebarNav]").count() == 0
    watched.page.context.close()


def test_a_movement_leads_to_its_stripe_events_in_one_click(
    browser: Browser, address: str, world: tuple[Path, dict[str, str]]
) -> None:
    watched = person(browser, address, world[1]["revenue"])
    watched.go("movements")
    table = watched.page.locator("[data-testid=stDataFrame] canvas").first
    table.click(position={"x": 15, "y": 52}, force=True)  # an empty layer for scrolling lies above it
    watched.page.get_by_text("customer.subscription.updated").wait_for()
    watched.page.locator("[data-testid=stJson]").filter(has_text="evt_").wait_for()
    assert watched.problems == []
    watched.page.context.close()


def test_a_download_has_the_numbers_of_the_mart(
    browser: Browser, address: str, world: tuple[Path, dict[str, str]]
) -> None:
    state, tokens = world
    watched = person(browser, address, tokens["revenue"])
    watched.go("revenue")
    watched.page.locator(".st-key-download-mrr-by-month button").first.click()
    with watched.page.expect_download() as downloading:
        watched.page.get_by_role("button", name="PARQUET").click()
    file = downloading.value
    assert file.suggested_filename == "mrr-by-month-20261126T050000Z-one.parquet"
    downloaded = pl.read_parquet(io.BytesIO(file.path().read_bytes()))
    assert downloaded.equals(revenue.months(Marts(state, "20261126T050000Z-one")))
    watched.page.context.close()


def test_hostile_text_is_shown_as_text(
    browser: Browser, address: str, world: tuple[Path, dict[str, str]]
) -> None:
    watched = person(browser, address, world[1]["operator"])
    alerts: list[str] = []
    watched.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for path in ("findings", "quotas", "upsell"):
        watched.go(path)
    third_row = {"x": 15, "y": 52 + 2 * 35}
    watched.page.locator("[data-testid=stDataFrame] canvas").first.click(position=third_row, force=True)
    heading = watched.page.get_by_role("heading", name="Why")
    heading.wait_for()
    assert heading.inner_text() == f"Why {HOSTILE}"
    assert watched.page.locator("script:text('alert')").count() == 0
    assert alerts == []
    assert watched.problems == []
    watched.page.context.close()


def test_a_revoked_session_takes_an_open_page_away_within_seconds(
    browser: Browser, address: str, world: tuple[Path, dict[str, str]]
) -> None:
    settings = PlatformSettings(home=world[0], now=NOW)
    with closing(ControlPlane.open(settings, settings.clock())) as control:
        sessions = Sessions(control)
        user = control.users.by_email(TENANTS[0], "viewer@example.com")
        assert user is not None
        token, session = sessions.begin(user, "password", SYSTEM)
        watched = person(browser, address, token)
        watched.go("usage")
        assert watched.page.locator("h1").inner_text() == "Usage"
        sessions.revoke(session.session_id, SYSTEM)
    watched.page.get_by_role("heading", name="Please sign in").wait_for(timeout=20_000)
    assert watched.page.locator("[data-testid=stDataFrame]").count() == 0
    watched.page.context.close()
