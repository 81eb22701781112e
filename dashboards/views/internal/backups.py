"""Backups: how old each tenant's newest is, and whether one was read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import tasks
from dashboards.queries import upkeep as queries
from tenants.protection.backups import Backups
from tenants.tasks import Kind, Tasks

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context

KINDS = (Kind.back_up_all, Kind.verify_backup)


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Backups", "Every night backs each tenant up alone, sealed with the tenant's own key."
    )
    acts.told()
    found = queries.backups(context.live)
    states, verified = queries.counts(found, "state"), queries.counts(found, "verification")
    damaged = found.height - verified.get("never", 0) - verified.get("sound", 0)
    elements.figures(
        [
            Figure("Tenants", numbers.count(found.height)),
            Figure("Backed up lately", numbers.count(states.get("fresh", 0)), meaning="Within 25 hours."),
            Figure("Older", numbers.count(states.get("old", 0)), meaning="A night was missed."),
            Figure("Without a backup", numbers.count(states.get("none", 0))),
            Figure("Verified sound", numbers.count(verified.get("sound", 0)), meaning="Read to the end."),
            Figure("Damaged", numbers.count(damaged), meaning="The last one that was read."),
        ]
    )
    tasks.running(context, KINDS)
    if found.is_empty():
        elements.nothing("No tenant yet", "Create the first one on Tenants.", ":material/apartment:")
        return
    _list(context, found)
    if tasks.may_ask(context):
        _act(context, found)
    tasks.failed(context, Kind.back_up_all, "Not backed up the last time")
    tasks.history(context, KINDS)


def _list(context: Context, found: pl.DataFrame) -> None:
    elements.table(
        context,
        numbers.several(found.height, "tenant"),
        found,
        "backups",
        meaning="Without a backup first, then the oldest. Restoring one is done on the tenant's record.",
        columns={
            "slug": columns.text("Tenant", width="medium"),
            "state": columns.text("State", "fresh: within 25 hours."),
            "age": columns.text("Age"),
            "newest_at": columns.moment("Newest"),
            "size": columns.count("Bytes"),
            "backups": columns.count("Kept", "Old ones go with the tenant's days of retention."),
            "verification": columns.text("Verification", "Of the last one that was read.", width="medium"),
            "verified_backup_at": columns.moment("Of the backup of"),
            "verified_at": columns.moment("Verified"),
        },
    )


def _act(context: Context, found: pl.DataFrame) -> None:
    if st.button("Back every tenant up now", icon=":material/backup:", type="primary", key="backups-all"):
        tasks.ask_for(context, Kind.back_up_all)
    there = found.filter(found["backups"] > 0)
    slugs = dict(there.select("tenant_id", "slug").iter_rows())
    with st.container(border=True):
        st.subheader("Verify a backup", anchor=False)
        st.markdown("It is read to its end and its rows are counted; nothing changes.")
        chosen = st.selectbox(
            "Tenant",
            list(slugs),
            index=None,
            placeholder="Choose a tenant that has one",
            format_func=lambda tenant_id: slugs.get(tenant_id, tenant_id),
            key="backups-tenant",
        )
        if chosen in slugs:
            _verify(context, str(chosen))


def _verify(context: Context, tenant_id: str) -> None:
    live = context.live
    made = [each.at for each in Backups(live.control, live.stores).all(live.control.tenants.get(tenant_id))]
    at = st.selectbox("Made", made, format_func=numbers.moment, key=f"backups-at-{tenant_id}")
    if st.button("Verify", icon=":material/fact_check:", key="backups-verify") and at is not None:
        ledger = Tasks(live.control)
        tasks.ask(context, lambda by: ledger.ask(Kind.verify_backup, by, tenant_id, at=at.isoformat()))
