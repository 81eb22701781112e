"""Writes landing Parquet the way ingest does, for tests of the dbt project."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TIME = pa.timestamp("us", "UTC")
QUANTITY = pa.decimal128(18, 6)
WORDS = pa.list_(pa.string())

SCHEMAS: dict[str, pa.Schema] = {
    "usage_records": pa.schema(
        [
            ("tenant_id", pa.string()),
            ("source", pa.string()),
            ("record_id", pa.string()),
            ("meter", pa.string()),
            ("module", pa.string()),
            ("endpoint", pa.string()),
            ("status_code", pa.int32()),
            ("succeeded", pa.bool_()),
            ("units", QUANTITY),
            ("occurred_at", TIME),
            ("observed_at", TIME),
        ]
    ),
    "validation_runs": pa.schema(
        [
            ("run_id", pa.string()),
            ("tenant_id", pa.string()),
            ("document_type", pa.string()),
            ("detected_type", pa.string()),
            ("type_score", pa.float64()),
            ("modules", WORDS),
            ("status", pa.string()),
            ("created_at", TIME),
            ("ruleset_version", pa.string()),
            ("ruleset_hash", pa.string()),
            ("engine_version", pa.string()),
            ("custom_gates_revision", pa.int32()),
            ("as_of", pa.date32()),
            ("document_sha256", pa.string()),
            ("characters", pa.int32()),
            ("duration_ms", pa.float64()),
            ("observed_at", TIME),
        ]
    ),
    "gate_outcomes": pa.schema(
        [
            ("run_id", pa.string()),
            ("tenant_id", pa.string()),
            ("module", pa.string()),
            ("gate_id", pa.string()),
            ("title", pa.string()),
            ("severity", pa.string()),
            ("verdict", pa.string()),
            ("waived", pa.bool_()),
            ("findings", pa.int32()),
            ("created_at", TIME),
            ("observed_at", TIME),
        ]
    ),
    "tenant_register": pa.schema(
        [
            ("snapshot_on", pa.date32()),
            ("tenant_id", pa.string()),
            ("name", pa.string()),
            ("slug", pa.string()),
            ("plan", pa.string()),
            ("catalogue", pa.string()),
            ("status", pa.string()),
            ("region", pa.string()),
            ("modules", WORDS),
            ("user_limit", pa.int32()),
            ("active_users", pa.int32()),
            ("quiet_users", pa.int32()),
            ("features_in_use", WORDS),
            ("api_calls_quota", QUANTITY),
            ("conversations_quota", QUANTITY),
            ("storage_gb_quota", QUANTITY),
            ("overage_allowed", pa.bool_()),
            ("usage_anchor_at", TIME),
            ("earlier_anchors", pa.list_(pa.struct([("until", TIME), ("anchor_at", TIME)]))),
            ("stripe_customer_id", pa.string()),
            ("cancel_at_period_end", pa.bool_()),
            ("payment_failures", pa.int32()),
            ("created_at", TIME),
            ("erased_at", TIME),
            ("observed_at", TIME),
        ]
    ),
    "plan_catalogue": pa.schema(
        [
            ("snapshot_on", pa.date32()),
            ("catalogue", pa.string()),
            ("plan", pa.string()),
            ("position", pa.int32()),
            ("currency", pa.string()),
            ("month_price", pa.decimal128(18, 2)),
            ("is_custom_price", pa.bool_()),
            ("user_limit", pa.int32()),
            ("api_calls_quota", QUANTITY),
            ("conversations_quota", QUANTITY),
            ("storage_gb_quota", QUANTITY),
            ("modules", WORDS),
            ("features", WORDS),
            ("observed_at", TIME),
        ]
    ),
    "quarantine": pa.schema(
        [
            ("stream", pa.string()),
            ("source", pa.string()),
            ("object_id", pa.string()),
            ("reason", pa.string()),
            ("detail", pa.string()),
            ("body", pa.string()),
            ("occurred_at", TIME),
            ("observed_at", TIME),
        ]
    ),
    "sync_ledger": pa.schema(
        [
            ("stream", pa.string()),
            ("asked_at", TIME),
            ("since", TIME),
            ("until", TIME),
            ("rows", pa.int64()),
            ("complete_until", TIME),
            ("status", pa.string()),
            ("detail", pa.string()),
            ("observed_at", TIME),
        ]
    ),
}


def write_landing(root: Path, streams: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write each stream's rows as one file, and the zero-row file that every stream starts with."""
    for stream, schema in SCHEMAS.items():
        folder = root / stream / "1970-01-01"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(schema.empty_table(), folder / "empty.parquet")
    for stream, rows in streams.items():
        if rows:
            append_landing(root, stream, rows)


