"""What two builds tell differently of the same past, movement by movement, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from tenants.warehouse import Build

# Causes from the rarest to the most common; a day that only the newer build covers is no restatement.
CHANGES = """
with late as (
    select unnest(source_ids) as event_id
    from later.intermediate.int_subscription_versions
    where occurred_at <= $known_then and known_at > $known_then
),

pairs as (
    select
        coalesce(a.movement_id, b.movement_id) as movement_id,
        coalesce(a.customer_id, b.customer_id) as customer_id,
        coalesce(a.movement_date, b.movement_date) as movement_date,
        coalesce(a.movement_type, b.movement_type) as movement_type,
        coalesce(a.currency, b.currency) as currency,
        coalesce(b.amount, 0) as amount_before,
        coalesce(a.amount, 0) as amount_after,
        coalesce(b.reporting_amount, 0) as reporting_before,
        coalesce(a.reporting_amount, 0) as reporting_after,
        coalesce(a.source_event_ids, b.source_event_ids) as source_event_ids
    from later.marts.mrr_movements as a
    full outer join earlier.marts.mrr_movements as b on a.movement_id = b.movement_id
)

select
    {columns},
    case
        when $policy_changed then 'policy'
        when movement_type = 'fx' or amount_before = amount_after then 'exchange_rate'
        when customer_id in (select * from merged) then 'merge'
        when list_has_any(source_event_ids, (select coalesce(list(event_id), []) from late)) then 'late_event'
        else 'backdated_change'
    end as cause
from pairs
where movement_date <= cast($known_then as date)
    and (amount_before != amount_after or reporting_before != reporting_after)
order by movement_date, customer_id, currency, movement_type
"""
COLUMNS = (
    "movement_date",
    "customer_id",
    "movement_type",
    "currency",
    "amount_before",
    "amount_after",
    "reporting_before",
    "reporting_after",
    "source_event_ids",
)


@dataclass(frozen=True)
class Restated:
    """One movement that the two builds tell differently; the fields are those of the report's columns."""

    row: dict[str, object]
    cause: str


def restated(con: DuckDBPyConnection, earlier: Build, later: Build) -> list[Restated]:
    """Return the movements up to the earlier build's knowledge that the later one tells differently.

    Args:
        con: A connection that may attach both builds' files.
        earlier: A build as known at its `as_known_at`, or when it was built.
        later: A newer one.
    """
    _attach(con, "earlier", earlier.file)
    _attach(con, "later", later.file)
    con.execute("create or replace temp table merged as " + _merged())
    query = CHANGES.format(columns=", ".join(COLUMNS))
    given = {
        "known_then": known_until(earlier),
        "policy_changed": earlier.facts.get("policy") != later.facts.get("policy"),
    }
    return [
        Restated(dict(zip(COLUMNS, row, strict=False)), str(row[-1]))
        for row in con.execute(query, given).fetchall()
    ]


def known_until(build: Build) -> datetime:
    """Return the time up to which a build knew."""
    known = build.facts.get("as_known_at")
    return _moment(str(known)) if known else build.built_at


def _moment(text: str) -> datetime:
    from datetime import datetime  # noqa: PLC0415 - only for reading a fact

    return datetime.fromisoformat(text)


def _merged() -> str:
    """Customers whose ledger is another's in one build and their own in the other."""
    each = "select customer_id, ledger_customer_id from {}.intermediate.int_customers"
    return (
        f"select unnest([a.customer_id, a.ledger_customer_id, b.ledger_customer_id]) as customer_id "  # noqa: S608
        f"from ({each.format('later')}) as a join ({each.format('earlier')}) as b using (customer_id) "
        "where a.ledger_customer_id != b.ledger_customer_id"
    )


def _attach(con: DuckDBPyConnection, name: str, file: Path) -> None:
    con.execute(f"attach '{file}' as {name} (read_only)")
