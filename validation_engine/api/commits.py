"""From a result to what the tenant's store commits for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tenants.stores import GateOutcome, QuotaCharge, ValidationCommit, ValidationRun

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tenants.api.access import Granted
    from tenants.stores import IdempotencyKey
    from validation_engine.results import Result

METER = "api_calls"


def charge(granted: Granted, units: int = 1) -> QuotaCharge:
    """Return what a call takes from the tenant's quota of API calls."""
    entitled = granted.entitlements
    limit = entitled.quotas.get(METER)
    return QuotaCharge(
        meter=METER,
        units=Decimal(units),
        limit=limit,
        period=granted.period,
        overage_allowed=entitled.overage_allowed(METER),
    )


def validation_commit(
    result: Result,
    response: bytes,
    granted: Granted,
    *,
    at: datetime,
    milliseconds: float,
    idempotency: IdempotencyKey | None,
    kept: tuple[bytes, str] | None = None,
) -> ValidationCommit:
    """Return run, outcomes, usage and quota charge of one validation."""
    return ValidationCommit(
        run=_run(result, at, milliseconds),
        outcomes=_outcomes(result),
        result=response,
        charge=charge(granted),
        idempotency=idempotency,
        document=kept[0] if kept else None,
        document_media_type=kept[1] if kept else "text/plain",
    )


def _run(result: Result, at: datetime, milliseconds: float) -> ValidationRun:
    facts = result.document
    return ValidationRun(
        run_id=result.id,
        document_type=facts.type,
        detected_type=facts.detected_type,
        type_score=facts.type_score,
        modules=list(result.modules),
        status=result.status,
        created_at=at,
        ruleset_version=result.ruleset.version,
        ruleset_hash=result.ruleset.hash,
        engine_version=result.engine_version,
        custom_gates_revision=str(result.custom_gates_revision) if result.custom_gates_revision else None,
        as_of=date.fromisoformat(result.as_of),
        document_sha256=facts.sha256,
        characters=facts.characters,
        duration_ms=milliseconds,
    )


def _outcomes(result: Result) -> Sequence[GateOutcome]:
    return [
        GateOutcome(module, one.id, one.title, one.severity, one.verdict, one.waived, len(one.evidence))
        for module, answer in result.modules.items()
        for one in answer.gates
    ]
