"""Names that mean harm, wherever people's names and texts are shown on the dashboards, in a real browser."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dashboards.pages import INTERNAL, TENANT
from dashboards.session import COOKIE
from tenants.audit.records import SYSTEM
from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tests.dashboards.browser import Watched, harm, launched, served
from tests.dashboards.factories import NOW, TENANTS, people, published_build
from tests.tenants.api.hostile import SCRIPTS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.early, pytest.mark.browser]
_AT_ONCE = 8
# What tenants, or their customers' cards and firms, can write, and what is made of it.
_WRITTEN = {
    "top_violations": ["title", "gate_id"],
    "gate_outcomes": ["title", "gate_id"],
    "tenant_health": ["name"],
    "upsell_scores": ["name"],
    "data_quality": ["object_id", "detail"],
    "usage_days": ["module", "endpoint"],
    "validation_runs": ["document_type", "detected_type"],
    "compliance_trend": ["document_type"],
}


def _rewritten(texts: list[str]) -> str:
    """SQL that puts the texts, one after another, into every column that others write."""
    literal = "[" + ", ".join(f"'{text.replace(chr(39), chr(39) * 2)}'" for text in texts) + "]"
    return "".join(
        f"update marts.{table} set {column} = ({literal})[1 + (rowid + {place}) % {len(texts)}];"  # noqa: S608 - our own names
        for table, columns in _WRITTEN.items()
        for place, column in enumerate(columns)
    )


def _world(state: Path, texts: list[str]) -> dict[str, str]:
    published_build(state, changes=_rewritten(texts))
    settings = PlatformSettings(home=state, now=NOW)
    tokens = people(settings)
    with closing(ControlPlane.open(settings, settings.clock())) as control:
        for number, text in enumerate(texts):
            role = "agent" if number else "viewer"
            control.users.add(TENANTS[0], f"{number}@firm.test", SYSTEM, name=text.strip(), role=role)
            control.keys.issue(TENANTS[0], text, SYSTEM)
        for user in control.users.of(TENANTS[0])[:5]:
            control.users.update(user.user_id, TENANTS[0], SYSTEM, name=texts[0].strip())
        for each, text in zip(TENANTS, texts, strict=False):
            css = f"h1 {{ color: red }} {text} body {{ background: url(//evil.test) }}"
            control.tenants.update(each, SYSTEM, name=text.strip())
            control.brandings.change(each, SYSTEM, css=css)
    return tokens


@pytest.mark.parametrize(
    "texts",
    [pytest.param(SCRIPTS[1::17][:_AT_ONCE], id="a sample")]
    + [
        pytest.param(
            SCRIPTS[first :: len(SCRIPTS) // _AT_ONCE][:_AT_ONCE], id=f"part {first}", marks=pytest.mark.long
        )
        for first in range(len(SCRIPTS) // _AT_ONCE)
    ],
)
def test_names_and_texts_are_shown_as_text_on_every_page(texts: list[str], tmp_path: Path) -> None:
    tokens = _world(tmp_path, texts)
    with served(tmp_path) as address, launched() as browser:
        shown = _looked_at(browser, address, tokens["owner"], TENANT)
        assert texts[0].strip() in shown
        _looked_at(browser, address, tokens["operator"], INTERNAL)


def test_a_text_that_is_not_escaped_would_be_found() -> None:
    raw = [
        text for text in SCRIPTS if text.startswith(("<script", "<img", "<svg", "<iframe", "<a ", "<form"))
    ]
    assert len(raw) >= 6
    with launched() as browser:
        page = browser.new_page()
        for text in raw:
            page.set_content(f"<p>{text}</p>")
            assert harm(page) != [], text


def _looked_at(browser: Browser, address: str, token: str, pages: tuple) -> str:
    """Open every page and point at what is drawn; return the text of the sidebar."""
    context = browser.new_context(viewport={"width": 1400, "height": 2400})
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    watched = Watched(context.new_page(), address)
    watched.page.on("dialog", lambda dialog: (watched.problems.append(dialog.message), dialog.dismiss()))
    watched.go("")
    for page in pages:
        watched.choose(page.title)
        _point_at_drawings(watched)
        assert harm(watched.page) == [], page.title
        assert watched.problems == [], page.title
    shown = watched.page.locator("[data-testid=stSidebar]").inner_text()
    context.close()
    return shown


def _point_at_drawings(watched: Watched) -> None:
    """Tooltips are made of HTML: let each drawing show some."""
    for drawing in watched.page.locator("[data-testid=stMain] canvas").all()[:6]:
        box = drawing.bounding_box()
        if box:
            for part in (0.3, 0.6):
                watched.page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
