"""Requests to erase a tenant: when they are due, what they would remove, what they have removed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboards.queries.account import staff_names
from tenants.protection.erasure import Erasures
from tenants.protection.erasures_due import due_erasures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboards.marts import Row
    from dashboards.runtime import Runtime
    from tenants.protection.erasure import Erasure
    from tenants.protection.erasures_due import DueErasure

SOON = timedelta(days=7)
_MOMENT = pl.Datetime("us", "UTC")
_REQUESTS = {
    "state": pl.String(),
    "tenant": pl.String(),
    "due_at": _MOMENT,
    "requested_at": _MOMENT,
    "requested_by": pl.String(),
    "erased_at": _MOMENT,
    "rows_and_files": pl.Int64(),
    "anonymous_id": pl.String(),
}
_DUE = {"slug": pl.String(), "name": pl.String(), "due_at": _MOMENT, "rows_and_files": pl.Int64()}
_PLACES = {"place": pl.String(), "rows_and_files": pl.Int64()}


def requests(live: Runtime) -> list[Erasure]:
    """Return every request, those that wait first, the next one due on top."""
    found = Erasures(live.control, live.stores).all()
    return sorted(found, key=lambda each: (each.erased_at is not None, each.due_at))


def listed(live: Runtime, found: Sequence[Erasure]) -> pl.DataFrame:
    """Return requests as a table."""
    slugs = {tenant.tenant_id: tenant.slug for tenant in live.control.tenants.all()}
    staff, now = staff_names(live.control), live.clock.now()
    return pl.DataFrame([_row(each, slugs, staff, now) for each in found], schema=_REQUESTS)


def totals(found: Sequence[Erasure], now: datetime) -> Row:
    """Return how many wait, how many of them are due soon or late, and how many are done."""
    waiting = [each.due_at for each in found if each.erased_at is None]
    return {
        "waiting": len(waiting),
        "soon": sum(now <= due_at < now + SOON for due_at in waiting),
        "late": sum(due_at < now for due_at in waiting),
        "done": len(found) - len(waiting),
    }


def plan(live: Runtime, tenant_id: str) -> pl.DataFrame:
    """Return what an erasure would remove by place; nothing changes."""
    tenant = live.control.tenants.get(tenant_id)
    return places(Erasures(live.control, live.stores).plan(tenant))


def due(live: Runtime) -> list[DueErasure]:
    """Return what is due with what it would remove, counted at most once a minute."""
    return _due(live, tuple(each.anonymous_id for each in Erasures(live.control, live.stores).due()))


@st.cache_data(ttl=60, show_spinner=False)
def _due(_live: Runtime, ids: tuple[str, ...]) -> list[DueErasure]:  # noqa: ARG001 - remembered by them
    return due_erasures(_live.control, _live.stores)


def due_listed(found: Sequence[DueErasure]) -> pl.DataFrame:
    """Return what is due as a table."""
    rows = [
        {name: getattr(each, name, None) for name in _DUE} | {"rows_and_files": sum(each.places.values())}
        for each in found
    ]
    return pl.DataFrame(rows, schema=_DUE)


def places(counts: dict[str, int]) -> pl.DataFrame:
    """Return counts of rows and files by place."""
    rows = [{"place": place, "rows_and_files": count} for place, count in sorted(counts.items())]
    return pl.DataFrame(rows, schema=_PLACES)


def _row(each: Erasure, slugs: dict[str, str], staff: dict[str, str], now: datetime) -> Row:
    state = "erased" if each.erased_at else "late" if each.due_at < now else "waiting"
    erased = None if each.erased_at is None else sum((each.certificate or {}).get("places", {}).values())
    return {
        "state": state,
        "tenant": slugs.get(each.tenant_id or "", each.tenant_id),
        "due_at": each.due_at,
        "requested_at": each.requested_at,
        "requested_by": staff.get(each.requested_by, each.requested_by),
        "erased_at": each.erased_at,
        "rows_and_files": erased,
        "anonymous_id": each.anonymous_id,
    }
