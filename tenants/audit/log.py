"""The audit log: entries are written in the transaction of what they tell of."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Unpack

import orjson
import sqlalchemy as sa

from tenants.audit.records import AuditEntry
from tenants.control.tables import audit_entries
from tenants.encryption import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine import Connection, Row

    from tenants.audit.records import Actor, Change, Wanted
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase
    from tenants.encryption import TenantKeys

_START = bytes(32)
_PAGE = 1000
_CHAINED = ("tenant_id", "at", "actor_kind", "actor_id", "action", "object_type", "object_id", "detail")


class AuditLog:
    """One chain of entries: each holds the hash of the one before.

    Args:
        database: The control plane's.
        keys: Seal what is personal.
        clock: The present.
    """

    def __init__(self, database: ControlDatabase, keys: TenantKeys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def append(self, connection: Connection, actor: Actor, change: Change) -> None:
        """Add an entry within the transaction of the change itself."""
        now = self._clock.now()
        row: dict[str, Any] = {
            "tenant_id": change.tenant_id,
            "at": now,
            "actor_kind": actor.kind,
            "actor_id": actor.actor_id,
            "action": change.action,
            "object_type": change.object_type,
            "object_id": change.object_id,
            "detail": orjson.dumps(dict(change.detail), default=str, option=orjson.OPT_SORT_KEYS).decode(),
            "personal": self._sealed(connection, actor, change, now),
            "previous_hash": head(connection),
        }
        connection.execute(sa.insert(audit_entries).values(**row, entry_hash=entry_hash(row)))

    def record(self, actor: Actor, change: Change) -> None:
        """Add an entry that stands for itself, such as a look into a tenant's data."""
        self._database.write(lambda connection: self.append(connection, actor, change))

    def entries(
        self, *, before: int | None = None, limit: int = 100, **wanted: Unpack[Wanted]
    ) -> list[AuditEntry]:
        """Return entries, newest first, before the entry `before`."""
        query = sa.select(audit_entries).where(*_conditions(wanted))
        if before is not None:
            query = query.where(audit_entries.c.seq < before)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(audit_entries.c.seq.desc()).limit(limit)).all()
            return [self._entry(connection, row) for row in rows]

    def actions(self) -> list[str]:
        """Return the names of all actions that there are entries of."""
        names = sa.select(audit_entries.c.action).distinct().order_by(audit_entries.c.action)
        with self._database.read() as connection:
            return list(connection.scalars(names))

    def oldest_first(self, **wanted: Unpack[Wanted]) -> Iterator[AuditEntry]:
        """Yield entries in the order in which they were written, a page at a time."""
        after = 0
        query = sa.select(audit_entries).where(*_conditions(wanted)).order_by(audit_entries.c.seq)
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(audit_entries.c.seq > after).limit(_PAGE)).all()
                entries = [self._entry(connection, row) for row in rows]
            if not entries:
                return
            yield from entries
            after = entries[-1].seq

    def first_broken(self) -> int | None:
        """Return the number of the first entry that does not follow from the one before, None if all do."""
        previous = _START
        for row in self._all():
            if row.previous_hash != previous or entry_hash(row._asdict()) != row.entry_hash:
                return int(row.seq)
            previous = row.entry_hash
        return None

    def _all(self) -> Iterator[Row[Any]]:
        after = 0
        while True:
            query = (
                sa.select(audit_entries)
                .where(audit_entries.c.seq > after)
                .order_by(audit_entries.c.seq)
                .limit(_PAGE)
            )
            with self._database.read() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from rows
            after = rows[-1].seq

    def _sealed(self, connection: Connection, actor: Actor, change: Change, now: datetime) -> bytes | None:
        personal = {"address": actor.address, "user_agent": actor.user_agent, **change.personal}
        told = {name: value for name, value in personal.items() if value is not None}
        if not told:
            return None
        return self._keys.seal(connection, change.tenant_id or PLATFORM, orjson.dumps(told), now)

    def _entry(self, connection: Connection, row: Row[Any]) -> AuditEntry:
        owner, personal = row.tenant_id or PLATFORM, None
        if row.personal is not None:
            personal = self._keys.open(connection, owner, row.personal)
        return AuditEntry(
            seq=row.seq,
            at=row.at,
            tenant_id=row.tenant_id,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            action=row.action,
            object_type=row.object_type,
            object_id=row.object_id,
            detail=orjson.loads(row.detail),
            personal=None if personal is None else orjson.loads(personal),
            entry_hash=row.entry_hash.hex(),
        )


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    columns = audit_entries.c
    tests = {
        "tenant_id": columns.tenant_id.__eq__,
        "action": columns.action.__eq__,
        "actor": columns.actor_id.__eq__,
        "object_id": columns.object_id.__eq__,
        "since": columns.at.__ge__,
        "until": columns.at.__lt__,
    }
    return [tests[name](value) for name, value in wanted.items() if value is not None]


def head(connection: Connection) -> bytes:
    """Return the hash of the newest entry."""
    newest = sa.select(audit_entries.c.entry_hash).order_by(audit_entries.c.seq.desc()).limit(1)
    return connection.scalar(newest) or _START


def entry_hash(row: dict[str, Any]) -> bytes:
    """Return the hash over an entry and the hash of the one before it."""
    told = [row["previous_hash"].hex(), *(row[name] for name in _CHAINED), (row["personal"] or b"").hex()]
    return sha256(orjson.dumps(told, option=orjson.OPT_UTC_Z)).digest()
