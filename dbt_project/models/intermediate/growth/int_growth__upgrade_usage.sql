-- One row a tenant and moment: the usage of the 30 days before it and of the 30 before those, and the largest share of
-- a limit that was used. The limit is the register's, or before its first snapshot that of the plan paid for.
with snapshots as (select * from {{ ref('int_growth__upgrade_snapshots') }}),

days as (
    select
        tenant_id,
        meter,
        usage_day,
        sum(units) as units
    from {{ ref('int_usage__period_days') }}
    where not is_level
    group by tenant_id, meter, usage_day
),

limits as (select * from {{ ref('int_tenants__limits') }}),

plan_limits as ({{ plan_quotas() }}
),

tenants as (
    select
        tenant_id,
        catalogue
    from {{ ref('int_tenants__current') }}
),

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
)

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
