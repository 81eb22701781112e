"""A Stripe account in a test: what is done to it becomes objects, and events that tell each change."""

from __future__ import annotations

import copy
import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.stripe.observation import Observation
from ingest.stripe.typed import STREAMS, to_tables

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
ON_REQUEST = {"applies_to", "currency_options"}
MOMENT = pa.timestamp("us", "UTC")
OTHER_STREAMS = {
    "stripe_events": pa.schema(
        [
            (name, pa.string())
            for name in [
                "event_id",
                "event_type",
                "object_type",
                "object_id",
                "api_version",
                "previous_attributes",
                "body",
            ]
        ]
        + [("created_at", MOMENT), ("observed_at", MOMENT)]
    ),
    "fx_rates": pa.schema(
        [
            ("date", pa.date32()),
            ("from_currency", pa.string()),
            ("to_currency", pa.string()),
            ("rate", pa.decimal128(38, 18)),
            ("source", pa.string()),
            ("observed_at", MOMENT),
        ]
    ),
    "customer_merges": pa.schema(
        [("customer_id", pa.string()), ("merged_into", pa.string()), ("observed_at", MOMENT)]
    ),
    "sync_ledger": pa.schema(
        [(name, pa.string()) for name in ["stream", "status", "detail"]]
        + [(name, MOMENT) for name in ["asked_at", "since", "until", "complete_until", "observed_at"]]
        + [("rows", pa.int64())]
    ),
    "quarantine": pa.schema(
        [(name, pa.string()) for name in ["stream", "source", "object_id", "reason", "detail", "body"]]
        + [("occurred_at", MOMENT), ("observed_at", MOMENT)]
    ),
}


