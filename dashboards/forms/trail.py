"""The audit trail: who did what, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards import columns, elements
from dashboards.session import api_address

if TYPE_CHECKING:
    from dashboards.context import Context

_MOST = 500
_SCHEMA = {
    "seq": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "actor": pl.String(),
    "action": pl.String(),
    "object": pl.String(),
    "detail": pl.String(),
}


def show(context: Context) -> None:
    """Show the newest entries, filtered by action, and where all of them are had."""
    if "audit:read" not in context.principal.permissions:
        elements.nothing("Not yours to see", "An owner or admin reads the audit trail.")
        return
    tenant_id, audit = elements.own_tenant(context), context.live.control.audit
    newest = audit.entries(tenant_id=tenant_id, limit=_MOST)
    chosen = st.selectbox(
        "Action",
        sorted({entry.action for entry in newest}),
        index=None,
        placeholder="Every action",
        key="trail-action",
    )
    entries = audit.entries(tenant_id=tenant_id, action=chosen, limit=_MOST)
    rows = [
        {
            "seq": entry.seq,
            "at": entry.at,
            "actor": f"{entry.actor_kind} {entry.actor_id}",
            "action": entry.action.replace("_", " "),
            "object": f"{entry.object_type} {entry.object_id}",
            "detail": ", ".join(f"{name}: {value}" for name, value in entry.detail.items()),
        }
        for entry in entries
    ]
    elements.table(
        context,
        "Audit trail",
        pl.DataFrame(rows, schema=_SCHEMA),
        "audit-trail",
        meaning=f"The newest {_MOST} entries. Each holds the hash of the one before.",
        columns={
            "seq": columns.count("Entry"),
            "at": columns.moment("When"),
            "actor": columns.text("Who"),
            "action": columns.text("Did"),
            "object": columns.text("To what", width="medium"),
            "detail": columns.text("Facts", width="medium"),
        },
    )
    elements.leave("Download every entry", f"{api_address(context.live.settings)}/v1/audit/export")
