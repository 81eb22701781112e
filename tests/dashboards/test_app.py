"""The whole application, run as Streamlit runs it, for each role and page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboards
from dashboards.pages import INTERNAL, TENANT, Page
from tests.dashboards.factories import BUILT_AT, NOW
from tests.dashboards.roles import SEEN

if TYPE_CHECKING:
    from tests.dashboards.conftest import Signer

# These read the control plane itself.
LIVE = {page.path for page in (*INTERNAL, *TENANT) if page.is_live}
APP = Path(dashboards.__file__).with_name("app.py")


def opened(path: str = "home") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app._page_hash = calc_hash(path)  # as the browser asks for an address
    return app.run()


def shows(app: AppTest, page: Page) -> bool:
    headings = [title.value for title in app.title]
    return len(headings) == 1 and headings[0].startswith(page.title) and not app.error and not app.exception


@pytest.mark.parametrize("page", [*INTERNAL, *TENANT], ids=lambda page: page.path)
def test_every_page_renders_and_says_as_of_when_and_from_which_build(page: Page, signed_in: Signer) -> None:
    signed_in("operator" if page in INTERNAL else "owner")
    app = opened(page.path)
    assert shows(app, page)
    told = " ".join(caption.value for caption in app.caption)
    if page.path in LIVE:
        assert f"As of **{NOW:%d %b %Y %H:%M} UTC**, live" in told
    else:
        assert f"As of **{BUILT_AT:%d %b %Y %H:%M} UTC** · build 20261126T050000Z\\-one" in told


@pytest.mark.parametrize("role", SEEN)
def test_the_address_of_a_page_that_is_not_theirs_leads_nowhere(role: str, signed_in: Signer) -> None:
    signed_in(role)
    foreign = next(page for page in (*TENANT, *INTERNAL) if page.path not in SEEN[role])
    assert not shows(opened(foreign.path), foreign)


def test_nothing_is_shown_without_a_session(signed_in: Signer) -> None:
    for token in (None, "", "made-up"):
        signed_in.with_token(token)
        for path in ("home", "revenue", "overview"):
            app = opened(path)
            assert [title.value for title in app.title] == ["Please sign in"]
            assert not app.metric
            assert not app.dataframe
