"""The newest known state of Stripe's objects, whatever the order in which their events arrive.

An object's state is whole in each of its events, so the one with the latest time wins and
order of arrival does not matter. Two different states of one second cannot be ordered by
what they say: then Stripe is asked for the object as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from tenants.control.tables import billing_facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from tenants.billing.gateway import Json

OBJECT_TYPES = frozenset({"customer", "subscription", "invoice"})
_MOST_IN_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """One object as it was at one second.

    Attributes:
        fact_at: Unix second of the event that told it.
        is_asked: It was fetched, and so settles a tie.
    """

    object_id: str
    object_type: str
    customer_id: str
    fact_at: int
    body: Json
    is_asked: bool = False


def fact_of_event(event: Json) -> Fact | None:
    """Return what an event tells of an object that billing knows, else None."""
    body = event["data"]["object"]
    return fact_of_object(body, int(event["created"]))


def fact_of_object(body: Json, fact_at: int, *, is_asked: bool = False) -> Fact | None:
    """Return an object as a fact, None where billing does not know its type or customer."""
    kind, object_id = body.get("object"), body.get("id")
    customer = object_id if kind == "customer" else body.get("customer")
    if isinstance(customer, dict):
        customer = customer.get("id")
    if kind not in OBJECT_TYPES or not isinstance(object_id, str) or not isinstance(customer, str):
        return None
    return Fact(object_id, str(kind), customer, fact_at, body, is_asked)


def newer(known: Fact | None, told: Fact) -> Fact | None:
    """Return the fact that holds, None where the two are of one second and differ."""
    if known is None or told.fact_at > known.fact_at:
        return told
    if told.fact_at < known.fact_at or known.is_asked or told.body == known.body:
        return known
    return told if told.is_asked else None


def known_facts(connection: Connection, object_ids: Iterable[str]) -> dict[str, Fact]:
    """Return what is known of objects, by their ids."""
    ids, found = sorted(set(object_ids)), {}
    for start in range(0, len(ids), _MOST_IN_A_QUERY):
        some = ids[start : start + _MOST_IN_A_QUERY]
        query = sa.select(billing_facts).where(billing_facts.c.object_id.in_(some))
        found.update({row.object_id: _fact(row) for row in connection.execute(query)})
    return found


def facts_of_customer(connection: Connection, customer_id: str) -> list[Fact]:
    """Return all that is known of a customer."""
    query = sa.select(billing_facts).where(billing_facts.c.customer_id == customer_id)
    return [_fact(row) for row in connection.execute(query.order_by(billing_facts.c.object_id))]


def keep(connection: Connection, facts: Iterable[Fact]) -> None:
    """Keep facts, but for those of which a later one is known already."""
    rows = [_row(fact) for fact in facts]
    if not rows:
        return
    dialect = connection.dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - only the one that is used
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # noqa: PLC0415 - as above
    insertion = insert(billing_facts)
    told = insertion.excluded
    changed = {"fact_at": told.fact_at, "body": told.body, "customer_id": told.customer_id}
    is_later = told.fact_at >= billing_facts.c.fact_at
    connection.execute(
        insertion.on_conflict_do_update(index_elements=["object_id"], set_=changed, where=is_later), rows
    )


def _row(fact: Fact) -> dict[str, Any]:
    names = ("object_id", "object_type", "customer_id", "fact_at")
    return {**{name: getattr(fact, name) for name in names}, "body": orjson.dumps(fact.body)}


def _fact(row: sa.Row[Any]) -> Fact:
    body = orjson.loads(row.body)
    return Fact(row.object_id, row.object_type, row.customer_id, row.fact_at, body)
