"""Whose look the pages carry, and the sidebar's head and foot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.elements import plain
from dashboards.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.runtime import Runtime
    from tenants.sessions import Principal

WHITE_LABEL = "white_label"
_LOGO = Path(__file__).parent / "assets" / "logo.svg"


def default() -> Theme:
    """Return our own look."""
    return Theme()


def of(live: Runtime, who: Principal) -> Theme:
    """Return the look for this person: ours for staff, a tenant's own where its plan has white label."""
    if who.tenant_id is None:
        return default()
    tenant = live.control.tenants.get(who.tenant_id)
    if WHITE_LABEL not in live.control.tenants.entitlements(tenant).features:
        return Theme(name=tenant.name)
    look = live.control.brandings.of(who.tenant_id)
    return Theme(tenant.name, look.primary_colour, look.accent_colour, look.css, look.logo, look.font)


def sidebar(theme: Theme, who: Principal, sign_out: Callable[[], None]) -> None:
    """Show the logo on top, and who is signed in with the way out below."""
    st.logo(theme.logo or str(_LOGO), size="large")
    with st.sidebar:
        st.caption(f":material/account_circle: {plain(who.name)} · {plain(who.role)}  \n{plain(theme.name)}")
        st.button("Sign out", on_click=sign_out, key="sign-out")
