"""Settings: the organisation, its look and domains, keys, the plan, the audit trail, what becomes of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, elements
from dashboards.forms import domains, first_steps, keys, look, organisation, own_data, trail
from dashboards.queries import account as queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Settings", "What is switched on for you, how it looks, who may call the API."
    )
    acts.told()
    for tab, show in zip(st.tabs(list(_TABS)), _TABS.values(), strict=True):
        with tab:
            show(context)


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


_TABS: dict[str, Callable[[Context], None]] = {
    "Organisation": organisation.show,
    "Branding": look.show,
    "Domains": domains.show,
    "API keys": keys.show,
    "Plan": _included,
    "First steps": first_steps.show,
    "Audit trail": trail.show,
    "Your data": own_data.show,
}
