"""API keys of tenants."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.generations import AccessCache
from tenants.control.tables import api_keys
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.ids import new_id
from tenants.people.records import checked_name
from tenants.people.roles import checked_permissions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

    from tenants.audit.log import AuditLog
    from tenants.audit.records import Actor
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase

_PREFIX = "loki_"
_SECRET_BYTES = 32
_HINT = 4
_SEEN_EVERY = timedelta(minutes=1)


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is listed; its text is nowhere.

    Attributes:
        hint: The last characters, by which a person tells keys apart.
        replaces: The key it took over from, when it was rotated.
    """

    key_id: str
    tenant_id: str
    name: str
    hint: str
    permissions: tuple[str, ...]
    rate_limit_per_minute: int | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaces: str | None

    def is_valid(self, now: datetime) -> bool:
        """Return whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class IssuedKey(msgspec.Struct, frozen=True):
    """A key with its text, the only time it is seen."""

    key: ApiKey
    text: str


class ApiKeys:
    """The keys of all tenants.

    Args:
        database: The control plane's.
        audit: Told of every change.
        clock: The present.
        secret: Keys the hashes: who steals the database cannot try keys against it.
    """

    def __init__(self, database: ControlDatabase, audit: AuditLog, clock: Clock, secret: bytes) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._secret = secret
        self._known: AccessCache[ApiKey | None] = AccessCache(database)
        self._noted: dict[str, datetime] = {}

    def issue(
        self,
        tenant_id: str,
        name: str,
        by: Actor,
        *,
        permissions: list[str] | None = None,
        expires_at: datetime | None = None,
        rate_limit_per_minute: int | None = None,
        replaces: str | None = None,
    ) -> IssuedKey:
        """Issue a key; without permissions it gets those that developers usually need.

        Raises:
            InvalidInput: A field is wrong.
        """
        now = self._clock.now()
        if expires_at is not None and expires_at <= now:
            message = "The key would already have expired; choose a later time."
            raise InvalidInput(message, "invalid_expiry")
        text = _PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        key = ApiKey(
            key_id=new_id("key"),
            tenant_id=tenant_id,
            name=checked_name(name),
            hint=text[-_HINT:],
            permissions=tuple(checked_permissions(permissions)),
            rate_limit_per_minute=rate_limit_per_minute,
            created_at=now,
            created_by=str(by),
            expires_at=expires_at,
            revoked_at=None,
            last_used_at=None,
            replaces=replaces,
        )

        def work(connection: Connection) -> None:
            row = {**msgspec.structs.asdict(key), "key_hash": self._hash(text)}
            connection.execute(sa.insert(api_keys).values(row))
            self._tell(connection, by, "api_key_issued", key)

        self._database.write(work, touches_access=True)
        return IssuedKey(key, text)

    def rotate(
        self, tenant_id: str, key_id: str, by: Actor, *, overlap: timedelta = timedelta(0)
    ) -> IssuedKey:
        """Issue a key in place of another, which ends after the overlap, and never later than it would have.

        A key that was to live for some time has a successor that lives as long.

        Raises:
            NotFound: The tenant has no such key.
            Conflict: It has ended already.
        """
        old, now = self.get(tenant_id, key_id), self._clock.now()
        if not old.is_valid(now):
            message = "The key has ended already; issue a new one."
            raise Conflict(message, "key_ended")
        issued = self.issue(
            tenant_id,
            old.name,
            by,
            permissions=list(old.permissions),
            expires_at=None if old.expires_at is None else now + (old.expires_at - old.created_at),
            rate_limit_per_minute=old.rate_limit_per_minute,
            replaces=key_id,
        )
        self._end(old, by, "api_key_rotated", expires_at=min(now + overlap, old.expires_at or now + overlap))
        return issued

    def revoke(self, tenant_id: str, key_id: str, by: Actor) -> ApiKey:
        """Revoke a key: the next call with it is refused, everywhere.

        Raises:
            NotFound: The tenant has no such key.
        """
        key = self.get(tenant_id, key_id)
        if key.revoked_at is None:
            self._end(key, by, "api_key_revoked", revoked_at=self._clock.now())
        return self.get(tenant_id, key_id)

    def get(self, tenant_id: str, key_id: str) -> ApiKey:
        """Return a key of a tenant.

        Raises:
            NotFound: The tenant has no such key.
        """
        found = self._where(api_keys.c.tenant_id == tenant_id, api_keys.c.key_id == key_id)
        if not found:
            message = "There is no such key; check the id."
            raise NotFound(message, "key_not_found")
        return found[0]

    def of(self, tenant_id: str) -> list[ApiKey]:
        """Return the keys of a tenant, ended ones too, oldest first."""
        return self._where(api_keys.c.tenant_id == tenant_id)

    def resolve(self, text: str) -> ApiKey | None:
        """Return the valid key with this text, None where there is none."""
        key_hash = self._hash(text)
        key = self._known.get(key_hash, lambda: self._load(key_hash))
        return key if key is not None and key.is_valid(self._clock.now()) else None

    def note_use(self, key: ApiKey) -> None:
        """Keep when the key was last used, to the minute."""
        now = self._clock.now()
        if now - self._noted.get(key.key_id, now - _SEEN_EVERY) < _SEEN_EVERY:
            return
        self._noted[key.key_id] = now
        change = (
            sa.update(api_keys)
            .where(api_keys.c.key_id == key.key_id)
            .where(sa.or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < now - _SEEN_EVERY))
            .values(last_used_at=now)
        )
        self._database.write(lambda connection: connection.execute(change).rowcount)

    def _load(self, key_hash: bytes) -> ApiKey | None:
        found = self._where(api_keys.c.key_hash == key_hash)
        return found[0] if found else None

    def _where(self, *conditions: sa.ColumnElement[bool]) -> list[ApiKey]:
        query = sa.select(api_keys).where(*conditions).order_by(api_keys.c.created_at, api_keys.c.key_id)
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(query)]

    def _end(self, key: ApiKey, by: Actor, action: str, **fields: datetime) -> None:
        def work(connection: Connection) -> None:
            connection.execute(sa.update(api_keys).where(api_keys.c.key_id == key.key_id).values(fields))
            self._tell(connection, by, action, key)

        self._database.write(work, touches_access=True)

    def _tell(self, connection: Connection, by: Actor, action: str, key: ApiKey) -> None:
        change = Change(
            action=action,
            object_type="api_key",
            object_id=key.key_id,
            tenant_id=key.tenant_id,
            detail={"permissions": list(key.permissions)},
        )
        self._audit.append(connection, by, change)

    def _hash(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode(), "sha256")


def _key(row: Row[Any]) -> ApiKey:
    fields = row._asdict()
    del fields["key_hash"]
    fields["permissions"] = tuple(fields["permissions"])
    return ApiKey(**fields)
