-- One row a tenant, meter, usage period and day with something to count. Flows (calls, conversations, storage) are
-- sums of the day; levels (users) are the day's last reading.
with slices as (select * from {{ ref('int_usage__slices') }}),

levels as (select * from {{ ref('int_usage__levels') }}),

tenants as (
    select
        tenant_id,
        usage_anchor
    from {{ ref('int_tenants__current') }}
),

flows as (
    select
        tenant_id,
        meter,
        usage_day,
        is_after_turn,
        sum(units) as units
    from slices
    where meter not in {{ level_meters() }}
    group by tenant_id, meter, usage_day, is_after_turn
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
        tenants.usage_anchor,
        -- Where a day is cut, its second part lies after the hour of the turn, its first part before.
        case
            when counted.is_after_turn
                then
                    cast(counted.usage_day as timestamp)
                    + (tenants.usage_anchor - {{ dbt.date_trunc('day', 'tenants.usage_anchor') }})
            else cast(counted.usage_day as timestamp)
        end as counted_at
    from counted
    inner join tenants on counted.tenant_id = tenants.tenant_id
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
    {{ dbt.dateadd('month', 'nth_period', 'usage_anchor') }} as period_starts,
    {{ dbt.dateadd('month', 'nth_period + 1', 'usage_anchor') }} as period_ends,
    cast(case when bool_or(is_level) then max_by(units, is_after_turn) else sum(units) end as decimal(38, 6)) as units
from indexed
group by tenant_id, meter, usage_day, period_starts, period_ends
