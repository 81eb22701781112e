"""`Idempotency-Key` on the control plane's POSTs: the same key with the same request acts once.

The change and its answer are one transaction. The answer, which may show a new key's
text, is kept sealed under the tenant's own key.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import sqlalchemy as sa
from fastapi import Header
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.control.tables import idempotency_keys
from tenants.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from sqlalchemy.engine import Connection

    from tenants.api.access import Granted

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

        def body() -> bytes:
            return answer.model_validate(act(), from_attributes=True).model_dump_json().encode()

        if self.key is None:
            return Response(body(), status, media_type=_JSON)
        return granted.deps.control.database.write(
            lambda connection: self._run(connection, granted, body, status)
        )

    def _run(
        self, connection: Connection, granted: Granted, body: Callable[[], bytes], status: int
    ) -> Response:
        owner = granted.principal.tenant_id or granted.principal.principal_id
        seals, now = granted.deps.control.encryption, granted.deps.clock.now()
        where = (idempotency_keys.c.owner == owner) & (idempotency_keys.c.idempotency_key == self.key)
        known = connection.execute(sa.select(idempotency_keys).where(where)).one_or_none()
        if known is not None:
            if known.request_hash != self.request_hash:
                message = "This Idempotency-Key was used for another request; choose a new key."
                raise Conflict(message, "idempotency_key_reused")
            kept = seals.open(connection, owner, known.response) or b""
            return Response(kept, known.status_code, {"Idempotent-Replayed": "true"}, _JSON)
        content = body()
        row = {
            "owner": owner,
            "idempotency_key": self.key,
            "request_hash": self.request_hash,
            "status_code": status,
            "response": seals.seal(connection, owner, content, now) or b"",
            "created_at": now,
        }
        connection.execute(sa.insert(idempotency_keys).values(row))
        return Response(content, status, media_type=_JSON)


async def once(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(max_length=200, description="Makes a retried request act once.")
    ] = None,
) -> Once:
    """Return how often this request may act."""
    told = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return Once(idempotency_key, sha256(told).hexdigest())
