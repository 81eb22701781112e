"""Settings: the organisation, its look, the keys of the API, and what the plan includes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, elements
from dashboards.forms import keys, look, organisation
from dashboards.queries import account as queries

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Settings", "What is switched on for you, how it looks, who may call the API."
    )
    acts.told()
    first, second, third, fourth = st.tabs(["Organisation", "Branding", "API keys", "Plan"])
    with first:
        organisation.show(context)
    with second:
        look.show(context)
    with third:
        keys.show(context)
    with fourth:
        _included(context)


def _included(context: Context) -> None:
    control, tenant_id = context.live.control, elements.own_tenant(context)
    tenant, allowed = queries.tenant(control, tenant_id), queries.entitlements(control, tenant_id)
    elements.facts(
        "Included",
        {
            "Modules": ", ".join(allowed.modules),
            "Features": ", ".join(sorted(feature.replace("_", " ") for feature in allowed.features)) or "–",
            "Requests a minute": f"{allowed.rate_limit_per_minute:,}",
        },
    )
    elements.facts(
        "Account", {"Tenant id": tenant.tenant_id, "Slug": tenant.slug, "Region of your data": tenant.region}
    )
