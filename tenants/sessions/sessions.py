"""Sessions of people, and keys, resolved to principals."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Actor, Change
from tenants.control.generations import AccessCache
from tenants.control.tables import sessions, users
from tenants.ids import new_id
from tenants.people.roles import permissions_of
from tenants.sessions.principal import Principal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

    from tenants.control import ControlPlane
    from tenants.people.records import User

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A person's stay; `method` is how they signed in: password, oidc or saml."""

    session_id: str
    user_id: str
    method: str
    address: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class Sessions:
    """Begins, resolves and ends sessions.

    Args:
        control: Where people and keys are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._database = control.database
        self._audit = control.audit
        self._clock = control.clock
        self._users = control.users
        self._enforcement = control.enforcement
        self._known: AccessCache[tuple[Session, Principal] | None] = AccessCache(control.database)
        self._seen: dict[str, datetime] = {}

    def begin(
        self, user: User, method: str, by: Actor, *, until: datetime | None = None
    ) -> tuple[str, Session]:
        """Begin a session, which ends by `until`; return its token, which is kept nowhere, with it.

        Args:
            user: Whose it is.
            method: How they proved who they are.
            by: Where they came from; the audit log names the user as the one who acted.
            until: When it ends at the latest.
        """
        now, token = self._clock.now(), secrets.token_urlsafe(_TOKEN_BYTES)
        session = Session(
            session_id=new_id("ses"),
            user_id=user.user_id,
            method=method,
            address=by.address,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LASTS if until is None else min(now + LASTS, until),
            revoked_at=None,
        )
        who = Actor("staff" if user.is_staff else "user", user.user_id, by.address, by.user_agent)
        change = Change(
            action="signed_in",
            object_type="session",
            object_id=session.session_id,
            tenant_id=user.tenant_id,
            detail={"method": method},
        )

        def work(connection: Connection) -> None:
            row = {**msgspec.structs.asdict(session), "token_hash": _hash(token)}
            connection.execute(sa.insert(sessions).values(row))
            self._audit.append(connection, who, change)

        self._database.write(work)
        self._users.note_sign_in(user.user_id)
        return token, session

    def resolve(self, token: str) -> Principal | None:
        """Return who holds the token; None for no, an unknown, an expired, an idle or a revoked session."""
        token_hash = _hash(token)
        found = self._known.get(token_hash, lambda: self._load(token_hash))
        if found is None:
            return None
        session, principal = found
        now = self._clock.now()
        if session.revoked_at is not None or now >= session.expires_at:
            return None
        last_seen = self._last_seen(session, now)
        if now - last_seen >= IDLE:
            return None
        if now - last_seen >= _SEEN_EVERY:
            self._note_seen(session, now)
        return principal

    def revoke(self, session_id: str, by: Actor) -> bool:
        """End a session at once, in every process; return whether there was one to end."""

        def work(connection: Connection) -> bool:
            tenant_id = connection.scalar(
                sa.select(users.c.tenant_id).join(sessions).where(sessions.c.session_id == session_id)
            )
            ended = sa.update(sessions).where(
                sessions.c.session_id == session_id, sessions.c.revoked_at.is_(None)
            )
            if connection.execute(ended.values(revoked_at=self._clock.now())).rowcount == 0:
                return False
            change = Change(
                action="signed_out", object_type="session", object_id=session_id, tenant_id=tenant_id
            )
            self._audit.append(connection, by, change)
            return True

        return self._database.write(work, touches_access=True)

    def revoke_all(self, user: User, by: Actor, *, but: str | None = None) -> int:
        """End every session of a user, but perhaps the one they act in; return how many ended."""
        others = [each for each in self.of(user.user_id) if each.session_id != but]
        return sum(self.revoke(each.session_id, by) for each in others)

    def of(self, user_id: str) -> list[Session]:
        """Return the living sessions of a user, oldest first."""
        now = self._clock.now()
        query = (
            sa.select(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
            .where(sessions.c.expires_at > now)
            .order_by(sessions.c.created_at)
        )
        with self._database.read() as connection:
            return [_session(row) for row in connection.execute(query)]

    def _load(self, token_hash: bytes) -> tuple[Session, Principal] | None:
        query = sa.select(sessions).where(sessions.c.token_hash == token_hash)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            user = connection.execute(sa.select(users).where(users.c.user_id == row.user_id)).one()
        session = _session(row)
        is_held = session.method == "password" and self._enforcement.holds(user)
        if user.status != "active" or is_held:
            return None
        return session, _principal(user, session)

    def _last_seen(self, session: Session, now: datetime) -> datetime:
        """Return when the person was last active, here or in another process."""
        last_seen = max(session.last_seen_at, self._seen.get(session.session_id, session.last_seen_at))
        if now - last_seen < IDLE:
            return last_seen
        query = sa.select(sessions.c.last_seen_at).where(sessions.c.session_id == session.session_id)
        with self._database.read() as connection:
            elsewhere: datetime = connection.scalar(query) or last_seen
        self._seen[session.session_id] = elsewhere
        return elsewhere

    def _note_seen(self, session: Session, now: datetime) -> None:
        self._seen[session.session_id] = now
        of_session = sa.update(sessions).where(sessions.c.session_id == session.session_id)
        of_user = sa.update(users).where(users.c.user_id == session.user_id)

        def work(connection: Connection) -> None:
            connection.execute(of_session.values(last_seen_at=now))
            connection.execute(of_user.values(last_active_at=now))

        self._database.write(work)


def _principal(user: Row[Any], session: Session) -> Principal:
    is_staff = user.tenant_id is None
    return Principal(
        kind="staff" if is_staff else "user",
        principal_id=user.user_id,
        tenant_id=user.tenant_id,
        role=user.role,
        permissions=permissions_of(user.role, is_staff=is_staff),
        name=user.name,
        user_id=user.user_id,
        email=user.email,
        session_id=session.session_id,
        signed_in_at=session.created_at,
    )


def _session(row: Row[Any]) -> Session:
    fields = row._asdict()
    del fields["token_hash"]
    return Session(**fields)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
