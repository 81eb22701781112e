"""From a result to what the tenant's store commits for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tenants.stores import GateOutcome, QuotaCharge, ValidationCommit, ValidationRun
from tenants.stores.packing import row_of

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.stores import IdempotencyKey
    from validation_engine import results
    from validation_engine.api.accounts import Account
    from validation_engine.api.work import Answer, Task
    from validation_engine.results import Result

METER = "api_calls"


def charge(account: Account, at: datetime) -> QuotaCharge:
    """Return what one call takes from the tenant's quota of API calls."""
    entitled = account.entitlements
    return QuotaCharge(
        meter=METER,
        units=Decimal(1),
        limit=entitled.quotas.get(METER),
        period=entitled.period(at),
        overage_allowed=entitled.overage_allowed(METER),
    )


def validation_commit(
    account: Account, task: Task, answer: Answer, key: IdempotencyKey | None
) -> ValidationCommit:
    """Return run, outcomes, usage and quota charge of one validation; the document only where it is kept."""
    return ValidationCommit(
        run=_run(answer.facts, task.at, answer.milliseconds),
        packed=answer.packed,
        result=answer.result,
        charge=charge(account, task.at),
        idempotency=key,
        document=task.wanted.original if account.tenant.keeps_documents else None,
        document_media_type=answer.facts.document.media_type,
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


def outcome_rows(result: Result) -> list[bytes]:
    """Return the verdicts as history keeps them."""
    return [_row(module, one) for module, answer in result.modules.items() for one in answer.gates]


def _row(module: str, one: results.GateOutcome) -> bytes:
    """Return an outcome as history keeps it; it is kept with the outcome, which many results may share."""
    kept = vars(one)
    if "row" not in kept:
        evidence = len(one.evidence)
        outcome = GateOutcome(module, one.id, one.title, one.severity, one.verdict, one.waived, evidence)
        kept["row"] = row_of(outcome)
    row: bytes = kept["row"]
    return row
