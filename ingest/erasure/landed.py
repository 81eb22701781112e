"""Rewrites what has landed so that an erased tenant is in none of it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ingest.erasure.forgotten import linked_ids, scrubbed_event
from ingest.erasure.scrub import scrub
from ingest.landing.upkeep import rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.erasure.forgotten import Subject
    from ingest.landing import LandingZone

# Objects that belong to a customer without naming it: found by what they name instead.
_INDIRECT = ("stripe_refund", "stripe_dispute", "stripe_invoice_payment", "stripe_balance_transaction")
_OWNING = ("stripe_charge", "stripe_payment_intent", "stripe_invoice")


def linked(landing: LandingZone, subject: Subject) -> frozenset[str]:
    """Return the customers of a tenant with the ids of their charges, payments and invoices."""
    found = set(subject.customer_ids)
    customers = pa.array(sorted(subject.customer_ids), pa.string())
    for stream in _OWNING:
        owned = landing.read(stream, ["object_id", "customer_id"])
        of_subject = owned.filter(pc.is_in(owned["customer_id"], customers))
        found.update(of_subject["object_id"].to_pylist())
    return frozenset(found)


def customers_of(landing: LandingZone, tenant_id: str) -> frozenset[str]:
    """Return the Stripe customers that ever carried a tenant's id."""
    landed = landing.read("stripe_customer", ["object_id", "tenant_id"])
    return frozenset(landed.filter(pc.equal(landed["tenant_id"], tenant_id))["object_id"].to_pylist())


def forget(landing: LandingZone, subject: Subject, ids: frozenset[str]) -> dict[str, int]:
    """Remove a tenant's rows and scrub its customers' objects; return the rows touched, by stream.

    Doing it again touches nothing, so that it can be repeated after a crash.
    """
    touched: Counter[str] = Counter()
    with landing.writer():
        rewrite(landing, partial(_without, subject, ids, touched), forget=partial(_is_own, subject.tenant_id))
    return dict(touched)


def _is_own(tenant_id: str, cursor: str) -> bool:
    return cursor.rpartition("/")[2] == tenant_id


def count(landing: LandingZone, subject: Subject, ids: frozenset[str]) -> dict[str, int]:
    """Return the rows that `forget` would touch, by stream; nothing changes."""
    touched: Counter[str] = Counter()
    for stream in landing.schemas:
        for entry in landing.entries(stream):
            _without(subject, ids, touched, stream, landing.read(stream, entries=[entry]))
    return dict(touched)


def _without(
    subject: Subject, ids: frozenset[str], touched: Counter[str], stream: str, table: pa.Table
) -> pa.Table:
    if stream == "stripe_events" or stream.startswith("stripe_"):
        return _scrub_table(subject, ids, touched, stream, table)
    mask = _of_tenant(subject, stream, table)
    if mask is None or not pc.any(mask).as_py():
        return table
    kept = table.filter(pc.invert(pc.fill_null(mask, fill_value=False)))
    touched[stream] += table.num_rows - kept.num_rows
    return kept


def _of_tenant(subject: Subject, stream: str, table: pa.Table) -> pa.Array | None:
    if "tenant_id" in table.column_names:
        return pc.equal(table["tenant_id"], subject.tenant_id)
    if stream == "quarantine":
        named = (subject.tenant_id, *sorted(subject.customer_ids))
        masks = [pc.match_substring(table["body"], each) for each in named]
        whole = masks[0]
        for mask in masks[1:]:
            whole = pc.or_kleene(whole, mask)
        return whole
    return None


def _scrub_table(
    subject: Subject, ids: frozenset[str], touched: Counter[str], stream: str, table: pa.Table
) -> pa.Table:
    change = scrubbed_event if stream == "stripe_events" else _scrubbed_row
    changed: dict[int, dict[str, Any]] = {}
    for place, row in _candidates(subject, ids, stream, table):
        new = change(row, subject.anonymous_id)
        if new != row:
            changed[place] = new
    if not changed:
        return table
    touched[stream] += len(changed)
    stays = pa.array([place not in changed for place in range(table.num_rows)])
    replaced = pa.Table.from_pylist(list(changed.values()), table.schema)
    return pa.concat_tables([table.filter(stays), replaced])


def _candidates(
    subject: Subject, ids: frozenset[str], stream: str, table: pa.Table
) -> Iterator[tuple[int, dict[str, Any]]]:
    wanted = ids if stream in _INDIRECT or stream == "stripe_events" else subject.customer_ids
    places: set[int] = set()
    for each in wanted:
        is_named = pc.match_substring(table["body"], each)
        places.update(pc.indices_nonzero(pc.fill_null(is_named, fill_value=False)).to_pylist())
    for place in sorted(places):
        row = table.slice(place, 1).to_pylist()[0]
        body = orjson.loads(row["body"])
        if set(linked_ids(body["data"]["object"] if stream == "stripe_events" else body)) & ids:
            yield place, row


def _scrubbed_row(row: dict[str, Any], anonymous_id: str) -> dict[str, Any]:
    body, previous = scrub(row["body"].encode(), anonymous_id), row["previous_attributes"]
    told = None if previous is None else scrub(previous.encode(), anonymous_id).decode()
    canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    changed = {
        "body": body.decode(),
        "previous_attributes": told,
        "content_hash": sha256(canonical).hexdigest(),
    }
    if "tenant_id" in row:
        changed["tenant_id"] = anonymous_id
    return row | changed
