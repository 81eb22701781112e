"""Stores: how each tenant's database stands to the newest schema, and migrating what is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import tasks
from dashboards.queries import upkeep as queries
from tenants.stores.migrations import newest_step
from tenants.tasks import Kind

if TYPE_CHECKING:
    from dashboards.context import Context

KINDS = (Kind.migrate_stores,)


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Stores", "Each tenant has a database of its own; a new version brings them up to date."
    )
    acts.told()
    found = queries.stores(context.live)
    states = queries.counts(found, "state")
    elements.figures(
        [
            Figure("Stores", numbers.count(found.height)),
            Figure("Newest schema", f"step {newest_step()}", meaning="That this version knows."),
            Figure("Current", numbers.count(states.get("current", 0))),
            Figure("Behind", numbers.count(states.get("behind", 0)), meaning="Migrated when first opened."),
            Figure("Ahead", numbers.count(states.get("ahead", 0)), meaning="Migrated by a newer version."),
            Figure("Unreadable", numbers.count(states.get("unreadable", 0))),
        ]
    )
    tasks.running(context, KINDS)
    if found.is_empty():
        elements.nothing("No store yet", "Create the first tenant on Tenants.", ":material/apartment:")
        return
    elements.table(
        context,
        numbers.several(found.height, "store"),
        found,
        "stores",
        meaning="Those that need a hand first; looking migrates nothing.",
        columns={
            "tenant": columns.text("Tenant", width="medium"),
            "state": columns.text("State"),
            "step": columns.count("Step"),
            "newest_step": columns.count("Newest"),
            "failure": columns.text("Why it cannot be read", width="large"),
        },
    )
    label = "Migrate every store now" if states.get("current") == found.height else "Resume the migration"
    if tasks.may_ask(context) and st.button(
        label, icon=":material/database_upload:", type="primary", key="stores-migrate"
    ):
        tasks.ask_for(context, Kind.migrate_stores)
    tasks.failed(context, Kind.migrate_stores, "Failed the last time")
    tasks.history(context, KINDS)
