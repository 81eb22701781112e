"""Validating for a caller: own gates, waivers, idempotency, and one commit for all it leaves behind."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tenants.errors import Conflict, InvalidInput, QuotaExceeded
from tenants.ids import new_id
from tenants.stores import IdempotencyKey
from validation_engine.api.commits import METER, validation_commit
from validation_engine.api.engine_errors import as_platform_errors
from validation_engine.api.own_gates import OwnGates
from validation_engine.api.work import Bench, Task
from validation_engine.engine import default_engine

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from fastapi import Request

    from tenants.api.deps import Deps
    from tenants.stores import CommitOutcome, QuotaState
    from validation_engine.api.accounts import Account
    from validation_engine.api.bodies import Wanted
    from validation_engine.api.crew import Crew
    from validation_engine.api.work import Answer

LONGEST_KEY = 200
# A document of this size takes some milliseconds.
_SMALL = 20_000


class Service:
    """The engine as one process serves it to many tenants.

    Args:
        deps: The process's parts.
        crew: Processes that validate; None to do it in this one.
    """

    def __init__(self, deps: Deps, crew: Crew | None = None) -> None:
        self.deps = deps
        self.bench = Bench(default_engine())
        self.engine = self.bench.engine
        self.own_gates = OwnGates()
        self._crew = crew
        self._small = threading.Lock()

    def task(self, account: Account, wanted: Wanted) -> Task:
        """Return what has to be known to validate a document for a tenant now."""
        now = account.now()
        today = now.astimezone(ZoneInfo(account.tenant.time_zone)).date()
        return Task(wanted, self.own_gates.of(account, now), new_id("val"), now, today)

    def validate(self, account: Account, wanted: Wanted, key: IdempotencyKey | None) -> CommitOutcome:
        """Validate a document and commit result, outcomes, usage, quota and key as one.

        Raises:
            InvalidInput: The document, a module or the type cannot be used.
            Unavailable: No process can validate it just now.
            Conflict: The key was used for another request.
            QuotaExceeded: The period's quota is used up.
        """
        task = self.task(account, wanted)
        with as_platform_errors():
            answer = self._crew.answer(task) if self._crew is not None else self._answer_here(task)
        commit = validation_commit(account, task, answer, key)
        return accepted(account.store.commit_validation(commit), task.at)

    def _answer_here(self, task: Task) -> Answer:
        with self._turn(task.wanted):
            return self.bench.answer(task)

    def _turn(self, wanted: Wanted) -> AbstractContextManager[object]:
        """Let small documents through one by one: many threads at once only take turns at the interpreter."""
        return self._small if wanted.size <= _SMALL else nullcontext()


def idempotency_key(request: Request, body: bytes) -> IdempotencyKey | None:
    """Return the caller's key with the hash of what is asked under it.

    Raises:
        InvalidInput: The key is empty or too long.
    """
    told = request.headers.get("idempotency-key")
    if told is None:
        return None
    if not 0 < len(told) <= LONGEST_KEY:
        message = f"The Idempotency-Key has {len(told)} characters; give 1 to {LONGEST_KEY}."
        raise InvalidInput(message, "invalid_idempotency_key")
    asked = sha256(request.url.path.encode() + b"\0" + body).hexdigest()
    return IdempotencyKey(told, asked)


def accepted(outcome: CommitOutcome, now: datetime) -> CommitOutcome:
    """Return a commit that was made or replayed, and refuse the others.

    Raises:
        Conflict: The key was used for another request.
        QuotaExceeded: The quota is used up.
    """
    if outcome.kind == "conflict":
        message = "This Idempotency-Key was used for another request; use a fresh key."
        raise Conflict(message, "idempotency_key_reused")
    if outcome.kind == "refused":
        quota = outcome.quota
        end = quota.period.end
        message = f"The quota of {quota.limit:f} {METER} is used up until {end.isoformat()}; upgrade or wait."
        raise QuotaExceeded(
            message,
            "quota_exceeded",
            meter=METER,
            limit=f"{quota.limit:f}",
            remaining=f"{quota.remaining:f}",
            reset=end.isoformat(),
            retry_after=ceil((end - now).total_seconds()),
        )
    return outcome


def quota_headers(quota: QuotaState) -> dict[str, str]:
    """Return the response's `X-Quota-*` headers; an unlimited quota shows as `unlimited`."""
    return {
        "X-Quota-Limit": "unlimited" if quota.limit is None else f"{quota.limit:f}",
        "X-Quota-Remaining": "unlimited" if quota.remaining is None else f"{quota.remaining:f}",
        "X-Quota-Reset": quota.period.end.isoformat(),
    }
