"""The streams that the operator's files fill."""

from __future__ import annotations

import pyarrow as pa

from ingest.ledger import TIME

FX_RATES = pa.schema(
    [
        ("date", pa.date32()),
        ("from_currency", pa.string()),
        ("to_currency", pa.string()),
        ("rate", pa.decimal128(38, 18)),
        ("source", pa.string()),
        ("observed_at", TIME),
    ]
)

CUSTOMER_MERGES = pa.schema(
    [("customer_id", pa.string()), ("merged_into", pa.string()), ("observed_at", TIME)]
)

SCHEMAS = {"fx_rates": FX_RATES, "customer_merges": CUSTOMER_MERGES}