def append_landing(root: Path, stream: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add one more immutable file to a stream."""
    schema = SCHEMAS[stream]
    folder = root / stream / "2026-01-01"
    folder.mkdir(parents=True, exist_ok=True)
    complete = [{name: row.get(name) for name in schema.names} for row in rows]
    number = len(list(folder.iterdir()))
    pq.write_table(pa.Table.from_pylist(complete, schema=schema), folder / f"{number:06}.parquet")


def at(moment: str) -> datetime:
    """Return an aware UTC time from ISO text."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def a_record(**fields: Any) -> dict[str, Any]:
    """Return an accepted API call."""
    record = {
        "tenant_id": "acme",
        "source": "api",
        "record_id": f"record-{id(fields)}-{fields.get('occurred_at')}",
        "meter": "api_calls",
        "module": "fca_uk",
        "endpoint": "/v1/validations",
        "status_code": 200,
        "succeeded": True,
        "units": Decimal(1),
        "occurred_at": at("2026-03-10T09:00"),
    } | fields
    return {"observed_at": record["occurred_at"]} | record


def a_tenant(**fields: Any) -> dict[str, Any]:
    """Return an active starter of the `loki` catalogue."""
    return {
        "snapshot_on": date(2026, 3, 1),
        "tenant_id": "acme",
        "name": "Acme Ltd",
        "slug": "acme",
        "plan": "starter",
        "catalogue": "loki",
        "status": "active",
        "region": "local",
        "modules": ["fca_uk", "gdpr_uk"],
        "user_limit": 3,
        "active_users": 2,
        "quiet_users": 0,
        "features_in_use": [],
        "api_calls_quota": Decimal(10_000),
        "overage_allowed": False,
        "cancel_at_period_end": False,
        "payment_failures": 0,
        "created_at": at("2025-01-01"),
        "observed_at": at("2026-03-01T00:05"),
    } | fields


def a_plan(plan: str, position: int, price: int | None, **fields: Any) -> dict[str, Any]:
    """Return a plan of the `loki` catalogue; no price means custom."""
    return {
        "snapshot_on": date(2026, 3, 1),
        "catalogue": "loki",
        "plan": plan,
        "position": position,
        "currency": "GBP",
        "month_price": None if price is None else Decimal(price),
        "is_custom_price": price is None,
        "user_limit": 3,
        "api_calls_quota": Decimal(10_000),
        "modules": [],
        "features": [],
        "observed_at": at("2026-03-01T00:05"),
    } | fields


def loki_plans() -> list[dict[str, Any]]:
    """Return the plans of the `loki` catalogue."""
    return [a_plan("starter", 1, 99), a_plan("professional", 2, 299), a_plan("enterprise", 3, None)]


def a_run(run_id: str, **fields: Any) -> dict[str, Any]:
    """Return one validation run."""
    run = {
        "run_id": run_id,
        "tenant_id": "acme",
        "document_type": "privacy_notice",
        "detected_type": "privacy_notice",
        "type_score": 0.9,
        "modules": ["gdpr_uk"],
        "status": "PASS",
        "created_at": at("2026-03-10T09:00"),
        "ruleset_version": "1",
        "ruleset_hash": "abc",
        "engine_version": "1",
        "as_of": date(2026, 3, 10),
        "document_sha256": "00",
        "characters": 1200,
        "duration_ms": 1.5,
    } | fields
    return {"observed_at": run["created_at"]} | run


def an_outcome(run_id: str, gate_id: str, verdict: str = "PASS", **fields: Any) -> dict[str, Any]:
    """Return one gate's verdict in one run."""
    outcome = {
        "run_id": run_id,
        "tenant_id": "acme",
        "module": "gdpr_uk",
        "gate_id": gate_id,
        "title": gate_id.replace("_", " "),
        "severity": "high",
        "verdict": verdict,
        "waived": False,
        "findings": int(verdict == "FAIL"),
        "created_at": at("2026-03-10T09:00"),
    } | fields
    return {"observed_at": outcome["created_at"]} | outcome
