"""Evidence for SOC 2: what the platform can prove of itself, as records with their criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenants.audit.heads import Heads
from tenants.control.tables import api_keys, audit_entries, sessions, tenants, users

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tenants.control import ControlPlane

# Trust Services Criteria, AICPA, 2017 with revised points of focus 2022.
_CRITERIA = {
    "access_review": "CC6.2",
    "change_audit": "CC8.1",
    "access_refused": "CC6.1",
    "staff_looked": "CC6.1",
    "backup_drill": "A1.3",
    "retention_run": "C1.2",
    "erasure": "C1.2",
    "audit_integrity": "CC7.2",
}
_KIND_OF_ACTION = {
    "access_refused": "access_refused",
    "tenant_data_seen": "staff_looked",
    "backup_made": "backup_drill",
    "backup_restored": "backup_drill",
    "retention_applied": "retention_run",
    "erasure_requested": "erasure",
    "tenant_erased": "erasure",
}


def evidence(control: ControlPlane, since: datetime) -> Iterator[dict[str, Any]]:
    """Yield every record: who has access today, and what happened since a time."""
    with control.database.read() as connection:
        yield from _access_review(connection, control.clock.now())
        yield from _happened(connection, since)
    verdict = Heads(control).verify()
    yield _record(
        "audit_integrity",
        control.clock.now(),
        is_sound=verdict.is_sound,
        entries=verdict.entries,
        heads=verdict.heads,
    )


def _access_review(connection: sa.Connection, now: datetime) -> Iterator[dict[str, Any]]:
    slug = {row.tenant_id: row.slug for row in connection.execute(sa.select(tenants))}
    of_user = sa.func.count().label("open_sessions")
    is_open = sessions.c.revoked_at.is_(None) & (sessions.c.expires_at > now)
    counted = sa.select(sessions.c.user_id, of_user).where(is_open).group_by(sessions.c.user_id)
    open_sessions = {row.user_id: row.open_sessions for row in connection.execute(counted)}
    for user in connection.execute(sa.select(users).order_by(users.c.tenant_id, users.c.user_id)):
        yield _record(
            "access_review",
            now,
            tenant=slug.get(user.tenant_id, "staff"),
            subject=user.user_id,
            role=user.role,
            status=user.status,
            last_active_at=user.last_active_at,
            open_sessions=open_sessions.get(user.user_id, 0),
        )
    for key in connection.execute(sa.select(api_keys).where(api_keys.c.revoked_at.is_(None))):
        yield _record(
            "access_review",
            now,
            tenant=slug[key.tenant_id],
            subject=key.key_id,
            role=", ".join(key.permissions),
            status="key",
            last_active_at=key.last_used_at,
            open_sessions=0,
        )


def _happened(connection: sa.Connection, since: datetime) -> Iterator[dict[str, Any]]:
    query = sa.select(audit_entries).where(audit_entries.c.at >= since).order_by(audit_entries.c.seq)
    for row in connection.execute(query):
        yield _record(
            _KIND_OF_ACTION.get(row.action, "change_audit"),
            row.at,
            entry=row.seq,
            tenant=row.tenant_id,
            actor=f"{row.actor_kind}:{row.actor_id}",
            action=row.action,
            object=f"{row.object_type}:{row.object_id}",
            detail=row.detail,
        )


def _record(kind: str, at: datetime, **facts: Any) -> dict[str, Any]:  # noqa: ANN401 - facts differ by kind
    return {"kind": kind, "criterion": _CRITERIA[kind], "at": at, **facts}
