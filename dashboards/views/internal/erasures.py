"""Erasures: who is to be erased by when, what that removes, and the certificates of what was removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements, numbers
from dashboards.elements import Figure
from dashboards.forms import erasure, tasks
from dashboards.queries import erasures as queries
from tenants.protection.erasure import DEADLINE
from tenants.tasks import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.context import Context
    from tenants.protection.erasure import Erasure

KINDS = (Kind.erase_due,)


def render(context: Context) -> None:
    """Show the page."""
    elements.now_header(
        context,
        "Erasures",
        f"Whoever asks is erased everywhere within {DEADLINE.days} days, and never comes back.",
    )
    acts.told()
    found = queries.requests(context.live)
    totals = queries.totals(found, context.now)
    elements.figures(
        [
            Figure("Waiting", numbers.count(totals["waiting"]), meaning="Out of service already."),
            Figure("Due within a week", numbers.count(totals["soon"])),
            Figure("Late", numbers.count(totals["late"]), meaning="Due, and not yet carried out."),
            Figure("Erased", numbers.count(totals["done"]), meaning="Each has its certificate."),
        ]
    )
    tasks.running(context, KINDS)
    erasure.due(context)
    if found:
        _requests(context, found)
        _chosen(context, found)
    else:
        elements.nothing("Nobody asked", "Owners ask on their settings page, or you below.")
    erasure.ask(context)
    tasks.history(context, KINDS)


def _requests(context: Context, found: Sequence[Erasure]) -> None:
    elements.table(
        context,
        numbers.several(len(found), "request"),
        queries.listed(context.live, found),
        "erasures",
        meaning="A tenant that is erased is known by its anonymous id alone.",
        columns={
            "state": columns.text("State"),
            "tenant": columns.text("Tenant", width="medium"),
            "due_at": columns.moment("Due"),
            "requested_at": columns.moment("Asked"),
            "requested_by": columns.text("By"),
            "erased_at": columns.moment("Erased"),
            "rows_and_files": columns.count("Rows and files", "By its certificate."),
            "anonymous_id": columns.text("Anonymous id", width="medium"),
        },
    )


def _chosen(context: Context, found: Sequence[Erasure]) -> None:
    names = {each.anonymous_id: _name(context, each) for each in found}
    chosen = st.selectbox(
        "Request",
        list(names),
        index=None,
        placeholder="Choose one to see what it removes, or its certificate",
        format_func=lambda anonymous_id: names.get(anonymous_id, anonymous_id),
        key="erasures-chosen",
    )
    for each in found:
        if each.anonymous_id == chosen and each.tenant_id is None:
            erasure.certificate(context, each)
        elif each.anonymous_id == chosen:
            erasure.waiting(context, each)


def _name(context: Context, each: Erasure) -> str:
    if each.tenant_id is None:
        return f"{each.anonymous_id}, erased {numbers.moment(each.erased_at)}"
    return f"{context.live.control.tenants.get(each.tenant_id).name}, due {numbers.moment(each.due_at)}"
