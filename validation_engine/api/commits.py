"""From a result to what the tenant's store commits for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tenants.stores import GateOutcome, QuotaCharge, ValidationCommit, ValidationRun
from validation_engine.gates.ruleset import CUSTOM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tenants.stores import IdempotencyKey
    from validation_engine import results
    from validation_engine.api.accounts import Account
    from validation_engine.api.bodies import Wanted
    from validation_engine.results import Result

# By the identity of outcomes that the ruleset shares between results; at most one a gate and type.
_constant: dict[int, tuple[results.GateOutcome, GateOutcome]] = {}
_MOST_KEPT = 50_000
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
    account: Account,
    result: Result,
    *,
    at: datetime,
    milliseconds: float,
    key: IdempotencyKey | None,
    wanted: Wanted,
) -> ValidationCommit:
    """Return run, outcomes, usage and quota charge of one validation; the document only where it is kept."""
    return ValidationCommit(
        run=_run(result, at, milliseconds),
        outcomes=_outcomes(result),
        result=result.to_json(),
        charge=charge(account, at),
        idempotency=key,
        document=wanted.original if account.tenant.keeps_documents else None,
        document_media_type=result.document.media_type,
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
    return [_row(module, one) for module, answer in result.modules.items() for one in answer.gates]


def _row(module: str, one: results.GateOutcome) -> GateOutcome:
    """Return an outcome as history keeps it; those that no document changes are made once."""
    known = _constant.get(id(one))
    if known is not None and known[0] is one:
        return known[1]
    row = GateOutcome(module, one.id, one.title, one.severity, one.verdict, one.waived, len(one.evidence))
    if one.fingerprint is None and module != CUSTOM and len(_constant) < _MOST_KEPT:
        _constant[id(one)] = (one, row)
    return row
