"""Observations of Stripe objects as typed rows, one Arrow table per landing stream.

Pure: no clock, no files, no network. `STREAMS` names every stream with its schema; `to_tables` fills them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from ingest.stripe.typed import account, catalogue, invoice, subscription
from ingest.stripe.typed.fields import Json, Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.stripe.observation import Observation
    from ingest.stripe.typed.shape import Shape

__all__ = ["STREAMS", "Reject", "TypedBatch", "to_tables"]

SHAPES: dict[str, Shape] = {
    shape.object_type: shape
    for module in (subscription, catalogue, account, invoice)
    for shape in module.SHAPES
} | {"plan": next(shape for shape in catalogue.SHAPES if shape.object_type == "price")}
STREAMS: dict[str, pa.Schema] = {shape.stream: shape.schema for shape in SHAPES.values()}


@dataclass(frozen=True)
class Reject:
    """An observation that does not fit its stream, with one sentence on why."""

    observation: Observation
    reason: str


@dataclass(frozen=True)
class TypedBatch:
    """Rows by stream, and what could not become a row."""

    tables: dict[str, pa.Table]
    rejects: list[Reject]


def to_tables(observations: Sequence[Observation]) -> TypedBatch:
    """Type a batch of observations.

    Args:
        observations: Any mix of object types, in any order.

    Returns:
        One table for each stream that got rows, in the streams' schemas; an observation that does not fit
        yields no row at all, only a reject.
    """
    rows: dict[str, list[Json]] = defaultdict(list)
    rejects: list[Reject] = []
    for observation in observations:
        try:
            for stream, row in list(_rows(observation)):
                rows[stream].append(row)
        except (Misfit, orjson.JSONDecodeError) as problem:
            rejects.append(Reject(observation, f"{observation.object_type}: {problem}"))
        except (AttributeError, KeyError, TypeError) as problem:  # text where an object belongs, and the like
            reason = f"{observation.object_type}: a part is not shaped as Stripe shapes it ({problem})"
            rejects.append(Reject(observation, reason))
    tables = {stream: pa.Table.from_pylist(found, STREAMS[stream]) for stream, found in rows.items()}
    return TypedBatch(tables, rejects)


def _rows(observation: Observation) -> Iterator[tuple[str, Json]]:
    shape = SHAPES.get(observation.object_type)
    if shape is None:
        msg = "object"
        raise Misfit(msg, observation.object_type, "a type that a stream takes")
    body = orjson.loads(observation.body)
    if not isinstance(body, dict):
        msg = "body"
        raise Misfit(msg, type(body).__name__, "an object")
    typed = dict.fromkeys(shape.columns) if observation.is_deleted and _is_stub(body) else shape.read(body)
    envelope = _envelope(observation, body, observation.object_id)
    if observation.object_type == "subscription":
        yield from _with_history(observation, body, typed, envelope)
    else:
        yield shape.stream, envelope | typed
    yield from _nested(observation, shape, body)


def _is_stub(body: Json) -> bool:
    """Stripe's answer for a deleted object holds its id and little else."""
    return bool(body.get("deleted")) and "created" not in body


def _envelope(observation: Observation, body: Json, object_id: str) -> Json:
    canonical = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    previous = observation.previous_attributes
    return {
        "object_id": object_id,
        "content_hash": hashlib.sha256(canonical).hexdigest(),
        "observed_at": observation.observed_at,
        "origin": observation.origin,
        "occurred_at": observation.occurred_at,
        "event_id": observation.event_id,
        "event_type": observation.event_type,
        "previous_attributes": previous.decode() if previous else None,
        "api_version": observation.api_version,
        "is_deleted": observation.is_deleted,
        "livemode": observation.livemode,
        "body": orjson.dumps(body).decode(),
    }


def _with_history(
    observation: Observation, body: Json, typed: Json, envelope: Json
) -> Iterator[tuple[str, Json]]:
    """Yield a subscription's row, and the state before its event where the two differ for revenue."""
    previous = _before(body, observation.previous_attributes)
    before = SHAPES["subscription"].read(previous) if previous else None
    number = before["state_hash"] if before else None
    yield "stripe_subscription", envelope | typed | {"previous_hash": number, "is_before": False}
    if before and number != typed["state_hash"]:
        shown = envelope | {"body": None, "previous_attributes": None}
        yield "stripe_subscription", shown | before | {"previous_hash": None, "is_before": True}


def _before(body: Json, previous_attributes: bytes | None) -> Json | None:
    changed = orjson.loads(previous_attributes) if previous_attributes else None
    return _overlaid(body, changed) if isinstance(changed, dict) and changed else None


def _overlaid(body: Any, changed: Any) -> Any:  # noqa: ANN401 - JSON holds anything
    """Return the body with earlier values put back; objects merge, everything else is replaced."""
    if not (isinstance(body, dict) and isinstance(changed, dict)):
        return changed
    return body | {name: _overlaid(body.get(name), value) for name, value in changed.items()}


def _nested(observation: Observation, shape: Shape, body: Json) -> Iterator[tuple[str, Json]]:
    for object_type, found in shape.nested(body):
        inner = SHAPES[object_type]
        envelope = _envelope(observation, found, str(found["id"])) | {
            "previous_attributes": None,
            "is_deleted": False,
        }
        yield inner.stream, envelope | inner.read(found)
        if object_type == "line_item":
            yield from _nested(observation, inner, found)
