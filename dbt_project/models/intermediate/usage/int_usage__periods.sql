-- One row a tenant, meter and usage period: what was used, and the limit in force at its end (so far, in the running
-- one). Every metered meter has its running period, used or not.
with period_days as (select * from {{ ref('int_usage__period_days') }}),

limits as (select * from {{ ref('int_tenants__limits') }}),

tenants as (
    select
        tenant_id,
        catalogue,
        {{ utc_timestamp(build_now()) }} as now_at
    from {{ ref('int_tenants__current') }}
),

anchors as (select * from {{ ref('int_usage__anchors') }}),

plans as (select * from {{ ref('stg_tenants__plans') }}),

catalogue_meters as (
    select distinct
        catalogue,
        'api_calls' as meter
    from plans
    union
    select distinct
        catalogue,
        'users' as meter
    from plans
    union
    select distinct
        catalogue,
        'conversations' as meter
    from plans
    where conversations_quota is not null
    union
    select distinct
        catalogue,
        'storage_gb' as meter
    from plans
    where storage_gb_quota is not null
),

used_meters as (
    select
        tenant_id,
        meter
    from period_days
    union
    select
        tenants.tenant_id,
        catalogue_meters.meter
    from tenants
    inner join catalogue_meters on tenants.catalogue = catalogue_meters.catalogue
),

running as (
    select
        used_meters.tenant_id,
        used_meters.meter,
        greatest(
            {{ dbt.dateadd('month', period_index('anchors.usage_anchor', 'tenants.now_at'), 'anchors.usage_anchor') }},
            anchors.counts_from
        ) as period_starts,
        least(
            {{ dbt.dateadd(
                'month', period_index('anchors.usage_anchor', 'tenants.now_at') ~ ' + 1', 'anchors.usage_anchor'
            ) }},
            anchors.counts_until
        ) as period_ends
    from used_meters
    inner join tenants on used_meters.tenant_id = tenants.tenant_id
    inner join anchors
        on
            tenants.tenant_id = anchors.tenant_id
            and tenants.now_at >= anchors.counts_from
            and tenants.now_at < anchors.counts_until
),

-- A level that was not read in the running period still stands.
standing as (
    select
        tenant_id,
        meter,
        max_by(units, usage_day) as level_units
    from period_days
    where is_level
    group by tenant_id, meter
),

closed_or_running as (
    select
        tenant_id,
        meter,
        period_starts,
        period_ends,
        case when bool_or(is_level) then max_by(units, usage_day) else sum(units) end as used
    from period_days
    group by tenant_id, meter, period_starts, period_ends
    union all
    select
        running.*,
        coalesce(standing.level_units, 0) as used
    from running
    left join standing on running.tenant_id = standing.tenant_id and running.meter = standing.meter
    where not exists (
        select 1 from period_days
        where
            period_days.tenant_id = running.tenant_id
            and period_days.meter = running.meter
            and period_days.period_starts = running.period_starts
    )
)

select
    periods.tenant_id,
    periods.meter,
    periods.period_starts,
    periods.period_ends,
    cast(periods.used as decimal(38, 6)) as used,
    limits.quota,
    tenants.now_at >= periods.period_starts and tenants.now_at < periods.period_ends as is_running
from closed_or_running as periods
inner join tenants on periods.tenant_id = tenants.tenant_id
left join limits
    on
        periods.tenant_id = limits.tenant_id
        and periods.meter = limits.meter
        and limits.valid_from <= cast(periods.period_ends - interval '1 microsecond' as date)
        and (limits.valid_to is null or limits.valid_to > cast(periods.period_ends - interval '1 microsecond' as date))
