"""The audit trail of the whole platform, whether it is whole, and the evidence made of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dashboards.marts import Row
    from tenants.audit import AuditEntry
    from tenants.audit.heads import Verdict
    from tenants.control import ControlPlane

MOST = 1000
_MOMENT = pl.Datetime("us", "UTC")
_ENTRIES = {
    "seq": pl.Int64(),
    "at": _MOMENT,
    "tenant": pl.String(),
    "who": pl.String(),
    "action": pl.String(),
    "object": pl.String(),
    "detail": pl.String(),
    "personal": pl.String(),
    "tenant_id": pl.String(),
    "entry_hash": pl.String(),
}
_EVIDENCE = {
    "kind": pl.String(),
    "criterion": pl.String(),
    "at": _MOMENT,
    "tenant": pl.String(),
    "subject": pl.String(),
    "action": pl.String(),
    "facts": pl.String(),
}
_OF_RECORD = {"kind", "criterion", "at", "tenant", "subject", "actor", "action"}
_PLATFORM = "the platform"


def entries(
    control: ControlPlane,
    *,
    tenant_id: str | None,
    action: str | None,
    actor: str | None,
    object_id: str | None,
    days: tuple[date | None, date | None],
) -> pl.DataFrame:
    """Return the newest entries that fit, at most `MOST`, newest first.

    Personal fields are shown of the platform's own entries, and of a tenant's where only it is asked for.
    """
    first, last = days
    found = control.audit.entries(
        limit=MOST,
        tenant_id=tenant_id,
        action=action,
        actor=actor,
        object_id=object_id,
        since=_start(first),
        until=_start(last + timedelta(days=1)) if last else None,
    )
    slugs = {tenant.tenant_id: tenant.slug for tenant in control.tenants.all()}
    names = {user.user_id: user.email for user in control.users.of(None)}
    return pl.DataFrame([_entry(each, slugs, names, tenant_id) for each in found], schema=_ENTRIES)


def person(control: ControlPlane, words: str) -> str | None:
    """Return the id of the staff's person with an address; an id stays what it is; None for nothing."""
    words = words.strip()
    if "@" not in words:
        return words or None
    user = control.users.by_email(None, words)
    return words if user is None else user.user_id


@st.cache_data(ttl=60, show_spinner="Reading the whole chain …")
def verdict(_control: ControlPlane, state: str) -> tuple[Verdict, datetime]:  # noqa: ARG001 - names the memory
    """Return whether the trail is whole and when that was found; remembered for a minute.

    Args:
        _control: Whose trail.
        state: The folder of its state, by which the answer is remembered.
    """
    from tenants.audit.heads import Heads  # noqa: PLC0415 - one page needs it

    return Heads(_control).verify(), _control.clock.now()


def evidence(control: ControlPlane, since: date) -> pl.DataFrame:
    """Return the evidence for SOC 2 from a day on, as the API exports it."""
    from tenants.protection.evidence import evidence as records  # noqa: PLC0415 - as above

    start = datetime.combine(since, time.min, UTC)
    return pl.DataFrame([_record(each) for each in records(control, start)], schema=_EVIDENCE)


def kinds(found: pl.DataFrame) -> pl.DataFrame:
    """Return how many records of evidence there are of each kind."""
    of_kind = found.group_by("kind", "criterion").agg(pl.len().alias("records"), pl.max("at").alias("newest"))
    return of_kind.sort("criterion", "kind")


def of_kinds(found: pl.DataFrame, chosen: list[str]) -> pl.DataFrame:
    """Return the records of some kinds; none chosen is all."""
    return found.filter(pl.col("kind").is_in(chosen)) if chosen else found


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, UTC)


def _entry(entry: AuditEntry, slugs: dict[str, str], names: dict[str, str], tenant_id: str | None) -> Row:
    is_open = entry.tenant_id == tenant_id
    return {
        "seq": entry.seq,
        "at": entry.at,
        "tenant": slugs.get(entry.tenant_id, entry.tenant_id) if entry.tenant_id else _PLATFORM,
        "who": f"{entry.actor_kind} {names.get(entry.actor_id, entry.actor_id)}",
        "action": entry.action.replace("_", " "),
        "object": f"{entry.object_type} {entry.object_id}",
        "detail": _told(entry.detail.items()),
        "personal": _told(entry.personal.items()) if is_open and entry.personal else None,
        "tenant_id": entry.tenant_id,
        "entry_hash": entry.entry_hash,
    }


def _record(record: Row) -> Row:
    told = {name: record.get(name) for name in _EVIDENCE}
    rest = ((name, value) for name, value in record.items() if name not in _OF_RECORD)
    return {**told, "subject": record.get("subject") or record.get("actor"), "facts": _told(rest)}


def _told(facts: Iterable[tuple[str, object]]) -> str:
    known = ((name, value) for name, value in facts if value is not None)
    return ", ".join(f"{name.replace('_', ' ')}: {_flat(value)}" for name, value in known)


def _flat(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
