"""What one stream of typed Stripe objects looks like, and how a body becomes a row of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from ingest.stripe.typed.fields import AMOUNT_SCALE, Json

MOMENT = pa.timestamp("us", "UTC")
AMOUNT = pa.decimal128(38, AMOUNT_SCALE)  # minor units with Stripe's twelve decimal places
PERCENT = pa.decimal128(12, 8)
TEXTS = pa.list_(pa.string())

ENVELOPE: dict[str, pa.DataType] = {
    "object_id": pa.string(),
    "content_hash": pa.string(),
    "observed_at": MOMENT,
    "origin": pa.string(),
    "occurred_at": MOMENT,
    "event_id": pa.string(),
    "event_type": pa.string(),
    "previous_attributes": pa.string(),
    "api_version": pa.string(),
    "is_deleted": pa.bool_(),
    "livemode": pa.bool_(),
    "body": pa.string(),
}

Nested = Iterable[tuple[str, Json]]


def nothing_nested(_: Json) -> Nested:
    """Most objects carry no others worth a row of their own."""
    return ()


@dataclass(frozen=True)
class Shape:
    """One object type's typed columns.

    Attributes:
        object_type: Stripe's `object`, such as `invoice`.
        columns: The typed columns beside the envelope's.
        read: Body to a value for each typed column; raises `Misfit`.
        nested: The objects inside a body that deserve rows of their own streams.
    """

    object_type: str
    columns: dict[str, pa.DataType]
    read: Callable[[Json], Json]
    nested: Callable[[Json], Nested] = field(default=nothing_nested)

    @property
    def stream(self) -> str:
        """The landing stream's name."""
        return "stripe_" + {"line_item": "invoice_line"}.get(
            self.object_type, self.object_type.replace(".", "_")
        )

    @property
    def schema(self) -> pa.Schema:
        """The stream's whole Arrow schema: envelope, then typed columns."""
        return pa.schema(list((ENVELOPE | self.columns).items()))
