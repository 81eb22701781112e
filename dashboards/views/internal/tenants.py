"""Tenants: all of them to search, one of them in full, and what an operator does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, audit, columns, elements, numbers
from dashboards.definitions import MEANINGS
from dashboards.elements import Figure
from dashboards.forms import new_tenant, tenant_record
from dashboards.queries import tenants as queries

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context

_MANAGE = "tenants:manage"


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Tenants", "Every customer of the platform: find one, see how it stands, act on it."
    )
    acts.told()
    found = queries.listed(context.live, context.marts)
    totals = queries.totals(found)
    elements.figures(
        [
            Figure("Tenants", numbers.count(totals["tenants"])),
            Figure("In service", numbers.count(totals["serving"]), meaning="Active or on trial."),
            Figure("Past due", numbers.count(totals["unpaid"]), meaning="A payment is overdue."),
            Figure("Out of service", numbers.count(totals["out"]), meaning="By an operator."),
            Figure("Gone", numbers.count(totals["gone"]), meaning="Canceled or closed."),
        ]
    )
    if found.is_empty():
        elements.nothing("No tenant yet", "Create the first one below.", ":material/apartment:")
    else:
        _find(context, found)
    if _MANAGE in context.principal.permissions:
        with st.expander("Create a tenant", icon=":material/add_business:"):
            new_tenant.show(context)


def _find(context: Context, found: pl.DataFrame) -> None:
    shown = _filtered(found)
    _list(context, shown)
    names = {row["tenant_id"]: f"{row['name']} ({row['slug']})" for row in shown.iter_rows(named=True)}
    chosen = st.selectbox(
        "Tenant",
        list(names),
        index=None,
        placeholder="Choose one to open its record; the look is written to its audit trail",
        format_func=lambda tenant_id: names.get(tenant_id, tenant_id),
        key="tenants-chosen",
    )
    audit.looked_into(context, chosen, "tenants")
    if chosen in names:
        tenant_record.show(context, str(chosen))


def _filtered(found: pl.DataFrame) -> pl.DataFrame:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search", placeholder="Name, slug or id", key="tenants-words", max_chars=100)
        plans = _several("Plan", found, "plan")
        standings = _several("Status", found, "standing")
        regions = _several("Region", found, "region")
        bands = [*queries.HEALTH_BANDS, queries.NOT_SCORED]
        health = st.selectbox("Health", bands, index=None, placeholder="Any", key="tenants-health")
    return queries.narrowed(found, words, plans, standings, regions, health)


def _several(label: str, found: pl.DataFrame, column: str) -> list[str]:
    there = sorted(found[column].unique())
    return st.multiselect(label, there, placeholder="Any", key=f"tenants-{column}", format_func=_word)


def _word(name: str) -> str:
    return name.replace("_", " ")


def _list(context: Context, shown: pl.DataFrame) -> None:
    elements.table(
        context,
        numbers.several(shown.height, "tenant"),
        shown,
        "tenants",
        meaning="As they are now; health and quota use are those of the newest build.",
        columns={
            "name": columns.text("Tenant", width="medium"),
            "plan": columns.text("Plan"),
            "standing": columns.text("Status", "Of its subscription, or what keeps it out of service."),
            "region": columns.text("Region"),
            "health": columns.level("Health", 100, MEANINGS["health"], "%.0f"),
            "most_used_percent": columns.level("Fullest quota", 100, MEANINGS["use_percent"]),
            "last_active_at": columns.moment("Last active", "A person signed in, or a key was used."),
            "seats": columns.count("People", "Active and invited."),
            "payment_failures": columns.count("Failed payments", "Of open invoices."),
            "created_at": columns.moment("Since"),
            "slug": columns.text("Slug"),
            "tenant_id": columns.text("Tenant id"),
        },
    )
