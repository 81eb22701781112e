"""The streams that tenants' stores fill."""

from __future__ import annotations

import pyarrow as pa

from ingest.ledger import TIME

UNITS = pa.decimal128(18, 6)

USAGE_RECORDS = pa.schema(
    [
        ("tenant_id", pa.string()),
        ("source", pa.string()),
        ("record_id", pa.string()),
        ("meter", pa.string()),
        ("module", pa.string()),
        ("endpoint", pa.string()),
        ("status_code", pa.int32()),
        ("succeeded", pa.bool_()),
        ("units", UNITS),
        ("occurred_at", TIME),
        ("observed_at", TIME),
    ]
)

VALIDATION_RUNS = pa.schema(
    [
        ("run_id", pa.string()),
        ("tenant_id", pa.string()),
        ("document_type", pa.string()),
        ("detected_type", pa.string()),
        ("type_score", pa.float64()),
        ("modules", pa.list_(pa.string())),
        ("status", pa.string()),
        ("created_at", TIME),
        ("ruleset_version", pa.string()),
        ("ruleset_hash", pa.string()),
        ("engine_version", pa.string()),
        ("custom_gates_revision", pa.string()),
        ("as_of", pa.date32()),
        ("document_sha256", pa.string()),
        ("characters", pa.int64()),
        ("duration_ms", pa.float64()),
        ("observed_at", TIME),
    ]
)

GATE_OUTCOMES = pa.schema(
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
)

SCHEMAS = {
    "usage_records": USAGE_RECORDS,
    "validation_runs": VALIDATION_RUNS,
    "gate_outcomes": GATE_OUTCOMES,
}
