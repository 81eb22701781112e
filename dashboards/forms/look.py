"""The look: colours, font, logo and CSS, shown on the page itself before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import acts, elements
from dashboards.queries import account as queries
from dashboards.theme import Theme
from tenants.branding.brandings import FEATURE, FONTS
from tenants.branding.logos import MOST_BYTES
from tenants.branding.safe_css import LONGEST, sanitised

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context
    from tenants.audit.records import Actor
    from tenants.branding import Branding

_MANAGE = "branding:manage"
_IMAGES = ["png", "jpg", "jpeg", "gif", "webp"]


def show(context: Context) -> None:
    """Show the form, or why there is none."""
    control, tenant_id = context.live.control, elements.own_tenant(context)
    if FEATURE not in queries.entitlements(control, tenant_id).features:
        elements.nothing("Not in your plan", "White label comes with a larger plan; see Billing.")
        return
    if _MANAGE not in context.principal.permissions:
        elements.nothing("Not yours to change", "An owner or admin sets the look.")
        return
    now = control.brandings.of(tenant_id)
    with st.container(border=True):
        st.subheader("Colours, font and CSS", anchor=False)
        fields = _fields(now)
        _preview(fields)
        if st.button("Save look", type="primary", key="look-save"):
            _save(context, "The look is saved.", lambda by: control.brandings.change(tenant_id, by, **fields))
    _logo(context, tenant_id, now)


def _fields(now: Branding) -> dict[str, Any]:
    first, second, third = st.columns(3)
    primary = first.color_picker("Primary colour", now.primary_colour, key="look-primary")
    accent = second.color_picker("Accent colour", now.accent_colour, key="look-accent")
    font = third.selectbox("Font", FONTS, FONTS.index(now.font), key="look-font")
    css = st.text_area("CSS", now.css, max_chars=LONGEST, key="look-css", placeholder="h1 { color: #AA0000 }")
    return {"primary_colour": primary, "accent_colour": accent, "font": font, "css": css}


def _preview(fields: dict[str, Any]) -> None:
    if not st.toggle("Preview on this page", key="look-preview"):
        return
    look = Theme(
        primary=fields["primary_colour"],
        accent=fields["accent_colour"],
        css=fields["css"],
        font=fields["font"],
    )
    st.html(look.stylesheet())
    if fields["css"].strip():
        st.caption("What is used of the CSS; the rest could reach beyond the look of your own pages:")
        st.code(sanitised(fields["css"]) or "/* nothing */", language="css")


def _logo(context: Context, tenant_id: str, now: Branding) -> None:
    brandings = context.live.control.brandings
    with st.container(border=True):
        st.subheader("Logo", anchor=False)
        if now.logo is not None:
            st.image(now.logo, width=160)
            if st.button("Take the logo away", key="logo-remove"):
                _save(context, "The logo is gone.", lambda by: brandings.set_logo(tenant_id, None, by))
        file = st.file_uploader("A picture of at most 2 MB", _IMAGES, key="logo-file", max_upload_size=2)
        if file is not None and st.button("Use this logo", type="primary", key="logo-save"):
            content = file.read(MOST_BYTES + 1)
            _save(context, "The logo is saved.", lambda by: brandings.set_logo(tenant_id, content, by))


def _save(context: Context, sentence: str, act: Callable[[Actor], Branding]) -> None:
    if acts.attempt(context, _MANAGE, act, feature=FEATURE) is not None:
        acts.tell_after(sentence)
