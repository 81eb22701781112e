"""What pages are made of: header with "as of", key figures, framed drawings, tables, empty states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from dashboards import downloads
from dashboards.freshness import freshness
from dashboards.numbers import age, moment
from tenants.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from dashboards.charts.parts import Spec
    from dashboards.context import Context
    from dashboards.freshness import Freshness

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~:&])")


def plain(text: object) -> str:
    """Return text that Markdown shows exactly as it is; for anything a person typed."""
    return _MARKDOWN.sub(r"\\\1", str(text).replace("\n", " "))


def header(context: Context, title: str, lead: str) -> None:
    """Show the page's title, what it answers, and as of when and from which build its numbers are."""
    st.title(title, anchor=False)
    st.markdown(lead)
    facts = context.build.facts
    known = f" · as known at {plain(facts['as_known_at'])}" if facts.get("as_known_at") else ""
    policy = "" if context.principal.tenant_id else f" · policy {plain(facts.get('policy') or 'default')}"
    fresh = freshness(context.marts.state, context.build)
    build = f" · build {plain(context.build.id)}"
    st.caption(f":material/schedule: As of **{moment(fresh.current_at)}**{build}{policy}{known}")
    _banner(context, fresh)


def now_header(context: Context, title: str, lead: str) -> None:
    """Show the title of a page that reads the control plane itself: its numbers are of this moment."""
    st.title(title, anchor=False)
    st.markdown(lead)
    st.caption(f":material/schedule: As of **{moment(context.now)}**, live")


def own_tenant(context: Context) -> str:
    """Return the tenant of the person who looks.

    Raises:
        NotAllowed: The person belongs to none.
    """
    if context.principal.tenant_id is None:
        message = "This page shows one tenant to its own people; sign in as one of them."
        raise NotAllowed(message)
    return context.principal.tenant_id


def _banner(context: Context, fresh: Freshness) -> None:
    """Warn where a refresh is overdue or failed; why it failed is for our own people only."""
    is_staff = context.principal.tenant_id is None
    old = f"These numbers are **{age(fresh.current_at, context.now)} old**."
    if fresh.failed_at and is_staff:
        why = plain(fresh.failure or "It gave no reason.")
        st.warning(
            f"{old} The refresh of {moment(fresh.failed_at)} failed, so the last good build is shown. {why}",
            icon=":material/history:",
        )
    elif fresh.is_stale(context.now):
        remedy = "Run `loki refresh`." if is_staff else "New ones come with the next refresh."
        st.warning(f"{old} {remedy}", icon=":material/history:")


@dataclass(frozen=True)
class Figure:
    """One key figure.

    Attributes:
        label: What it is called.
        value: As shown.
        change: Against the period before, as shown, with its sign; None hides it.
        meaning: Its definition, shown on hover.
        up_is_good: Colours the change; None leaves it grey.
        trend: The last periods' values, drawn small below.
    """

    label: str
    value: str
    change: str | None = None
    meaning: str | None = None
    up_is_good: bool | None = True
    trend: Sequence[float] | None = None


_COLOURS: dict[bool | None, Literal["normal", "inverse", "off"]] = {
    True: "normal",
    False: "inverse",
    None: "off",
}


def figures(row: Sequence[Figure]) -> None:
    """Show key figures side by side, of equal height."""
    for column, figure in zip(st.columns(len(row)), row, strict=True):
        column.metric(
            figure.label,
            figure.value,
            figure.change,
            delta_color=_COLOURS[figure.up_is_good],
            help=figure.meaning,
            border=True,
            height="stretch",
            chart_data=list(figure.trend) if figure.trend and len(figure.trend) > 1 else None,
            chart_type="area",
        )


def drawing(
    context: Context,
    title: str,
    spec: Spec,
    frame: pl.DataFrame,
    name: str,
    *,
    meaning: str | None = None,
    height: int = 340,
) -> None:
    """Show a framed drawing with its title, its definition, and its numbers to download.

    Args:
        context: The page's context.
        title: What it shows.
        spec: The ECharts option.
        frame: The exact numbers behind it.
        name: File name of the download, and key; unique on the page.
        meaning: Definition or reading aid, shown on hover.
        height: Pixels.
    """
    with st.container(border=True):
        title_row(context, title, frame, name, meaning)
        st.echarts_chart(spec, height=height, key=f"chart-{name}", alt=title)


def title_row(
    context: Context, title: str, frame: pl.DataFrame, name: str, meaning: str | None = None
) -> None:
    """Show a frame's title with the download of its numbers at the right."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(title, anchor=False, help=meaning, width="content")
        downloads.offer(frame, name, context.stamp)


def table(  # noqa: PLR0913 - as above
    context: Context,
    title: str,
    frame: pl.DataFrame,
    name: str,
    *,
    columns: Mapping[str, Any],
    numbers: pl.DataFrame | None = None,
    selectable: bool = False,
    height: int = 480,
    meaning: str | None = None,
) -> int | None:
    """Show a framed table, only the named columns in the named order.

    Args:
        context: The page's context.
        title: What it lists.
        frame: Values as shown.
        name: File name of the download, and key; unique on the page.
        columns: Column name to its configuration.
        numbers: The exact values to download, where `frame` is rounded.
        selectable: Whether one row can be chosen.
        height: Most pixels; a short table is as high as its rows.
        meaning: Definition or reading aid.

    Returns:
        The index of the chosen row, None where none is.
    """
    exact = frame if numbers is None else numbers
    with st.container(border=True):
        title_row(context, title, exact, name, meaning)
        options: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-row"} if selectable else {}
        chosen = st.dataframe(
            frame,
            hide_index=True,
            column_order=list(columns),
            column_config=dict(columns),
            key=f"table-{name}",
            height="content" if frame.height * 35 < height - 40 else height,
            placeholder="–",
            **options,
        )
    rows = chosen.selection.rows if selectable else []
    return rows[0] if rows and rows[0] < frame.height else None


def nothing(title: str, remedy: str, icon: str = ":material/inbox:") -> None:
    """Show an empty state: what is missing and what brings it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"#### {icon} {title}", text_alignment="center")
        st.markdown(remedy, text_alignment="center")


def leave(label: str, address: str, *, is_primary: bool = False) -> None:
    """Show a link that leaves the dashboards in the same tab; Streamlit's own links open another one."""
    kind = "loki-leave loki-primary" if is_primary else "loki-leave"
    link = f'<a class="{kind}" href="{escape(address)}" target="_self">{escape(label)}</a>'
    st.markdown(link, unsafe_allow_html=True)


def facts(title: str, pairs: Mapping[str, str]) -> None:
    """Show a framed list of names and values; values are shown exactly as they are."""
    with st.container(border=True):
        st.subheader(title, anchor=False)
        for name, value in pairs.items():
            st.markdown(f":gray[{plain(name)}]  \n{plain(value)}")
