"""The frame around all pages: who is signed in, which pages they see, which build is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
import structlog

from dashboards import branding, elements, memory, pages, session
from dashboards.context import Context
from dashboards.marts import Marts
from dashboards.runtime import Runtime, runtime
from tenants.errors import PaymentRequired, PlatformError, Unavailable
from tenants.warehouse import Build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.sessions import Principal

log = structlog.get_logger()
_BILLING = "billing"
ICON = str(Path(__file__).parent / "assets" / "icon.png")


def main() -> None:
    """Run once for each rerun of each person's browser."""
    st.set_page_config(page_title="LOKI", page_icon=ICON, layout="wide")
    memory.collect_on_a_timer()
    live = runtime()
    who = session.principal(live)
    if who is None:
        _signed_out(live)
    else:
        _signed_in(live, who)


def _signed_out(live: Runtime) -> None:
    """Answer every address of the dashboards with the way to sign in."""
    st.html(branding.default().stylesheet())
    ask = partial(session.ask_to_sign_in, session.sign_in_address(live.settings))
    home = st.Page(ask, title="Sign in", url_path="home", default=True)
    known = [st.Page(ask, title="Sign in", url_path=page.path) for page in (*pages.INTERNAL, *pages.TENANT)]
    st.navigation([home, *known], position="hidden").run()


def _signed_in(live: Runtime, who: Principal) -> None:
    theme = branding.of(live, who)
    st.set_page_config(page_title=theme.name, page_icon=ICON)
    st.html(theme.stylesheet())
    seen = pages.seen_by(who)
    if not seen:
        elements.nothing(
            "No dashboard for you", "Your role sees no page; ask an owner or admin to change it."
        )
        return
    sections: dict[str, list[st.Page]] = {}
    entries: dict[str, st.Page] = {}
    for page in seen:
        show = partial(_show, live, who, page, entries)
        entry = st.Page(show, title=page.title, icon=f":material/{page.icon}:", url_path=page.path)
        entries[page.path] = entry
        sections.setdefault(page.section, []).append(entry)
    # The first page keeps its own address beside the bare one, so that links work for every role.
    first = sections[seen[0].section]
    go = partial(st.switch_page, first[0])
    first.append(st.Page(go, title="Home", url_path="home", default=True, visibility="hidden"))
    chosen = st.navigation(sections, expanded=True)
    branding.sidebar(theme, who, partial(session.end, live, who))
    chosen.run()


def _show(live: Runtime, who: Principal, page: pages.Page, entries: Mapping[str, st.Page]) -> None:
    """Show one page on the published build, or say in a sentence why not; who must pay is sent to do so."""
    refusal = session.refusal(live, who, page.permission, is_billing=page.path == _BILLING)
    if isinstance(refusal, PaymentRequired) and _BILLING in entries:
        st.switch_page(entries[_BILLING])
    if refusal is not None:
        elements.nothing("Not open now", elements.plain(refusal.message), ":material/block:")
        session.watch(live)
        return
    build = None
    try:
        build = _build(live, page)
        marts = Marts(live.settings.state(), build.id, who.tenant_id)
        page.render(Context(who, marts, build, live.clock.now(), live, page.is_live))
    except Unavailable as error:
        elements.nothing("Nothing to show yet", elements.plain(error.message), ":material/hourglass_empty:")
    except PlatformError as error:
        st.error(elements.plain(error.message), icon=":material/error:")
    except Exception:
        # The person is told that it is us, not them; the log has the rest.
        log.exception("page_failed", page=page.path, build_id=build.id if build else None)
        st.error("This page could not be shown; what went wrong has been logged.", icon=":material/error:")
    session.watch(live)


def _build(live: Runtime, page: pages.Page) -> Build:
    """Return the published build; a live page opens without one, and finds no mart then."""
    try:
        return live.warehouse.published()
    except Unavailable:
        if not page.is_live:
            raise
        return Build("none", live.warehouse.builds_dir / "none", live.clock.now())


if __name__ == "__main__":
    main()
