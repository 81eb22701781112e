-- One row a live tenant: what it does now and did four weeks before, as the scores read it.
with tenants as (select * from {{ ref('int_tenants__current') }}),

plans as (select * from {{ ref('stg_tenants__plans') }}),

periods as (select * from {{ ref('int_usage__periods') }}),

period_days as (select * from {{ ref('int_usage__period_days') }}),

verdicts as (select * from {{ ref('int_compliance__module_verdicts') }}),

runs as (select * from {{ ref('validation_runs') }}),

billing as (select * from {{ ref('int_growth__billing') }}),

conversing_catalogues as (
    select distinct catalogue from plans
    where conversations_quota is not null
),

conversations as (
    select
        tenant_id,
        used as conversations
    from periods
    where is_running and meter = 'conversations'
),

validations as (
    select
        runs.tenant_id,
        count(*) as validations
    from runs
    inner join periods on runs.tenant_id = periods.tenant_id
    where
        periods.is_running
        and periods.meter = 'users'
        and runs.created_at >= {{ utc_instant('periods.period_starts') }}
        and runs.created_at < {{ utc_instant('periods.period_ends') }}
    group by runs.tenant_id
),

usage_weeks as (
    select
        tenant_id,
        sum(units) filter (where usage_day >= {{ build_day() }} - 28) as recent_units,
        sum(units) filter (where usage_day < {{ build_day() }} - 28) as earlier_units
    from period_days
    where not is_level and usage_day >= {{ build_day() }} - 56 and usage_day < {{ build_day() }}
    group by tenant_id
),

passes as (
    select
        tenant_id,
        count(*) filter (where run_day >= {{ build_day() }} - 28) as recent_checks,
        count(*) filter (where run_day < {{ build_day() }} - 28) as earlier_checks,
        count(*) filter (where verdict = 'PASS' and run_day >= {{ build_day() }} - 28) as recent_passes,
        count(*) filter (where verdict = 'PASS' and run_day < {{ build_day() }} - 28) as earlier_passes
    from verdicts
    where verdict <> 'NOT_APPLICABLE' and run_day >= {{ build_day() }} - 56 and run_day < {{ build_day() }}
    group by tenant_id
)

select
    tenants.tenant_id,
    tenants.name,
    tenants.status,
    tenants.catalogue,
    tenants.plan,
    tenants.plan_position,
    tenants.currency,
    tenants.month_price,
    tenants.is_custom_price,
    tenants.user_limit,
    tenants.active_users,
    tenants.quiet_users,
    tenants.cancel_at_period_end or coalesce(billing.is_cancellation_scheduled, false) as is_cancellation_scheduled,
    billing.cancels_at,
    greatest(tenants.payment_failures, coalesce(billing.failed_attempts, 0)) as payment_failures,
    tenants.created_at,
    coalesce(len(tenants.features_in_use), 0) as features_in_use,
    case
        when conversing_catalogues.catalogue is null then coalesce(validations.validations, 0)
        else coalesce(conversations.conversations, 0)
    end as engagements,
    case when conversing_catalogues.catalogue is null then 'validations' else 'conversations' end as engagement_kind,
    coalesce(usage_weeks.recent_units, 0) as recent_units,
    coalesce(usage_weeks.earlier_units, 0) as earlier_units,
    coalesce(passes.recent_checks, 0) as recent_checks,
    coalesce(passes.earlier_checks, 0) as earlier_checks,
    coalesce(passes.recent_passes, 0) as recent_passes,
    coalesce(passes.earlier_passes, 0) as earlier_passes
from tenants
left join billing on tenants.tenant_id = billing.tenant_id
left join conversing_catalogues on tenants.catalogue = conversing_catalogues.catalogue
left join conversations on tenants.tenant_id = conversations.tenant_id
left join validations on tenants.tenant_id = validations.tenant_id
left join usage_weeks on tenants.tenant_id = usage_weeks.tenant_id
left join passes on tenants.tenant_id = passes.tenant_id
where tenants.status in {{ live_statuses() }}
