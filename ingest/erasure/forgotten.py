"""Who is forgotten: known by keyed hashes alone, so that the list itself tells nobody."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import orjson

from ingest.erasure.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ingest.stripe.observation import Observation

# The fields by which Stripe's objects name whom they belong to.
_LINKS = ("customer", "charge", "payment_intent", "invoice", "id")


def subject_hash(secret: bytes, subject_id: str) -> str:
    """Return the hash by which an id is known as forgotten."""
    return hmac.new(secret, subject_id.encode(), "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Subject:
    """One erased tenant as it is found in what has landed, while it still can be.

    Attributes:
        tenant_id: Its id here.
        customer_ids: Its customers at Stripe.
        anonymous_id: Stands for it from now on.
    """

    tenant_id: str
    customer_ids: frozenset[str]
    anonymous_id: str


class Forgotten:
    """Scrubs what is observed of those who are forgotten.

    Args:
        secret: Keys the hashes.
        hashes: The anonymous id by the hash of each id of a customer, charge, payment or invoice.
    """

    def __init__(self, secret: bytes, hashes: Mapping[str, str]) -> None:
        self._secret = secret
        self._hashes = dict(hashes)

    def __bool__(self) -> bool:
        """Whether anybody is forgotten."""
        return bool(self._hashes)

    def anonymous_id(self, ids: Iterable[str]) -> str | None:
        """Return what stands for whoever one of the ids belongs to, None where nobody is forgotten."""
        found = (self._hashes.get(subject_hash(self._secret, each)) for each in ids)
        return next((each for each in found if each is not None), None)

    def observation(self, seen: Observation) -> Observation:
        """Return an observation without what is personal, where it concerns one who is forgotten."""
        named = self.anonymous_id(linked_ids(orjson.loads(seen.body))) if self._hashes else None
        return seen if named is None else scrubbed(seen, named)

    def event(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of `stripe_events` likewise."""
        if not self._hashes:
            return row
        named = self.anonymous_id(linked_ids(orjson.loads(row["body"])["data"]["object"]))
        return row if named is None else scrubbed_event(row, named)


def linked_ids(body: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """Return the ids by which an object tells whom it belongs to."""
    if not isinstance(body, dict):
        return []
    found = [body.get(name) for name in _LINKS]
    plain = [each.get("id") if isinstance(each, dict) else each for each in found]
    return [each for each in plain if isinstance(each, str)]


def scrubbed(seen: Observation, anonymous_id: str) -> Observation:
    """Return an observation without what is personal."""
    previous = seen.previous_attributes
    return msgspec.structs.replace(
        seen,
        body=scrub(seen.body, anonymous_id),
        previous_attributes=None if previous is None else scrub(previous, anonymous_id),
    )


def scrubbed_event(row: dict[str, Any], anonymous_id: str) -> dict[str, Any]:
    """Return a row of `stripe_events` without what is personal."""
    event = orjson.loads(row["body"])
    event["data"] = orjson.loads(scrub(orjson.dumps(event["data"]), anonymous_id))
    if event.get("request"):  # its idempotency key may name the tenant
        event["request"] = {"id": None, "idempotency_key": None}
    previous = row["previous_attributes"]
    told = None if previous is None else scrub(previous.encode(), anonymous_id).decode()
    return {**row, "body": orjson.dumps(event).decode(), "previous_attributes": told}
