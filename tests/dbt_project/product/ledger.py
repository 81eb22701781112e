"""Stands in for the revenue marts that the growth models read, so that a test can state a ledger directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

TIME = pa.timestamp("us", "UTC")
MRR = pa.decimal128(38, 8)

TABLES: dict[str, pa.Schema] = {
    "marts.customer_days": pa.schema(
        [
            ("customer_id", pa.string()),
            ("tenant_id", pa.string()),
            ("valid_from", pa.date32()),
            ("valid_to", pa.date32()),
            ("currency", pa.string()),
            ("mrr", MRR),
            ("reporting_mrr", MRR),
        ]
    ),
    "marts.mrr_movements": pa.schema(
        [
            ("movement_id", pa.string()),
            ("customer_id", pa.string()),
            ("tenant_id", pa.string()),
            ("movement_date", pa.date32()),
            ("movement_type", pa.string()),
            ("reason", pa.string()),
        ]
    ),
    "intermediate.int_subscription_segments": pa.schema(
        [
            ("segment_id", pa.int64()),
            ("tenant_id", pa.string()),
            ("starts_at", TIME),
            ("ends_at", TIME),
            ("is_live", pa.bool_()),
            ("is_future", pa.bool_()),
        ]
    ),
    "intermediate.int_subscription_states": pa.schema(
        [
            ("subscription_id", pa.string()),
            ("customer_id", pa.string()),
            ("status", pa.string()),
            ("is_cancel_at_period_end", pa.bool_()),
            ("cancel_at", TIME),
            ("period_end_at", TIME),
            ("valid_to", TIME),
        ]
    ),
    "intermediate.int_customers": pa.schema([("customer_id", pa.string()), ("tenant_id", pa.string())]),
    "marts.dunning_invoices": pa.schema(
        [
            ("tenant_id", pa.string()),
            ("attempts", pa.int64()),
            ("state", pa.string()),
        ]
    ),
    "intermediate.int_item_mrr": pa.schema([("segment_id", pa.int64()), ("plan", pa.string())]),
}


def create_ledger(connection: DuckDBPyConnection, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Create the ledger's tables in a new build, with the rows given by the tables' last names."""
    for name, schema in TABLES.items():
        connection.register(
            "given", pa.Table.from_pylist([dict(row) for row in rows.get(name.partition(".")[2], ())], schema)
        )
        connection.execute(f"create table {name} as from given")
        connection.unregister("given")
