-- One row a tenant, meter, module, endpoint and day, cut in two on days on which the tenant's usage period may turn: at
-- the hour of the turn; and cut where its anchor changed. All records are summed once, here; usage_days joins the parts
-- of a day, quota_use keeps them apart. A record that landed again is taken back by its repeat.
with records as (select * from {{ ref('stg_usage__records') }}),

repeats as (select * from {{ ref('int_usage__repeats') }}),

counted as (
    select
        tenant_id,
        meter,
        module,
        endpoint,
        succeeded,
        units,
        occurred_at,
        observed_at,
        1 as weight
    from records
    union all
    select
        tenant_id,
        meter,
        module,
        endpoint,
        succeeded,
        -units as units,
        occurred_at,
        observed_at,
        -1 as weight
    from repeats
),

turns as (
    select
        tenant_id,
        counts_from,
        -- Instants, as each record's own time is compared with them.
        {{ utc_instant('counts_from') }} as from_instant,
        {{ utc_instant('counts_until') }} as until_instant,
        {{ microseconds_of_day('usage_anchor') }} as turns_at,
        extract(day from usage_anchor) as turns_on
    from {{ ref('int_usage__anchors') }}
),

dated as (
    select
        *,
        {{ utc_date('occurred_at') }} as usage_day,
        {{ microseconds_of_day('occurred_at') }} as since_midnight
    from counted
)

select
    dated.tenant_id,
    dated.meter,
    dated.module,
    dated.endpoint,
    dated.usage_day,
    turns.counts_from,
    -- Anchors on the 29th to 31st turn on the 28th or later, depending on the month.
    dated.since_midnight >= turns.turns_at
    and extract(day from dated.usage_day) >= least(turns.turns_on, 28)
    and (extract(day from dated.usage_day) = turns.turns_on or turns.turns_on > 28) as is_after_turn,
    cast(sum(dated.weight) as bigint) as requests,
    cast(sum(dated.units) as decimal(38, 6)) as units,
    cast(sum(case when coalesce(dated.succeeded, true) then dated.weight else 0 end) as bigint) as succeeded,
    min(dated.observed_at) as first_observed_at,
    max(dated.observed_at) as last_observed_at
from dated
left join turns
    on
        dated.tenant_id = turns.tenant_id
        and dated.occurred_at >= turns.from_instant
        and dated.occurred_at < turns.until_instant
group by
    dated.tenant_id, dated.meter, dated.module, dated.endpoint, dated.usage_day, turns.counts_from, is_after_turn
having sum(dated.weight) > 0
