"""Settings: what is switched on, where the data lies, and the keys of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import columns, elements
from dashboards.queries import account as queries

if TYPE_CHECKING:
    from dashboards.context import Context


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(context, "Settings", "What is switched on for you, and where your data lies.")
    control, tenant_id = context.live.control, elements.own_tenant(context)
    tenant, allowed = queries.tenant(control, tenant_id), queries.entitlements(control, tenant_id)
    left, right = st.columns(2)
    with left:
        elements.facts(
            "Organisation",
            {
                "Name": tenant.name,
                "Slug": tenant.slug,
                "Tenant id": tenant.tenant_id,
                "Billing e-mail": tenant.billing_email or "–",
                "Time zone": tenant.time_zone,
                "Language": tenant.language,
            },
        )
    with right:
        elements.facts(
            "Data protection",
            {
                "Region": tenant.region,
                "Documents, evidence and usage detail are kept for": f"{tenant.retention_days} days",
                "Audit of every request": "on" if tenant.is_audited else "off",
                "Documents themselves": "kept"
                if tenant.keeps_documents
                else "not kept: only hash, type and findings",
            },
        )
    elements.facts(
        "Included",
        {
            "Modules": ", ".join(allowed.modules),
            "Features": ", ".join(sorted(feature.replace("_", " ") for feature in allowed.features)) or "–",
            "Requests a minute": f"{allowed.rate_limit_per_minute:,}",
        },
    )
    if "keys:read" in context.principal.permissions:
        _keys(context, tenant_id)


def _keys(context: Context, tenant_id: str) -> None:
    keys = queries.keys(context.live.control, tenant_id)
    if keys.is_empty():
        elements.nothing(
            "No API key yet", "Make one with `POST /v1/api-keys`; it is shown once.", ":material/key:"
        )
        return
    elements.table(
        context,
        "API keys",
        keys,
        "api-keys",
        meaning="A key is shown once; only its hash is kept.",
        columns={
            "name": columns.text("Name", width="medium"),
            "hint": columns.text("Begins with"),
            "permissions": columns.words("Permissions"),
            "created_at": columns.moment("Made"),
            "last_used_at": columns.moment("Last used"),
            "expires_at": columns.moment("Expires"),
            "revoked_at": columns.moment("Revoked"),
        },
    )
