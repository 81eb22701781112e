"""Chromium without a screen, and a served dashboard for it to look at."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

from dashboards.serve import command
from tenants.settings import PlatformSettings
from tests.dashboards.factories import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_SECONDS = 60


def chromium() -> str:
    """Return the browser's path; without one the test is skipped, or fails where browsers are required."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        message = "Chromium is not installed: `apt-get install chromium` brings it."
        if os.environ.get("LOKI_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(state: Path) -> Iterator[str]:
    """Serve the dashboards of a state folder as an installation does; give their address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {"LOKI_HOME": str(state), "LOKI_NOW": NOW.isoformat(), "LOKI_PRIVATE_HOSTS": "127.0.0.1"}
    environment = os.environ | ours
    settings = PlatformSettings(home=state, dashboard_port=port)
    with subprocess.Popen(command(settings), env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_until_ready(address: str) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            urlopen(address, timeout=5).close()  # noqa: S310 - our own address
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


class Watched:
    """A page of the browser that notes what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text, message.location))
        page.on("request", lambda request: self._note_outside(request.url))

    def go(self, path: str) -> None:
        """Open a page and wait until everything on it is drawn."""
        self.page.goto(f"{self.address}/{path}")
        self._settle()

    def choose(self, title: str) -> None:
        """Go to another page by its link in the sidebar."""
        self.page.locator("[data-testid=stSidebarNav]").get_by_role("link", name=title, exact=True).click()
        self.page.wait_for_selector(f"[data-testid=stMain] h1:has-text('{title}')")
        self._settle()

    def _settle(self) -> None:
        """Wait until the script has run and nothing is a placeholder any more."""
        self.page.wait_for_selector("[data-testid=stMain] h1, [data-testid=stMain] h4")
        self.page.wait_for_selector("[data-test-script-state=notRunning]")
        self.page.wait_for_selector("[data-testid=stSkeleton]", state="detached")

    def _note(self, kind: str, text: str, location: dict[str, object]) -> None:
        # Streamlit asks below the page's own address first, to find out where it is mounted.
        is_probe = "/_stcore/" in str(location.get("url"))
        if kind == "error" and not is_probe:
            self.problems.append(text)

    def _note_outside(self, address: str) -> None:
        if not address.startswith((self.address, "data:", "blob:", "ws://127.0.0.1")):
            self.problems.append(f"asked outside: {address}")


def harm(page: Page) -> list[str]:
    """What only hostile text can have put into a page: elements that run, load, send or lead elsewhere."""
    found: list[str] = page.evaluate(
        """() => {
            const kinds = "iframe,object,embed,base,math,meta[http-equiv=refresh],form[action],body[onload],"
                + "[href*='evil'],[src*='evil'],[href^='javascript:' i],details[ontoggle],img[src='x']";
            const acts = each => each.getAttributeNames().some(name => name.startsWith("on"));
            const found = [
                ...document.querySelectorAll(kinds),
                ...[...document.querySelectorAll("*")].filter(acts),
                ...[...document.scripts].filter(each => each.textContent.includes("hostile")),
            ];
            return [...found.map(each => each.outerHTML.slice(0, 200)), ...(window.hostile ? ["ran"] : [])];
        }"""
    )
    return found
