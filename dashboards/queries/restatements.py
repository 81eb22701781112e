"""What two builds tell differently of the same past, movement by movement, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from tenants.warehouse import Build, Warehouse

# Compared is what both builds cover: days that were over when the earlier one was known, of the running day
# what had happened by then, and of exchange rates the months that were over.
# A revaluation of a balance that is itself told otherwise has the balance's cause, not the rate's.
RESTATED = """
with known as (
    select $known_then as moment, cast($known_then at time zone $timezone as date) as today
),

-- What a list shows to be over by then had happened, whenever the list was read.
late_subscriptions as (
    select
        subscription_id,
        min(least(
            occurred_at, ended_at, case when is_creation or (is_first and not is_event) then start_at end
        )) as since
    from later.intermediate.int_subscription_versions, known
    where
        known_at > known.moment
        and (occurred_at <= known.moment or (not is_event and ended_at <= known.moment))
    group by subscription_id
),

late_events as (
    select event_id, created_at from later.marts.stripe_events, known
    where created_at <= known.moment and observed_at > known.moment
),

told as (
    select customer_id, unnest(subscription_ids) as subscription_id from earlier.marts.mrr_movements
    union
    select customer_id, unnest(subscription_ids) as subscription_id from later.marts.mrr_movements
),

named as (
    select customer_id, unnest(source_event_ids) as event_id from later.marts.mrr_movements
),

late as (
    select customer_id, cast(min(since at time zone $timezone) as date) as since
    from (
        select told.customer_id, since from told inner join late_subscriptions using (subscription_id)
        union all
        select named.customer_id, created_at as since from named inner join late_events using (event_id)
    )
    group by customer_id
),

merged as (
    select unnest([a.customer_id, a.ledger_customer_id, b.ledger_customer_id]) as customer_id
    from later.intermediate.int_customers as a
    inner join earlier.intermediate.int_customers as b using (customer_id)
    where a.ledger_customer_id != b.ledger_customer_id
),

pairs as (
    select
        movement_id,
        coalesce(a.movement_date, b.movement_date) as movement_date,
        coalesce(a.customer_id, b.customer_id) as customer_id,
        coalesce(a.tenant_id, b.tenant_id) as tenant_id,
        coalesce(a.movement_type, b.movement_type) as movement_type,
        coalesce(a.reason, b.reason) as reason,
        upper(coalesce(a.currency, b.currency)) as currency,
        coalesce(b.amount, 0) as amount_before,
        coalesce(a.amount, 0) as amount_after,
        upper(coalesce(a.reporting_currency, b.reporting_currency)) as reporting_currency,
        coalesce(b.reporting_amount, 0) as reporting_before,
        coalesce(a.reporting_amount, 0) as reporting_after,
        coalesce(a.effective_at, b.effective_at) as effective_at,
        coalesce(a.known_at, b.known_at) as known_at,
        coalesce(a.source_event_ids, b.source_event_ids) as source_event_ids
    from later.marts.mrr_movements as a
    full outer join earlier.marts.mrr_movements as b using (movement_id)
),

changed as (
    select
        pairs.*,
        min(movement_date) filter (where amount_before != amount_after)
            over (partition by customer_id, currency) as other_balance_since
    from pairs, known
    where (amount_before != amount_after or reporting_before != reporting_after)
        and case
            when movement_type = 'fx'
                then date_trunc('month', movement_date) < date_trunc('month', known.today)
            else movement_date < known.today or (movement_date = known.today and effective_at <= known.moment)
        end
)

select
    case
        when $policy_changed then 'policy'
        when amount_before = amount_after
            and (movement_type != 'fx' or coalesce(other_balance_since > movement_date, true))
            then 'exchange_rate'
        when customer_id in (select customer_id from merged) then 'merge'
        when late.since <= movement_date then 'late_event'
        else 'backdated_change'
    end as cause,
    changed.* exclude (other_balance_since, effective_at),
    reporting_after - reporting_before as change
from changed
left join late using (customer_id)
order by movement_date desc, customer_id, currency, movement_type
"""


def earlier_builds(warehouse: Warehouse, build: Build) -> list[Build]:
    """Return the other kept builds, newest first; those of `loki rebuild --as-known-at` are among them."""
    return [warehouse.build(other) for other in reversed(warehouse.build_ids()) if other != build.id]


def restated(warehouse: Warehouse, earlier: Build, later: Build) -> pl.DataFrame:
    """Return the movements that two builds tell differently, newest first, each with its cause.

    Causes are `policy`, `exchange_rate`, `merge`, `late_event` (it had happened, but the earlier build did
    not know) and `backdated_change` (it happened since, and takes effect before). What only the later build
    covers is no restatement.

    Args:
        warehouse: Where both builds lie.
        earlier: The build that told it first.
        later: The build that tells it differently.
    """
    given = {
        "known_then": known_until(earlier),
        "timezone": str(earlier.facts.get("reporting_timezone") or "UTC"),
        "policy_changed": earlier.facts.get("policy") != later.facts.get("policy"),
    }
    with warehouse.open_both(earlier, later) as connection:
        changes: pl.DataFrame = connection.sql(RESTATED, params=given).pl()
        return changes


def by_month(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the change of each month's movements by cause, in the reporting currency."""
    return (
        changes.group_by(pl.col("movement_date").dt.truncate("1mo").alias("month"), "cause")
        .agg(pl.col("change").sum(), pl.len().alias("movements"))
        .sort("month", "cause")
    )


def known_until(build: Build) -> datetime:
    """Return the time up to which a build knew."""
    known = build.facts.get("as_known_at")
    return datetime.fromisoformat(str(known)) if known else build.built_at
