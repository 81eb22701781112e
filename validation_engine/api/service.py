"""Validating for a caller: own gates, waivers, idempotency, and one commit for all it leaves behind."""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from tenants.errors import Conflict, InvalidInput, QuotaExceeded
from tenants.ids import new_id
from tenants.stores import IdempotencyKey
from validation_engine.api.commits import METER, validation_commit
from validation_engine.api.engine_errors import as_platform_errors
from validation_engine.api.own_gates import OwnGates
from validation_engine.engine import Options, default_engine

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from fastapi import Request

    from tenants.api.deps import Deps
    from tenants.stores import CommitOutcome, QuotaState
    from validation_engine.api.accounts import Account
    from validation_engine.api.bodies import Wanted

_LONGEST_KEY = 200
# A document of this size takes some milliseconds.
_SMALL = 20_000


class Service:
    """The engine as one process serves it to many tenants.

    Args:
        deps: The process's parts.
    """

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self.engine = default_engine()
        self._small = threading.Lock()
        self.own_gates = OwnGates(self.engine.ruleset)

    def validate(self, account: Account, wanted: Wanted, key: IdempotencyKey | None) -> CommitOutcome:
        """Validate a document and commit result, outcomes, usage, quota and key as one.

        Raises:
            InvalidInput: The document, a module or the type cannot be used.
            Conflict: The key was used for another request.
            QuotaExceeded: The period's quota is used up.
        """
        began, now = time.perf_counter(), account.now()
        options, custom = self.options(account, wanted), self.own_gates.of(account)
        with as_platform_errors(), self._turn(wanted):
            result = self.engine.validate(wanted.read(), options, custom)
        milliseconds = round((time.perf_counter() - began) * 1_000, 3)
        commit = validation_commit(account, result, at=now, milliseconds=milliseconds, key=key, wanted=wanted)
        return accepted(account.store.commit_validation(commit), now)

    def _turn(self, wanted: Wanted) -> AbstractContextManager[object]:
        """Let small documents through one by one: many threads at once only take turns at the interpreter."""
        return self._small if len(wanted.text or wanted.content) <= _SMALL else nullcontext()

    def options(self, account: Account, wanted: Wanted) -> Options:
        """Return how a document is validated for a tenant."""
        return Options(
            modules=wanted.modules,
            today=account.now().date(),
            document_type=wanted.document_type,
            as_of=wanted.as_of,
            run_id=new_id("val"),
            suppressions=self.own_gates.suppressions(account),
        )


def idempotency_key(request: Request, body: bytes) -> IdempotencyKey | None:
    """Return the caller's key with the hash of what is asked under it.

    Raises:
        InvalidInput: The key is empty or too long.
    """
    told = request.headers.get("idempotency-key")
    if told is None:
        return None
    if not 0 < len(told) <= _LONGEST_KEY:
        message = f"The Idempotency-Key has {len(told)} characters; give 1 to {_LONGEST_KEY}."
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
