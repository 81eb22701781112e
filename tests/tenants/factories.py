"""Small real things for tests, each field free to be set."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from tenants.audit import Actor
from tenants.clock import FixedClock
from tenants.stores import (
    GateOutcome,
    IdempotencyKey,
    Period,
    QuotaCharge,
    UsageEvent,
    ValidationCommit,
    ValidationRun,
)

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CLOCK = FixedClock(NOW)
NOVEMBER = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
BY = Actor("command", "test")
_numbers = count(1)


def charge(limit: int | None = 1000, units: int = 1, **fields: Any) -> QuotaCharge:
    given = {"meter": "api_calls", "period": NOVEMBER, **fields}
    return QuotaCharge(units=Decimal(units), limit=None if limit is None else Decimal(limit), **given)


def run(**fields: Any) -> ValidationRun:
    defaults = {
        "run_id": f"val_{next(_numbers):08d}",
        "document_type": "financial_promotion",
        "detected_type": "financial_promotion",
        "type_score": 0.9,
        "modules": ["fca_uk", "gdpr_uk"],
        "status": "FAIL",
        "created_at": NOW,
        "ruleset_version": "1.0.0",
        "ruleset_hash": "ab" * 32,
        "engine_version": "1.0.0",
        "custom_gates_revision": None,
        "as_of": date(2026, 11, 26),
        "document_sha256": "cd" * 32,
        "characters": 1234,
        "duration_ms": 3.5,
    }
    return ValidationRun(**{**defaults, **fields})


def outcomes(number: int = 3) -> list[GateOutcome]:
    return [
        GateOutcome(
            "fca_uk", f"fca_{n}", f"Gate {n}", "high", "FAIL" if n == 0 else "PASS", findings=int(n == 0)
        )
        for n in range(number)
    ]


def validation(key: str | None = None, request_hash: str = "h", **fields: Any) -> ValidationCommit:
    defaults = {
        "run": run(),
        "outcomes": outcomes(),
        "result": b'{"status":"FAIL"}',
        "charge": charge(),
        "idempotency": None if key is None else IdempotencyKey(key, request_hash),
    }
    return ValidationCommit(**{**defaults, **fields})


def event(record_id: str = "e1", **fields: Any) -> UsageEvent:
    defaults = {
        "source": "chat",
        "record_id": record_id,
        "meter": "conversations",
        "units": Decimal(1),
        "occurred_at": NOW,
    }
    return UsageEvent(**{**defaults, **fields})