def moment(text: str) -> datetime:
    """Return a moment in UTC from `2025-03-01` or `2025-03-01 12:30:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seconds(value: datetime) -> int:
    """Return a moment as Stripe writes it."""
    return int(value.timestamp())


class Account:
    """Takes orders (subscribe, change, cancel …) and remembers every event it caused."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.observations: list[Observation] = []
        self.rows: dict[str, list[Json]] = {}
        self._numbers = itertools.count(1)

    def new_id(self, kind: str) -> str:
        """Return a fresh id such as `sub_a7`."""
        return f"{kind}_{self.prefix}{next(self._numbers)}"

    def tell(
        self,
        body: Json,
        event_type: str,
        when: datetime,
        previous: Json | None = None,
        seen: datetime | None = None,
        is_deleted: bool = False,  # noqa: FBT001, FBT002 - always named
    ) -> str:
        """Record one event about an object and return the event's id."""
        event_id = self.new_id("evt")
        self.observations.append(
            Observation(
                object_type=body["object"],
                object_id=body["id"],
                body=orjson.dumps(body),
                observed_at=seen or when + timedelta(seconds=1),
                origin="event",
                occurred_at=when,
                event_id=event_id,
                event_type=event_type,
                previous_attributes=orjson.dumps(previous) if previous else None,
                is_deleted=is_deleted,
            )
        )
        return event_id

    def list_object(self, body: Json, seen: datetime) -> None:
        """Record that a list showed an object."""
        self.observations.append(
            Observation(
                object_type=body["object"],
                object_id=body["id"],
                body=orjson.dumps(body),
                observed_at=seen,
                origin="list",
                occurred_at=seen,
            )
        )

    def price(
        self,
        amount: object = None,
        interval: str = "month",
        count: int = 1,
        currency: str = "usd",
        plan: str | None = None,
        **terms: object,
    ) -> Json:
        """Return a recurring price; the amount is in minor units, twelve decimals allowed."""
        price = {
            "id": self.new_id("price"),
            "object": "price",
            "type": "recurring",
            "currency": currency,
            "billing_scheme": "tiered" if "tiers" in terms else "per_unit",
            "unit_amount_decimal": None if amount is None else str(amount),
            "recurring": {
                "interval": interval,
                "interval_count": count,
                "usage_type": terms.pop("usage_type", "licensed"),
            },
            "product": terms.pop("product", self.new_id("prod")),
            "metadata": {"plan": plan} if plan else {},
            "active": True,
            "created": 0,
        } | terms
        self.list_object(price, moment("2020-01-01"))
        return price

    def discount(self, start: datetime, end: datetime | None = None, **coupon: object) -> Json:
        """Return a discount; the keywords are its coupon's.

        The coupon's products and further currencies are sent with the coupon alone, which is listed then.
        """
        whole = {"id": self.new_id("co"), "object": "coupon", "duration": "forever"} | coupon
        carried = {name: value for name, value in whole.items() if name not in ON_REQUEST}
        if carried != whole:
            self.list_object(whole, moment("2020-01-01"))
        return {
            "id": self.new_id("di"),
            "object": "discount",
            "start": seconds(start),
            "end": None if end is None else seconds(end),
            "source": {
                "type": "coupon",
                "coupon": carried,
            },
        }

    def customer(self, when: datetime, **fields: object) -> Json:
        """Create a customer."""
        body = {
            "id": self.new_id("cus"),
            "object": "customer",
            "created": seconds(when),
            "metadata": {},
        } | fields
        self.tell(body, "customer.created", when)
        return body

    def item(self, price: Json, quantity: int | None = 1, **fields: object) -> Json:
        """Return a subscription item."""
        return {
            "id": self.new_id("si"),
            "object": "subscription_item",
            "price": price,
            "quantity": quantity,
            "discounts": [],
            "tax_rates": [],
        } | fields

    def subscribe(
        self,
        when: datetime,
        items: list[Json],
        customer: str | None = None,
        seen: datetime | None = None,
        **fields: object,
    ) -> Json:
        """Create a subscription; active unless the fields say otherwise."""
        body: Json = {
            "id": self.new_id("sub"),
            "object": "subscription",
            "customer": customer or self.new_id("cus"),
            "status": "active",
            "currency": items[0]["price"]["currency"] if items else "usd",
            "created": seconds(when),
            "start_date": seconds(when),
            "cancel_at_period_end": False,
            "discounts": [],
            "default_tax_rates": [],
            "items": {"object": "list", "data": items, "has_more": False},
        } | fields
        self.tell(body, "customer.subscription.created", when, seen=seen)
        return copy.deepcopy(body)

    def change(self, body: Json, when: datetime, seen: datetime | None = None, **fields: Any) -> str:
        """Change a subscription and tell the event with its previous attributes; returns the event's id."""
        if "items" in fields:
            fields["items"] = {"object": "list", "data": fields["items"], "has_more": False}
        previous = {name: copy.deepcopy(body.get(name)) for name in fields if body.get(name) != fields[name]}
        body.update(copy.deepcopy(fields))
        return self.tell(body, "customer.subscription.updated", when, previous, seen)

    def cancel(self, body: Json, when: datetime, seen: datetime | None = None, **fields: object) -> str:
        """End a subscription at once; returns the event's id."""
        body.update({"status": "canceled", "ended_at": seconds(when), "canceled_at": seconds(when), **fields})
        return self.tell(body, "customer.subscription.deleted", when, seen=seen)

    def rate(self, day: str, origin: str, target: str, rate: str) -> None:
        """Put a line into the file of exchange rates."""
        self.rows.setdefault("fx_rates", []).append(
            {
                "date": date.fromisoformat(day),
                "from_currency": origin,
                "to_currency": target,
                "rate": Decimal(rate),
                "source": "file",
                "observed_at": moment("2020-01-01"),
            }
        )

    def merge(self, customer: str, into: str, seen: str = "2020-01-01") -> None:
        """Put a line into the file of merged customers."""
        self.rows.setdefault("customer_merges", []).append(
            {"customer_id": customer, "merged_into": into, "observed_at": moment(seen)}
        )

    def land(self, folder: Path) -> Path:
        """Write all that was observed as a landing zone and return its folder."""
        write_landing(folder, self.observations, self.rows)
        return folder


def write_landing(
    folder: Path,
    observations: list[Observation],
    rows: dict[str, list[Json]] | None = None,
    part: str = "part",
) -> None:
    """Write observations and plain rows as a landing zone with every stream, or as a further part of one."""
    batch = to_tables(observations)
    assert not batch.rejects, batch.rejects
    for stream, schema in {**STREAMS, **OTHER_STREAMS}.items():
        table = batch.tables.get(stream) or pa.Table.from_pylist((rows or {}).get(stream, []), schema)
        path = folder / stream / "2025-01-01" / f"{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
