"""Comparing billing with Stripe: what a comparison found, repairing it, and the prices that Stripe lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.forms import tasks
from dashboards.queries import stripe as queries
from dashboards.queries.account import staff_names
from tenants.billing.gateway import StripeGateway
from tenants.billing.prices import missing_keys
from tenants.tasks import Kind, Tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboards.context import Context
    from tenants.tasks import Task


def show(context: Context, done: Sequence[Task]) -> None:
    """Show one of the last comparisons, and what can be done about it."""
    if done:
        _chosen(context, {task.task_id: task for task in done})
    else:
        elements.nothing("Not compared yet", "Every night compares, or you now.", ":material/compare_arrows:")
    if tasks.may_ask(context):
        _ask(context)


def _chosen(context: Context, done: dict[str, Task]) -> None:
    names = staff_names(context.live.control)
    task_id = st.selectbox(
        "Comparison", list(done), format_func=lambda each: _name(done[each], names), key="compare-chosen"
    )
    if task_id not in done:
        return
    found = queries.differences(context.live.control, task_id)
    if found.is_empty():
        st.success("We and Stripe agreed.", icon=":material/check_circle:")
        return
    elements.table(
        context,
        numbers.several(found.height, "difference"),
        found,
        "differences",
        meaning="Ours is as we believed before the comparison.",
        columns={
            "tenant": columns.text("Tenant", width="medium"),
            "object_id": columns.text("Object at Stripe", width="medium"),
            "field": columns.text("Field", "id: we had never heard of the object."),
            "ours": columns.text("Ours", width="medium"),
            "stripes": columns.text("Stripe's", width="medium"),
        },
    )
    if tasks.may_ask(context) and not done[task_id].parameters.get("repair", True):
        _repair(context, found)


def _name(task: Task, names: dict[str, str]) -> str:
    count = numbers.several((task.outcome or {})["differences"], "difference")
    did = ", repaired" if task.parameters.get("repair", True) else ", not repaired"
    one = " of one tenant" if task.tenant_id else ""
    asker = names.get(task.asked_by, task.asked_by)
    return f"{numbers.moment(task.asked_at)} by {asker}: {count}{one}{did}"


def _repair(context: Context, found: pl.DataFrame) -> None:
    slugs = dict(found.select("tenant_id", "tenant").unique(maintain_order=True).iter_rows())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Tenant", list(slugs), format_func=lambda each: slugs.get(each, each), key="compare-tenant"
        )
        is_asked = st.button("Take in what Stripe says of it", key="compare-repair")
    if is_asked and chosen in slugs:
        ledger = Tasks(context.live.control)
        tasks.ask(context, lambda by: ledger.ask(Kind.compare_billing, by, str(chosen), repair=True))


def _ask(context: Context) -> None:
    ledger = Tasks(context.live.control)
    with st.container(horizontal=True, vertical_alignment="center"):
        is_asked = st.button(
            "Compare now", icon=":material/compare_arrows:", type="primary", key="compare-now"
        )
        repairs = st.checkbox("and take in what Stripe says", value=True, key="compare-repairs")
        with st.popover("Take everything in …"):
            st.markdown(
                "Reads every subscription and invoice of the account: for one that had customers "
                "before this installation heard of its events."
            )
            if st.button("Take everything in", key="adopt"):
                tasks.ask_for(context, Kind.adopt_billing)
    if is_asked:
        tasks.ask(context, lambda by: ledger.ask(Kind.compare_billing, by, repair=repairs))


def prices(context: Context) -> None:
    """Show, when asked, which of the catalogue's prices Stripe lacks, and make them."""
    st.markdown("The catalogue's prices are found in Stripe by lookup key; a plan without one is not sold.")
    if not tasks.may_ask(context):
        return
    with st.container(horizontal=True):
        is_asked = st.button("Look for missing prices", icon=":material/sell:", key="prices-look")
        makes = st.button("Make what is missing", key="prices-make")
    if makes:
        tasks.ask_for(context, Kind.create_prices)
    elif is_asked:
        gateway, catalogue = StripeGateway(context.live.settings), context.live.control.catalogue
        missing = acts.attempt(context, tasks.MANAGE, lambda _: missing_keys(gateway, catalogue))
        if missing:
            st.warning("Stripe lacks " + ", ".join(map(elements.plain, missing)) + ".")
        elif missing is not None:
            st.success("Stripe has every price.", icon=":material/check_circle:")
