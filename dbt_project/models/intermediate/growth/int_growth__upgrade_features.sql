-- One row a tenant, moment and feature: the class its value falls into, and the value in words. Nothing here lies after
-- the moment.
with snapshots as (select * from {{ ref('int_growth__upgrade_snapshots') }}),

shares as (select * from {{ ref('int_growth__upgrade_usage') }}),

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
    tenant_id,
    snapshot_on,
    'limit' as feature,
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
    tenant_id,
    snapshot_on,
    'growth' as feature,
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
    tenant_id,
    snapshot_on,
    'users' as feature,
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
    tenant_id,
    snapshot_on,
    'tenure' as feature,
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
    tenant_id,
    snapshot_on,
    'plan' as feature,
    coalesce('plan ' || cast(plan_position as varchar), 'unknown')
    || case when upgrades_before > 0 then ', upgraded before' else '' end as class,
    case when upgrades_before > 0 then 'has upgraded before' else 'has never upgraded' end as words
from measured
