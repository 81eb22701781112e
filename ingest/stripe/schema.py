"""The streams that Stripe fills."""

from __future__ import annotations

import pyarrow as pa

from ingest.ledger import TIME

EVENTS = pa.schema(
    [
        ("event_id", pa.string()),
        ("event_type", pa.string()),
        ("created_at", TIME),
        ("observed_at", TIME),
        ("origin", pa.string()),
        ("api_version", pa.string()),
        ("object_type", pa.string()),
        ("object_id", pa.string()),
        ("livemode", pa.bool_()),
        ("previous_attributes", pa.string()),
        ("body", pa.string()),
    ]
)


def schemas() -> dict[str, pa.Schema]:
    """Return every Stripe stream with its columns."""
    from ingest.stripe.typed import STREAMS  # noqa: PLC0415 - start-up time

    return {"stripe_events": EVENTS, **STREAMS}
