-- One row a tenant, moment and feature: the class its value falls into, and the value in words. Nothing here lies after
-- the moment.
with snapshots as (select * from {{ ref('int_growth__upgrade_snapshots') }}),

days as (
    select tenant_id, meter, usage_day, sum(units) as units
    from {{ ref('int_usage__period_days') }}
    where not is_level
    group by tenant_id, meter, usage_day
),

limits as (select * from {{ ref('int_tenants__limits') }}),

plan_limits as ({{ plan_quotas() }}),

tenants as (select tenant_id, catalogue from {{ ref('int_tenants__current') }}),

usage as (
    select
        snapshots.tenant_id,
        snapshots.snapshot_on,
        snapshots.plan,
        days.meter,
        coalesce(sum(days.units) filter (where days.usage_day >= snapshots.snapshot_on - 30), 0) as recent_units,
        coalesce(sum(days.units) filter (where days.usage_day < snapshots.snapshot_on - 30), 0) as earlier_units
    from snapshots
    inner join days
        on
            snapshots.tenant_id = days.tenant_id
            and days.usage_day >= snapshots.snapshot_on - 60
            and days.usage_day < snapshots.snapshot_on
    group by snapshots.tenant_id, snapshots.snapshot_on, snapshots.plan, days.meter
),

-- The limit is the register's, or before its first snapshot that of the plan which was paid for.
shares as (
    select
        usage.tenant_id,
        usage.snapshot_on,
        sum(usage.recent_units) as recent_units,
        sum(usage.earlier_units) as earlier_units,
        max(cast(100 * usage.recent_units / nullif(
            case when limits.tenant_id is null then plan_limits.quota else limits.quota end, 0
        ) as double)) as use_percent
    from usage
    left join tenants on usage.tenant_id = tenants.tenant_id
    left join plan_limits
        on
            tenants.catalogue = plan_limits.catalogue
            and usage.plan = plan_limits.plan
            and usage.meter = plan_limits.meter
    left join limits
        on
            usage.tenant_id = limits.tenant_id
            and usage.meter = limits.meter
            and limits.valid_from <= usage.snapshot_on
            and limits.first_known_on <= usage.snapshot_on
            and (limits.valid_to is null or limits.valid_to > usage.snapshot_on)
    group by usage.tenant_id, usage.snapshot_on
),

measured as (
    select
        snapshots.*,
        shares.use_percent,
        coalesce(shares.recent_units, 0) as recent_units,
        coalesce(shares.earlier_units, 0) as earlier_units,
        100.0 * snapshots.active_users / nullif(snapshots.user_limit, 0) as user_percent
    from snapshots
    left join shares on snapshots.tenant_id = shares.tenant_id and snapshots.snapshot_on = shares.snapshot_on
)

select
    tenant_id, snapshot_on, 'limit' as feature,
    case
        when use_percent is null then 'unknown'
        when use_percent >= 80 then '80 % and more'
        when use_percent >= 50 then '50 to 80 %'
        when use_percent >= 20 then '20 to 50 %'
        else 'below 20 %'
    end as class,
    'used ' || cast(cast(use_percent as integer) as varchar) || ' % of a limit in 30 days' as words
from measured
union all
select
    tenant_id, snapshot_on, 'growth' as feature,
    case
        when recent_units = 0 and earlier_units = 0 then 'no usage'
        when recent_units > earlier_units * 1.25 then 'rising'
        when recent_units < earlier_units * 0.8 then 'falling'
        else 'steady'
    end as class,
    'usage went from ' || cast(cast(earlier_units as bigint) as varchar) || ' to '
    || cast(cast(recent_units as bigint) as varchar) || ' in 30 days' as words
from measured
union all
select
    tenant_id, snapshot_on, 'users' as feature,
    case
        when user_percent is null then 'unknown'
        when user_percent >= 80 then '80 % and more'
        when user_percent >= 50 then '50 to 80 %'
        else 'below 50 %'
    end as class,
    cast(active_users as varchar) || ' of ' || cast(user_limit as varchar) || ' users' as words
from measured
union all
select
    tenant_id, snapshot_on, 'tenure' as feature,
    case
        when paying_days < 90 then 'below 3 months'
        when paying_days < 180 then '3 to 6 months'
        when paying_days < 365 then '6 to 12 months'
        else 'a year and more'
    end as class,
    'paying for ' || cast(cast(floor(paying_days / 30.4375) as integer) as varchar) || ' months' as words
from measured
union all
select
    tenant_id, snapshot_on, 'plan' as feature,
    coalesce('plan ' || cast(plan_position as varchar), 'unknown')
    || case when upgrades_before > 0 then ', upgraded before' else '' end as class,
    case when upgrades_before > 0 then 'has upgraded before' else 'has never upgraded' end as words
from measured
