"""Work in the background: asked for with a button, watched while it runs, listed once it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import acts, columns, elements
from dashboards.queries import tasks as queries
from tenants.tasks import Kind, Task, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboards.context import Context
    from tenants.audit.records import Actor

MANAGE = "tenants:manage"
_EVERY_SECONDS = 2.0


def may_ask(context: Context) -> bool:
    """Return whether the person who looks may have something done."""
    return MANAGE in context.principal.permissions


def ask(context: Context, act: Callable[[Actor], Task]) -> None:
    """Have something done in the background and say so, or say in place why not."""
    asked = acts.attempt(context, MANAGE, act)
    if asked is not None:
        acts.tell_after(f"{queries.NAMES[Kind(asked.kind)]}: asked for.")


def ask_for(context: Context, kind: Kind) -> None:
    """Have what needs no more than its name done in the background."""
    ask(context, lambda by: Tasks(context.live.control).ask(kind, by))


def running(context: Context, kinds: Sequence[Kind]) -> None:
    """Show what waits or runs of some kinds; the page starts anew as soon as that changes."""
    unfinished = Tasks(context.live.control).unfinished(kinds)
    if unfinished:
        _watch(context, kinds, [each.task_id for each in unfinished])


def history(context: Context, kinds: Sequence[Kind]) -> None:
    """Show what was done of some kinds, by whom, and with what outcome."""
    found = queries.listed(context.live.control, kinds)
    if found.is_empty():
        return
    elements.table(
        context,
        "Last done",
        found,
        f"tasks-{kinds[0]}",
        meaning="By staff, on the command line and every night.",
        height=320,
        columns={
            "what": columns.text("What", width="medium"),
            "about": columns.text("Tenant"),
            "state": columns.text("State"),
            "told": columns.text("Outcome", width="medium"),
            "asked_at": columns.moment("Asked"),
            "asked_by": columns.text("By"),
            "finished_at": columns.moment("Finished"),
        },
    )


def failed(context: Context, kind: Kind, title: str) -> None:
    """Show for which tenants the last work of a kind failed, where it did."""
    found = queries.failures(context.live.control, kind)
    if found.is_empty():
        return
    elements.table(
        context,
        title,
        found,
        f"failed-{kind}",
        columns={"tenant": columns.text("Tenant"), "failure": columns.text("Why", width="large")},
    )


@st.fragment(run_every=_EVERY_SECONDS)
def _watch(context: Context, kinds: Sequence[Kind], shown: list[str]) -> None:
    unfinished = Tasks(context.live.control).unfinished(kinds)
    if [each.task_id for each in unfinished] != shown:
        st.rerun(scope="app")
    for each in unfinished:
        label = f"{queries.NAMES[Kind(each.kind)]}: {elements.plain(queries.told(each))}"
        st.progress(each.done / each.total if each.total else 0.0, text=label)
    st.caption(":material/sync: The API's process does this beside its other work; you may leave the page.")
