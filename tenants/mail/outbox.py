"""The outbox: a mail is queued in the transaction of what it tells of, under a key that makes it unique."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from tenants.control.tables import mail_outbox, users
from tenants.encryption import PLATFORM

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase
    from tenants.encryption import TenantKeys
    from tenants.people.records import User

# How long a mail belongs to the process that sends it: well beyond any conversation with a server.
_LEASE = timedelta(minutes=5)
# After each refusal twice as long as after the one before; all attempts together take some three days.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=6)
_MOST_ATTEMPTS = 24


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that waits: to whom, which template, with which facts."""

    mail_key: str
    tenant_id: str | None
    address: str
    name: str
    template: str
    facts: dict[str, Any]
    attempts: int = 0


class MailOutbox:
    """Queues mails and hands them out until each is sent.

    Args:
        database: The control plane's.
        keys: Seal the facts, which may hold one-time links.
        clock: The present.
    """

    def __init__(self, database: ControlDatabase, keys: TenantKeys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def queue(self, mail_key: str, user: User, template: str, **facts: Any) -> bool:  # noqa: ANN401 - a template's facts
        """Queue a mail unless one was ever queued under its key; return whether it was."""
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            known = sa.select(mail_outbox.c.mail_key).where(mail_outbox.c.mail_key == mail_key)
            if connection.scalar(known) is not None:
                return False
            owner = user.tenant_id or PLATFORM
            row = {
                "mail_key": mail_key,
                "tenant_id": user.tenant_id,
                "user_id": user.user_id,
                "template": template,
                "facts": self._keys.seal(connection, owner, orjson.dumps(facts), now),
                "created_at": now,
                "attempts": 0,
            }
            connection.execute(sa.insert(mail_outbox).values(row))
            return True

        return self._database.write(work)

    def waiting(self, limit: int = 100) -> list[Mail]:
        """Return mails that may be sent now, oldest first; people who left get none."""
        query = (
            sa.select(mail_outbox, users.c.email, users.c.name)
            .join(users, users.c.user_id == mail_outbox.c.user_id)
            .where(self._is_free(), mail_outbox.c.attempts < _MOST_ATTEMPTS)
            .where(users.c.status != "deactivated")
            .order_by(mail_outbox.c.created_at, mail_outbox.c.mail_key)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return [mail for row in rows if (mail := self._mail(connection, row)) is not None]

    def claim(self, mail: Mail) -> bool:
        """Take a mail for sending; return False where another process has it or has sent it.

        Whoever dies with it loses it after some minutes, and another sends it again.
        """
        held = {"held_until": self._clock.now() + _LEASE}
        mine = sa.update(mail_outbox).where(mail_outbox.c.mail_key == mail.mail_key, self._is_free())
        return self._database.write(lambda connection: connection.execute(mine.values(held)).rowcount) == 1

    def note_sent(self, mail: Mail) -> None:
        """Keep that a mail was taken by the server; its facts are forgotten."""
        self._change(mail, sent_at=self._clock.now(), facts=None, failure=None)

    def note_failure(self, mail: Mail, failure: str) -> None:
        """Keep why a mail could not be sent; it waits for the next attempt, longer each time."""
        pause = min(_FIRST_PAUSE * 2**mail.attempts, _LONGEST_PAUSE)
        self._change(mail, failure=failure[:300], held_until=self._clock.now() + pause)

    def _is_free(self) -> sa.ColumnElement[bool]:
        held_until = mail_outbox.c.held_until
        is_held = held_until.is_not(None) & (held_until > self._clock.now())
        return mail_outbox.c.sent_at.is_(None) & ~is_held

    def _change(self, mail: Mail, **fields: Any) -> None:  # noqa: ANN401 - the columns of a mail
        of_mail = sa.update(mail_outbox).where(mail_outbox.c.mail_key == mail.mail_key)
        change = of_mail.values(attempts=mail_outbox.c.attempts + 1, **fields)
        self._database.write(lambda connection: connection.execute(change).rowcount)

    def _mail(self, connection: Connection, row: sa.Row[Any]) -> Mail | None:
        facts = self._keys.open(connection, row.tenant_id or PLATFORM, row.facts)
        if facts is None:  # the tenant's key is destroyed, and with it whom to write to
            return None
        told = orjson.loads(facts)
        return Mail(row.mail_key, row.tenant_id, row.email, row.name, row.template, told, row.attempts)
