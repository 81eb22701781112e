"""Who is signed in: the API's session cookie, checked against the control plane at every rerun."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboards.elements import leave
from tenants.access.decision import Needs
from tenants.access.situations import refusal_of_page

if TYPE_CHECKING:
    from dashboards.runtime import Runtime
    from tenants.audit.records import Actor
    from tenants.errors import PlatformError
    from tenants.sessions import Principal
    from tenants.settings import PlatformSettings

COOKIE = "loki_session"
_LONGEST_AGENT = 200
CHECK_EVERY = 5.0  # seconds between looks at the session while a page stays open


def token() -> str | None:
    """Return the browser's session token, None where it sent none."""
    return st.context.cookies.get(COOKIE)


def principal(runtime: Runtime) -> Principal | None:
    """Return who is signed in now; None for no, an unknown, an expired or a revoked session."""
    given = token()
    return runtime.sessions.resolve(given) if given else None


def refusal(
    runtime: Runtime, who: Principal, permission: str | None, *, is_billing: bool
) -> PlatformError | None:
    """Return why a page is not open to this person, by the same decision as the API's."""
    needs = Needs(permission, is_reading=True, is_billing=is_billing)
    return refusal_of_page(runtime.control, who, needs)


@st.fragment(run_every=CHECK_EVERY)
def watch(runtime: Runtime) -> None:
    """Keep looking while the page stays open: a session that was revoked takes the page away."""
    if principal(runtime) is None:
        st.rerun(scope="app")


def sign_in_address(settings: PlatformSettings) -> str:
    """Return the API's sign-in page at the host that the browser used, and the way back from it."""
    return f"{api_address(settings)}/sign-in?{urlencode({'next': st.context.url or ''})}"


def end(runtime: Runtime, who: Principal) -> None:
    """End a person's session at once, in every process; the cookie they keep opens nothing."""
    if who.session_id is not None:
        runtime.sessions.revoke(who.session_id, actor_of(who))


def actor_of(who: Principal) -> Actor:
    """Return the person who looks as the audit log names them."""
    agent = st.context.headers.get("User-Agent", "")[:_LONGEST_AGENT] or None
    return who.actor(address(), agent)


def address() -> str | None:
    """Return where the browser is."""
    return st.context.ip_address


def api_address(settings: PlatformSettings) -> str:
    """Return where the API is at the host that the browser used."""
    here = urlsplit(st.context.url or "")
    if here.scheme == "https":  # a reverse proxy has joined the API and us
        return f"https://{here.netloc}"
    return f"http://{here.hostname or settings.base_domain}:{settings.api_port}"


def ask_to_sign_in(address: str) -> None:
    """Show nothing but the way to the sign-in page."""
    with st.container(width=460, border=True):
        st.title("Please sign in", anchor=False)
        st.markdown("Your session has ended, or you have not signed in yet.")
        leave("Sign in", address, is_primary=True)
