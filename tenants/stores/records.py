"""What goes into a tenant's store and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from tenants.stores.packing import PackedRun

StreamTable = Literal["usage_records", "validation_runs", "gate_outcomes"]
API_SOURCE = "loki-api"


@dataclass(frozen=True, slots=True)
class Period:
    """A usage period: from its start up to, but without, its end."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationRun:
    """One validation as history keeps it; the document is known by its hash only."""

    run_id: str
    document_type: str
    detected_type: str | None
    type_score: float | None
    modules: Sequence[str]
    status: str
    created_at: datetime
    ruleset_version: str
    ruleset_hash: str
    engine_version: str
    custom_gates_revision: str | None
    as_of: date
    document_sha256: str
    characters: int
    duration_ms: float


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """One gate's verdict in one run; `findings` counts its pieces of evidence."""

    module: str
    gate_id: str
    title: str
    severity: str
    verdict: str
    waived: bool = False
    findings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaCharge:
    """What a call takes from a quota.

    Attributes:
        units: Whole or fractional units, to a millionth.
        limit: Units the period may hold; None is unlimited.
        overage_allowed: Whether to count beyond the limit instead of refusing.
    """

    meter: str
    units: Decimal
    limit: Decimal | None
    period: Period
    overage_allowed: bool = False


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The caller's key with the hash of what was asked under it."""

    key: str
    request_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationCommit:
    """All that one validation leaves behind, committed as one.

    Attributes:
        result: The JSON that the caller gets and that history shows, byte for byte.
        packed: Outcomes and result as the store keeps them, where they were made ready elsewhere.
        document: The document itself, only where the tenant asked for it to be kept.
    """

    run: ValidationRun
    result: bytes
    charge: QuotaCharge
    outcomes: Sequence[GateOutcome] = ()
    packed: PackedRun | None = None
    endpoint: str = "/v1/validations"
    status_code: int = 200
    idempotency: IdempotencyKey | None = None
    document: bytes | None = None
    document_media_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteredCall:
    """A charged call that leaves no run, such as a correction."""

    call_id: str
    charge: QuotaCharge
    endpoint: str
    occurred_at: datetime
    response: bytes
    modules: Sequence[str] = ()
    status_code: int = 200
    idempotency: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True)
class QuotaState:
    """How much of a quota is used; the limit None is unlimited, `remaining` never below zero."""

    meter: str
    used: Decimal
    limit: Decimal | None
    period: Period

    @property
    def remaining(self) -> Decimal | None:
        """Return the units left, None where unlimited."""
        return None if self.limit is None else max(self.limit - self.used, self.used * 0)


@dataclass(frozen=True, slots=True)
class CommitOutcome:
    """What became of a commit.

    Attributes:
        kind: `committed`; `replayed` when the key was used before for the same request;
            `conflict` when it was used for another one; `refused` when the quota is used up.
            The last three changed nothing.
        response: The bytes to answer with; empty on a conflict or refusal.
    """

    kind: Literal["committed", "replayed", "conflict", "refused"]
    response: bytes
    status_code: int
    quota: QuotaState


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageEvent:
    """One use of a meter, known for ever by its source and id."""

    source: str
    record_id: str
    meter: str
    units: Decimal
    occurred_at: datetime
    module: str | None = None
    endpoint: str | None = None
    status_code: int | None = None
    succeeded: bool = True


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """Use of one period: units by meter, calls in all, by module and by status, share of successes.

    A call counts once under each module it used; `success_rate` is None without calls.
    """

    period: Period
    units: dict[str, Decimal]
    calls: int
    calls_by_module: dict[str, int]
    calls_by_status: dict[str, int]
    success_rate: float | None


@dataclass(frozen=True, slots=True)
class CustomGate:
    """A tenant's own gate in the form in which it was written."""

    gate_id: str
    body: str
    is_enabled: bool
    created_at: datetime
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding waived by someone, for a reason, until a time (None: until withdrawn)."""

    suppression_id: str
    gate_id: str
    fingerprint: str
    author: str
    reason: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GateVersion:
    """A gate as it stood from one revision on; a body of None says that it was deleted."""

    gate_id: str
    revision: int
    body: str | None
    is_enabled: bool
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Documents accepted for later.

    Attributes:
        documents: The documents in the form of whoever put them there; None once finished.
        outcomes: What became of those done, as JSON.
    """

    batch_id: str
    created_at: datetime
    created_by: str
    total: int
    documents: bytes | None
    done: int = 0
    outcomes: str = "[]"
    finished_at: datetime | None = None
