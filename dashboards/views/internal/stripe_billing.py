"""Billing: whether we and Stripe agree, what is charged for overage, and which events wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import comparing, tasks
from dashboards.queries import stripe as queries
from tenants.tasks import Kind

if TYPE_CHECKING:
    import polars as pl

    from dashboards.context import Context

KINDS = (
    Kind.compare_billing,
    Kind.adopt_billing,
    Kind.charge_overage,
    Kind.create_prices,
    Kind.apply_events,
)


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context, "Billing", "Stripe is the book of record: where we differ from it, and what is on its way."
    )
    acts.told()
    control = context.live.control
    charges, events = queries.charges(control), queries.waiting_events(control)
    done = queries.comparisons(control)
    compared = numbers.age(done[0].asked_at, context.now) if done else numbers.NOTHING
    differences = (done[0].outcome or {})["differences"] if done else None
    unsent = charges.filter(charges["state"] != "sent").height
    elements.figures(
        [
            Figure("Last comparison", compared, meaning="How long ago; every night makes one."),
            Figure("Differences then", numbers.count(differences)),
            Figure("Charges not sent yet", numbers.count(unsent), meaning="For use above a quota."),
            Figure("Events that wait", numbers.count(events.height), meaning="Received and not yet applied."),
        ]
    )
    tasks.running(context, KINDS)
    if context.live.settings.stripe_api_key is None:
        st.info("No Stripe key is set (`LOKI_STRIPE_API_KEY`), so nothing is compared or charged.")
    parts = st.tabs(["Comparison", "Overage", "Events", "Prices", "Last done"])
    with parts[0]:
        comparing.show(context, done)
    with parts[1]:
        _overage(context, charges)
    with parts[2]:
        _events(context, events)
    with parts[3]:
        comparing.prices(context)
    with parts[4]:
        tasks.history(context, KINDS)


def _overage(context: Context, found: pl.DataFrame) -> None:
    if found.is_empty():
        elements.nothing("No charge yet", "Use above a quota is charged when its period has ended.")
    else:
        elements.table(
            context,
            numbers.several(found.height, "charge"),
            numbers.shown_by_row(found, ["amount"]),
            "overage",
            numbers=found,
            meaning="Each is kept before it is sent, and reaches Stripe once.",
            columns={
                "state": columns.text("State", "failing: the last attempt failed; it is tried again."),
                "tenant": columns.text("Tenant", width="medium"),
                "meter": columns.text("Meter"),
                "period_start": columns.day("From"),
                "period_end": columns.day("Until"),
                "units": st.column_config.NumberColumn("Units", format="%,.2f"),
                "amount": columns.amount("Amount"),
                "currency": columns.text("Currency"),
                "attempts": columns.count("Attempts"),
                "sent_at": columns.moment("Sent"),
                "failure": columns.text("Why not", width="medium"),
                "invoice_item_id": columns.text("At Stripe", width="medium"),
            },
        )
    if tasks.may_ask(context) and st.button("Charge now", icon=":material/payments:", key="overage-charge"):
        tasks.ask_for(context, Kind.charge_overage)


def _events(context: Context, found: pl.DataFrame) -> None:
    if found.is_empty():
        elements.nothing("Nothing waits", "Every event that Stripe sent is applied.", ":material/inbox:")
        return
    elements.table(
        context,
        numbers.several(found.height, "event"),
        found,
        "events",
        meaning="They are tried again every second; what Stripe contradicts is asked of it.",
        columns={
            "event_type": columns.text("Event", width="medium"),
            "event_id": columns.text("Id", width="medium"),
            "created_at": columns.moment("Happened"),
            "received_at": columns.moment("Received"),
            "attempts": columns.count("Attempts"),
            "failure": columns.text("Why it waits", width="large"),
        },
    )
    if tasks.may_ask(context) and st.button("Apply now", icon=":material/inbox:", key="events-apply"):
        tasks.ask_for(context, Kind.apply_events)
