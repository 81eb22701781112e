"""Single sign-on: the identity providers that the organisation's people may come by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, elements
from dashboards.forms import sso_enforced, sso_openid, sso_saml
from dashboards.queries import account
from tenants.sso.checks import FEATURE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page, or which plan has what it is for."""
    elements.now_header(
        context,
        "Single sign-on",
        "Your people sign in through your company, beside passwords or instead of them.",
    )
    acts.told()
    control, tenant_id = context.live.control, elements.own_tenant(context)
    if FEATURE not in account.entitlements(control, tenant_id).features:
        plan = control.catalogue.first_plan_with(feature=FEATURE)
        remedy = f"The plan {plan.name} has single sign-on; see Billing." if plan else "No plan has it."
        elements.nothing("Not in your plan", elements.plain(remedy), ":material/passkey:")
        return
    chosen = st.radio("By", list(_KINDS), horizontal=True, key="sign-on-kind", label_visibility="collapsed")
    _KINDS[chosen](context)
    sso_enforced.show(context)


_KINDS: dict[str, Callable[[Context], None]] = {"OpenID Connect": sso_openid.show, "SAML": sso_saml.show}
