"""The log of a tenant's requests, kept where the tenant asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.stores.values import from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.databases.connection import Connection

_ADD = """
    INSERT INTO request_log (at, actor_kind, actor_id, method, route, status_code)
    VALUES (:at, :actor_kind, :actor_id, :method, :route, :status_code)
"""
_NEWEST = """
    SELECT seq, at, actor_kind, actor_id, method, route, status_code FROM request_log
    WHERE seq < :before ORDER BY seq DESC LIMIT :most
"""
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request that was answered; `route` is the pattern, not the path."""

    at: datetime
    actor_kind: str
    actor_id: str
    method: str
    route: str
    status_code: int
    seq: int | None = None


def add(connection: Connection, request: LoggedRequest) -> None:
    """Keep a request."""
    row: dict[str, object] = {
        "at": to_micros(request.at),
        "actor_kind": request.actor_kind,
        "actor_id": request.actor_id,
        "method": request.method,
        "route": request.route,
        "status_code": request.status_code,
    }
    connection.execute(_ADD, row)


def newest(connection: Connection, limit: int, before: int | None) -> list[LoggedRequest]:
    """Return up to `limit` requests, newest first, of those before the number `before`."""
    rows = connection.execute(_NEWEST, {"before": before or _LAST, "most": limit}).fetchall()
    return [
        LoggedRequest(from_micros(at), kind, actor_id, method, route, status, seq)
        for seq, at, kind, actor_id, method, route, status in rows
    ]
