"""Movements: the ledger, and one click away the Stripe events that caused a row."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import audit, columns, elements, numbers
from dashboards.charts.parts import NAMES
from dashboards.definitions import MEANINGS
from dashboards.queries import movements as queries

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context

_AMOUNTS = ["amount", "mrr_before", "mrr_after"]
_REPORTED = ["reporting_amount"]


def render(context: Context) -> None:
    """Show the page."""
    elements.header(
        context,
        "Movements",
        "Every change of every customer's MRR. Choose a row to see the Stripe events behind it.",
    )
    span = queries.span(context.marts)
    if not span.get("last_day"):
        elements.nothing(
            "No movements yet", "They appear once Stripe has a subscription and `loki refresh` has run."
        )
        return
    found = _filtered(context, span)
    if found.is_empty():
        elements.nothing(
            "No movement fits", "Widen the period or take a filter away.", ":material/filter_alt_off:"
        )
        return
    chosen = _ledger(context, found)
    if chosen is None:
        st.info("Choose a row in the ledger to see the events that caused it.", icon=":material/ads_click:")
    else:
        movement = found.row(chosen, named=True)
        audit.looked_into(context, movement["tenant_id"], "movements")
        _events(context, movement)


def _filtered(context: Context, span: dict[str, Any]) -> pl.DataFrame:
    first, last = span["first_day"], span["last_day"]
    with st.container(border=True):
        days, types, reasons, words = st.columns([1.2, 1.4, 1.4, 1.4])
        period = days.date_input(
            "Period",
            (max(first, last - timedelta(days=365)), last),
            min_value=first,
            max_value=last,
            key="period",
        )
        kinds = types.multiselect("Types", span["types"], key="types", placeholder="All types")
        why = reasons.multiselect("Reasons", span["reasons"], key="reasons", placeholder="All reasons")
        search = words.text_input(
            "Search", key="words", placeholder="Customer, tenant, subscription or event id"
        )
    since, until = period if isinstance(period, tuple) and len(period) > 1 else (first, last)
    return queries.movements(context.marts, since, until, kinds, why, search.strip())


def _ledger(context: Context, found: pl.DataFrame) -> int | None:
    note = f" (the newest {queries.MOST:,})" if found.height == queries.MOST else ""
    return elements.table(
        context,
        f"{found.height:,} movements{note}",
        numbers.shown_by_row(numbers.shown_by_row(found, _AMOUNTS), _REPORTED, "reporting_currency"),
        "movements",
        numbers=found,
        selectable=True,
        height=460,
        meaning="Before + amount = after, exactly, for every row.",
        columns={
            "movement_date": columns.day("Day", "The reporting day on which it took effect."),
            "customer_id": columns.text("Customer"),
            "tenant_id": columns.text("Tenant", "Empty for customers that are no tenant of ours."),
            "movement_type": columns.text("Type", "; ".join(f"{k}: {MEANINGS[k]}" for k in NAMES), 100),
            "reason": columns.text("Reason", width=130),
            "amount": columns.amount("Amount", width=100),
            "mrr_before": columns.amount("Before", width=100),
            "mrr_after": columns.amount("After", width=100),
            "currency": columns.text("Currency"),
            "reporting_amount": columns.amount(
                "Reported", "In the reporting currency; an fx row has only this."
            ),
            "known_at": columns.moment("Known at", "When we could first have known it."),
            "source": columns.text("Source", "event, or reconstructed for history older than the events."),
        },
    )


def _events(context: Context, movement: dict[str, Any]) -> None:
    ids = movement["source_event_ids"]
    events = queries.events(context.marts, ids)
    kind = movement["movement_type"]
    amount, currency = ("reporting_amount", "reporting_currency") if kind == "fx" else ("amount", "currency")
    what = f"{kind} of {numbers.money(movement[amount], movement[currency])}"
    with st.container(border=True):
        title = f"What caused the {elements.plain(what)} on {numbers.day(movement['movement_date'])}"
        elements.title_row(context, title, events, f"events-{movement['movement_id']}")
        whose = elements.plain(" · ".join([movement["customer_id"], *movement["subscription_ids"]]))
        effective, known = numbers.moment(movement["effective_at"]), numbers.moment(movement["known_at"])
        st.caption(f"{whose} · effective {effective} · known {known}")
        for event in events.iter_rows(named=True):
            _event(event)
        missing = [event_id for event_id in ids if event_id not in set(events["event_id"])]
        if missing:
            st.markdown(
                "**Told by these objects and invoices**, as it is older than the events that Stripe keeps:"
            )
            st.code("\n".join(missing), language=None)


def _event(event: dict[str, Any]) -> None:
    name = f"**{elements.plain(event['event_type'])}** · {numbers.moment(event['created_at'])}"
    with st.expander(f"{name} · {elements.plain(event['event_id'])}", expanded=True, icon=":material/bolt:"):
        before, body = st.columns([1, 2])
        before.caption("Attributes before the event")
        before.json(json.loads(event["previous_attributes"] or "{}"), expanded=True)
        body.caption(f"The event as Stripe sent it, observed {numbers.moment(event['observed_at'])}")
        body.json(json.loads(event["body"]), expanded=3)
