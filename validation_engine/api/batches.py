"""Batches: several documents in one call, answered at once or, where they are many, in the background.

A batch that was accepted is finished, whatever is killed in between: its documents lie in
the tenant's store until each is answered, and each is committed under a key of its own, so
that taking a batch up again repeats nothing.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import structlog

from tenants.errors import Conflict, InvalidInput, NotFound, PlatformError
from tenants.ids import new_id
from tenants.stores import Batch, IdempotencyKey
from validation_engine.api.accounts import Account
from validation_engine.api.bodies import MOST_IN_BATCH, Wanted

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tenants.api.access import Granted
    from tenants.stores import TenantStore
    from validation_engine.api.service import Service

_log = structlog.get_logger(__name__)
# What is answered at once takes well under a second.
_AT_ONCE_DOCUMENTS = 20
_AT_ONCE_CHARACTERS = 200_000
_TELL_EVERY = 10


class Batches:
    """Takes batches in, works them off one after another, and takes up what a crash left.

    Args:
        service: Validates single documents.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._working = threading.Lock()

    def accept(
        self, granted: Granted, documents: list[Wanted], key: IdempotencyKey | None = None, *, later: bool
    ) -> Batch:
        """Take a batch in durably; a small one is finished before this returns.

        Args:
            granted: For whom.
            documents: What to validate.
            key: Under which the batch is made once.
            later: The caller wants the answer in the background whatever the size.

        Raises:
            InvalidInput: It is empty or has too many documents.
            NotAllowed: A module is not in the plan.
            Conflict: The key was used for another request.
        """
        if not 0 < len(documents) <= MOST_IN_BATCH:
            message = f"The batch has {len(documents)} documents; send 1 to {MOST_IN_BATCH}."
            raise InvalidInput(message, "batch_size")
        granted.require_modules(dict.fromkeys(name for one in documents for name in one.modules))
        batch = Batch(
            batch_id=new_id("bat"),
            created_at=granted.deps.clock.now(),
            created_by=granted.principal.principal_id,
            total=len(documents),
            documents=msgspec.msgpack.encode(documents),
        )
        store, account = granted.store, Account.of(granted)
        batch_id = store.add_batch(batch, key)
        if batch_id is None:
            message = "This Idempotency-Key was used for another request; use a fresh key."
            raise Conflict(message, "idempotency_key_reused")
        if batch_id != batch.batch_id:
            return found(store, batch_id)
        if later or len(documents) > _AT_ONCE_DOCUMENTS or _size(documents) > _AT_ONCE_CHARACTERS:
            threading.Thread(target=self._work, args=(account, store, batch), daemon=True).start()
            return batch
        self._work(account, store, batch, nullcontext())
        return found(store, batch.batch_id)

    def take_up(self) -> None:
        """Finish, in the background, what an earlier process accepted and did not finish."""
        threading.Thread(target=self._take_up, daemon=True).start()

    def _take_up(self) -> None:
        deps = self._service.deps
        for tenant_id in deps.stores.tenant_ids():
            store = deps.stores.open(tenant_id)
            for batch in store.unfinished_batches():
                _log.info("batch_taken_up", tenant_id=tenant_id, batch_id=batch.batch_id)
                self._work(Account.by_id(deps, tenant_id), store, batch)

    def _work(
        self,
        account: Account,
        store: TenantStore,
        batch: Batch,
        turn: AbstractContextManager[object] | None = None,
    ) -> None:
        documents = msgspec.msgpack.decode(batch.documents or b"\x90", type=list[Wanted])
        outcomes: list[dict[str, Any]] = []
        try:
            for position, document in enumerate(documents):
                # One background document at a time leaves the cores to the callers, who take no turns.
                with turn or self._working:
                    outcomes.append(self._one(account, batch, position, document))
                if len(outcomes) % _TELL_EVERY == 0:
                    store.tell_batch(batch.batch_id, len(outcomes), orjson.dumps(outcomes).decode())
            store.finish_batch(batch.batch_id, orjson.dumps(outcomes).decode(), account.now())
        except Exception:  # noqa: BLE001 - the thread's edge: the batch stays unfinished and is taken up at the next start
            _log.exception("batch_interrupted", batch_id=batch.batch_id, done=len(outcomes))

    def _one(self, account: Account, batch: Batch, position: int, document: Wanted) -> dict[str, Any]:
        key = IdempotencyKey(f"{batch.batch_id}/{position}", sha256(document.original).hexdigest())
        told: dict[str, Any] = {"position": position, "reference": document.reference}
        try:
            answer = msgspec.json.decode(self._service.validate(account, document, key).response)
        except PlatformError as error:
            return told | {"error": {"code": error.code, "detail": error.message}}
        return told | {"id": answer["id"], "status": answer["status"]}


def described(batch: Batch) -> dict[str, Any]:
    """Return a batch as callers see it."""
    return {
        "id": batch.batch_id,
        "status": "finished" if batch.finished_at else "running",
        "total": batch.total,
        "done": batch.done,
        "created_at": batch.created_at,
        "finished_at": batch.finished_at,
        "results": orjson.loads(batch.outcomes),
    }


def found(store: TenantStore, batch_id: str) -> Batch:
    """Return a batch.

    Raises:
        NotFound: There is none of that id.
    """
    batch = store.batch(batch_id)
    if batch is None:
        message = f"There is no batch {batch_id}; its id came with the answer to the POST."
        raise NotFound(message, "batch_not_found")
    return batch


def _size(documents: list[Wanted]) -> int:
    return sum(document.size for document in documents)
