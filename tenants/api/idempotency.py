"""`Idempotency-Key` on the control plane's POSTs: the same key with the same request acts once.

The change and its answer are one transaction. What happens at Stripe cannot be in one: there
the key is claimed first and answered for afterwards, and Stripe gets a key derived from it, so
that a retry after a crash in between repeats nothing. The answer, which may show a new key's
text, is kept sealed under the tenant's own key. Of the request, which may hold a password, a keyed
hash is kept: who steals the database cannot try passwords against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING, Annotated

import sqlalchemy as sa
from fastapi import Header
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.control.tables import idempotency_keys
from tenants.errors import Conflict
from tenants.secret import platform_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from sqlalchemy.engine import Connection

    from tenants.api.access import Granted

# Longer than Stripe is waited for; a claim older than this was left behind by a crash.
_CLAIM_LASTS = timedelta(minutes=2)
_UNANSWERED = 0
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Once:
    """One request that acts once under its key, or each time where it has none."""

    key: str | None
    request_hash: str

    def run(
        self, granted: Granted, act: Callable[[], object], answer: type[BaseModel], status: int
    ) -> Response:
        """Act and return the answer, or return the answer that the key already has.

        Raises:
            Conflict: The key was used for another request.
        """

        def work(connection: Connection) -> Response:
            kept = self._claim(connection, granted)
            return kept or self._answer(connection, granted, _body(act, answer), status)

        if self.key is None:
            return Response(_body(act, answer), status, media_type=_JSON)
        return granted.deps.control.database.write(work)

    def run_elsewhere(self, granted: Granted, act: Callable[[], object], answer: type[BaseModel]) -> Response:
        """Do the same for an act at Stripe, which no transaction of ours may wait for.

        An act that fails gives the key free again: nothing has been answered for.

        Raises:
            Conflict: The key was used for another request, or its first one is still at work.
        """
        if self.key is None:
            return Response(_body(act, answer), media_type=_JSON)
        database = granted.deps.control.database
        kept = database.write(lambda connection: self._claim(connection, granted))
        if kept is not None:
            return kept
        try:
            content = _body(act, answer)
        except BaseException:
            database.write(lambda connection: connection.execute(self._unanswered(granted)))
            raise
        return database.write(lambda connection: self._answer(connection, granted, content, 200))

    def key_elsewhere(self, granted: Granted) -> str | None:
        """Return what the key is called outside: the same at each retry, and naming nobody."""
        if self.key is None:
            return None
        return sha256(f"{_owner(granted)}\n{self._name(granted)}\n{self.request_hash}".encode()).hexdigest()

    def _claim(self, connection: Connection, granted: Granted) -> Response | None:
        owner, now = _owner(granted), granted.deps.clock.now()
        known = connection.execute(sa.select(idempotency_keys).where(self._is(granted))).one_or_none()
        if known is None:
            claim = {
                "owner": owner,
                "idempotency_key": self._name(granted),
                "request_hash": self.request_hash,
            }
            insertion = sa.insert(idempotency_keys).values(**claim, created_at=now)
            connection.execute(insertion.values(status_code=_UNANSWERED, response=b""))
            return None
        if known.request_hash != self.request_hash:
            message = "This Idempotency-Key was used for another request; choose a new key."
            raise Conflict(message, "idempotency_key_reused")
        if known.status_code != _UNANSWERED:
            kept = granted.deps.control.encryption.open(connection, owner, known.response) or b""
            return Response(kept, known.status_code, {"Idempotent-Replayed": "true"}, _JSON)
        if now - known.created_at < _CLAIM_LASTS:
            message = "The first request with this Idempotency-Key is still at work; try again in a moment."
            raise Conflict(message, "request_in_progress", retry_after=int(_CLAIM_LASTS.total_seconds()))
        connection.execute(sa.update(idempotency_keys).where(self._is(granted)).values(created_at=now))
        return None

    def _answer(self, connection: Connection, granted: Granted, content: bytes, status: int) -> Response:
        owner, now = _owner(granted), granted.deps.clock.now()
        sealed = granted.deps.control.encryption.seal(connection, owner, content, now) or b""
        answered = sa.update(idempotency_keys).where(self._is(granted))
        connection.execute(answered.values(status_code=status, response=sealed, created_at=now))
        return Response(content, status, media_type=_JSON)

    def _unanswered(self, granted: Granted) -> sa.Delete:
        is_open = idempotency_keys.c.status_code == _UNANSWERED
        return sa.delete(idempotency_keys).where(self._is(granted), is_open)

    def _is(self, granted: Granted) -> sa.ColumnElement[bool]:
        owner, name = _owner(granted), self._name(granted)
        return (idempotency_keys.c.owner == owner) & (idempotency_keys.c.idempotency_key == name)

    def _name(self, granted: Granted) -> str:
        """Return the key among those of who sends it: nobody gets an answer that was a colleague's."""
        return f"{granted.principal.principal_id} {self.key}"


def _owner(granted: Granted) -> str:
    return granted.principal.tenant_id or granted.principal.principal_id


def _body(act: Callable[[], object], answer: type[BaseModel]) -> bytes:
    return answer.model_validate(act(), from_attributes=True).model_dump_json().encode()


async def once(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(max_length=200, description="Makes a retried request act once.")
    ] = None,
) -> Once:
    """Return how often this request may act."""
    told = f"{request.method} {request.url.path}\n".encode() + await request.body()
    secret = platform_secret(request.app.state.deps.settings, "idempotency")
    return Once(idempotency_key, digest(secret, told, "sha256").hex())
