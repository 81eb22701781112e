"""One-time tokens: an invitation or a password reset, sent to an address, kept as a hash, used once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from tenants.audit.records import Actor
from tenants.control.tables import one_time_tokens, users
from tenants.errors import InvalidInput
from tenants.people.passwords import hash_password

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase
    from tenants.people.records import User
    from tenants.people.users import Users

Purpose = Literal["invitation", "password_reset"]
LASTS: dict[Purpose, timedelta] = {"invitation": timedelta(days=7), "password_reset": timedelta(hours=1)}
_TOKEN_BYTES = 32


class OneTimeTokens:
    """Issues and redeems tokens.

    Args:
        database: The control plane's.
        people: Whose passwords the tokens set.
        clock: The present.
    """

    def __init__(self, database: ControlDatabase, people: Users, clock: Clock) -> None:
        self._database = database
        self._people = people
        self._clock = clock

    def issue(self, user: User, purpose: Purpose) -> str:
        """Issue a token, which ends earlier ones of the same purpose, and return its text, kept nowhere."""
        now, text = self._clock.now(), secrets.token_urlsafe(_TOKEN_BYTES)
        row = {
            "token_hash": _hash(text),
            "user_id": user.user_id,
            "purpose": purpose,
            "created_at": now,
            "expires_at": now + LASTS[purpose],
        }

        def work(connection: Connection) -> None:
            earlier = sa.delete(one_time_tokens).where(
                one_time_tokens.c.user_id == user.user_id, one_time_tokens.c.purpose == purpose
            )
            connection.execute(earlier)
            connection.execute(sa.insert(one_time_tokens).values(row))

        self._database.write(work)
        return text

    def is_open(self, text: str) -> bool:
        """Return whether the token can still be redeemed."""
        return self.holder(text) is not None

    def holder(self, text: str) -> tuple[str, str | None] | None:
        """Return user and tenant of a token that can still be redeemed, None where it cannot."""
        with self._database.read() as connection:
            return _open_token(connection, text, self._clock.now())

    def redeem(self, connection: Connection, text: str) -> tuple[str, str | None]:
        """Use a token up, with every other link to its user, and return user and tenant.

        Raises:
            InvalidInput: It is unknown, used or expired.
        """
        found = _open_token(connection, text, self._clock.now())
        if found is None:
            raise _expired()
        of_user = sa.update(one_time_tokens).where(one_time_tokens.c.user_id == found[0])
        unused = of_user.where(one_time_tokens.c.used_at.is_(None))
        connection.execute(unused.values(used_at=self._clock.now()))
        return found

    def set_password(self, text: str, password: str, address: str | None = None) -> User:
        """Redeem a token for a password; every session of the user ends, and every other link to them.

        Raises:
            InvalidInput: The token is unknown, used or expired, or the password too weak.
        """
        # Hashing is made to be costly: nobody has it done without a link.
        if not self.is_open(text):
            raise _expired()
        kept = hash_password(password)

        def work(connection: Connection) -> User:
            user_id, tenant_id = self.redeem(connection, text)
            by = Actor("staff" if tenant_id is None else "user", user_id, address)
            fields = {"password_hash": kept, "status": "active"}
            return self._people.update(user_id, tenant_id, by, "password_set", **fields)

        return self._database.write(work, touches_access=True)


def _open_token(connection: Connection, text: str, now: datetime) -> tuple[str, str | None] | None:
    row = connection.execute(
        sa.select(users.c.user_id, users.c.tenant_id)
        .join(one_time_tokens, one_time_tokens.c.user_id == users.c.user_id)
        .where(one_time_tokens.c.token_hash == _hash(text))
        .where(one_time_tokens.c.used_at.is_(None), one_time_tokens.c.expires_at > now)
        .where(users.c.status != "deactivated")
    ).one_or_none()
    return None if row is None else (row.user_id, row.tenant_id)


def _expired() -> InvalidInput:
    message = "This link was used already or has expired; ask for a new one."
    return InvalidInput(message, "link_expired")


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()
