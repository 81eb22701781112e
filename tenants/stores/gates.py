"""A tenant's own gates and suppressions; each change of a gate makes a new revision of the whole set."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tenants.stores.records import CustomGate, GateVersion, Suppression
from tenants.stores.values import from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.databases.connection import Connection, Row

_GATES = """
    SELECT gate_id, body, is_enabled, created_at, updated_at, updated_by FROM custom_gates ORDER BY gate_id
"""
_PUT = """
    INSERT INTO custom_gates (gate_id, body, is_enabled, created_at, updated_at, updated_by)
    VALUES (:gate_id, :body, :is_enabled, :at, :at, :by)
    ON CONFLICT (gate_id) DO UPDATE SET
        body = excluded.body, is_enabled = excluded.is_enabled,
        updated_at = excluded.updated_at, updated_by = excluded.updated_by
"""
_DELETE = "DELETE FROM custom_gates WHERE gate_id = :gate_id"
_ADD_VERSION = """
    INSERT INTO custom_gate_versions (gate_id, revision, body, is_enabled, saved_at, saved_by)
    VALUES (:gate_id, :revision, :body, :is_enabled, :at, :by)
"""
_VERSIONS = """
    SELECT gate_id, revision, body, is_enabled, saved_at, saved_by
    FROM custom_gate_versions WHERE gate_id = :gate_id ORDER BY revision DESC
"""
_REVISION = "SELECT revision FROM revisions WHERE name = 'custom_gates'"
_NEXT_REVISION = """
    INSERT INTO revisions (name, revision) VALUES ('custom_gates', 1)
    ON CONFLICT (name) DO UPDATE SET revision = revisions.revision + 1
    RETURNING revision
"""
_SUPPRESSIONS = """
    SELECT suppression_id, gate_id, fingerprint, author, reason, created_at, expires_at
    FROM suppressions WHERE expires_at IS NULL OR expires_at > :now ORDER BY created_at, suppression_id
"""
_ADD_SUPPRESSION = """
    INSERT INTO suppressions
        (suppression_id, gate_id, fingerprint, author, reason, created_at, expires_at)
    VALUES (:suppression_id, :gate_id, :fingerprint, :author, :reason, :created_at, :expires_at)
"""
_DELETE_SUPPRESSION = "DELETE FROM suppressions WHERE suppression_id = :suppression_id"


def custom_gates(connection: Connection) -> list[CustomGate]:
    """Return every gate of the tenant's own, by id."""
    rows = connection.execute(_GATES, {}).fetchall()
    return [
        CustomGate(gate_id, body, bool(is_enabled), from_micros(created), from_micros(updated), by)
        for gate_id, body, is_enabled, created, updated, by in rows
    ]


def revision(connection: Connection) -> int:
    """Return the number of changes so far; 0 before the first."""
    row = connection.execute(_REVISION, {}).fetchone()
    return 0 if row is None else int(row[0])


def own_rules(connection: Connection, now: datetime) -> tuple[int, list[Suppression]]:
    """Return what a validation depends on: the gates' revision, and what is waived now."""
    return revision(connection), suppressions(connection, now)


def put_gate(
    connection: Connection, gate_id: str, body: str, *, is_enabled: bool, at: datetime, by: str
) -> int:
    """Write or replace a gate and return the new revision."""
    row: dict[str, object] = {
        "gate_id": gate_id,
        "body": body,
        "is_enabled": int(is_enabled),
        "at": to_micros(at),
        "by": by,
    }
    connection.execute(_PUT, row)
    return _keep_version(connection, row)


def delete_gate(connection: Connection, gate_id: str, *, at: datetime, by: str) -> int | None:
    """Delete a gate and return the new revision, None where there was none; its versions stay."""
    if connection.execute(_DELETE, {"gate_id": gate_id}).rowcount == 0:
        return None
    row: dict[str, object] = {
        "gate_id": gate_id,
        "body": None,
        "is_enabled": 0,
        "at": to_micros(at),
        "by": by,
    }
    return _keep_version(connection, row)


def versions(connection: Connection, gate_id: str) -> list[GateVersion]:
    """Return every version of a gate, newest first."""
    rows = connection.execute(_VERSIONS, {"gate_id": gate_id}).fetchall()
    return [
        GateVersion(gate, number, body, bool(is_enabled), from_micros(saved), by)
        for gate, number, body, is_enabled, saved, by in rows
    ]


def _keep_version(connection: Connection, row: dict[str, object]) -> int:
    revision = _next_revision(connection)
    connection.execute(_ADD_VERSION, {**row, "revision": revision})
    return revision


def suppressions(connection: Connection, now: datetime) -> list[Suppression]:
    """Return what is waived now, oldest first."""
    rows = connection.execute(_SUPPRESSIONS, {"now": to_micros(now)}).fetchall()
    return [_suppression(row) for row in rows]


def add_suppression(connection: Connection, suppression: Suppression) -> None:
    """Waive a finding."""
    row = asdict(suppression)
    row["created_at"] = to_micros(suppression.created_at)
    row["expires_at"] = None if suppression.expires_at is None else to_micros(suppression.expires_at)
    connection.execute(_ADD_SUPPRESSION, row)


def delete_suppression(connection: Connection, suppression_id: str) -> bool:
    """Withdraw a suppression and return whether there was one."""
    found = connection.execute(_DELETE_SUPPRESSION, {"suppression_id": suppression_id})
    return found.rowcount == 1


def _next_revision(connection: Connection) -> int:
    row = connection.execute(_NEXT_REVISION, {}).fetchone()
    return int(row[0]) if row else 0


def _suppression(row: Row) -> Suppression:
    suppression_id, gate_id, fingerprint, author, reason, created, expires = row
    expires_at = None if expires is None else from_micros(expires)
    created_at = from_micros(created)
    return Suppression(suppression_id, gate_id, fingerprint, author, reason, created_at, expires_at)
