-- One row a tenant, meter, usage period and day with something to count. Flows (calls, conversations, storage) are
-- sums of the day; levels (users) are the day's last reading.
with slices as (select * from {{ ref('int_usage__slices') }}),

levels as (select * from {{ ref('int_usage__levels') }}),

anchors as (select * from {{ ref('int_usage__anchors') }}),

flows as (
    select
        tenant_id,
        meter,
        usage_day,
        counts_from,
        is_after_turn,
        sum(units) as units
    from slices
    where meter not in {{ level_meters() }}
    group by tenant_id, meter, usage_day, counts_from, is_after_turn
),

counted as (
    select
        *,
        false as is_level
    from flows
    union all
    select
        *,
        true as is_level
    from levels
),

placed as (
    select
        counted.*,
        anchors.usage_anchor,
        anchors.counts_until,
        -- Where a day is cut, its second part lies after the hour of the turn, its first part before.
        case
            when counted.is_after_turn
                then
                    cast(counted.usage_day as timestamp)
                    + (anchors.usage_anchor - {{ dbt.date_trunc('day', 'anchors.usage_anchor') }})
            else cast(counted.usage_day as timestamp)
        end as counted_at
    from counted
    inner join anchors on counted.tenant_id = anchors.tenant_id and counted.counts_from = anchors.counts_from
),

indexed as (
    select
        *,
        {{ period_index('usage_anchor', 'counted_at') }} as nth_period
    from placed
)

select
    tenant_id,
    meter,
    usage_day,
    bool_or(is_level) as is_level,
    greatest({{ dbt.dateadd('month', 'nth_period', 'usage_anchor') }}, counts_from) as period_starts,
    least({{ dbt.dateadd('month', 'nth_period + 1', 'usage_anchor') }}, counts_until) as period_ends,
    cast(case when bool_or(is_level) then max_by(units, is_after_turn) else sum(units) end as decimal(38, 6)) as units
from indexed
group by tenant_id, meter, usage_day, period_starts, period_ends
