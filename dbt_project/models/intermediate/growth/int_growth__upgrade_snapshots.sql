-- One row a paying tenant not on the top plan and first of a month (and one as of the build's day): what was known of
-- it then, and whether it upgraded within 90 days. The upgrade model learns from these.
with customer_days as (
    select * from {{ ref('customer_days') }}
    where tenant_id is not null and mrr > 0
),

upgrades as (
    select distinct
        tenant_id,
        movement_date
    from {{ ref('mrr_movements') }}
    where tenant_id is not null and movement_type = 'expansion' and reason = 'upgrade'
),

held as (select * from {{ ref('int_growth__plans_held') }}),

register as (
    select
        *,
        lead(snapshot_on) over (partition by tenant_id order by snapshot_on) as valid_to
    from {{ ref('stg_tenants__register') }}
),

offsets as (select cast(generated_number - 1 as integer) as months_ago from ({{ dbt.generate_series(37) }})),

moments as (
    select distinct
        cast({{ dbt.dateadd('month', '-months_ago', dbt.date_trunc('month', build_day())) }} as date) as snapshot_on
    from offsets
    union
    select {{ build_day() }} as snapshot_on
),

paying as (
    select
        customer_days.tenant_id,
        moments.snapshot_on,
        sum(customer_days.reporting_mrr) as mrr
    from customer_days
    inner join moments
        on
            customer_days.valid_from <= moments.snapshot_on
            and (customer_days.valid_to is null or customer_days.valid_to > moments.snapshot_on)
    group by customer_days.tenant_id, moments.snapshot_on
),

first_days as (
    select
        tenant_id,
        min(valid_from) as paying_since
    from customer_days
    group by tenant_id
),

upgraded as (
    select
        paying.tenant_id,
        paying.snapshot_on,
        count(*) filter (where upgrades.movement_date <= paying.snapshot_on) as upgrades_before,
        bool_or(
            upgrades.movement_date > paying.snapshot_on and upgrades.movement_date <= paying.snapshot_on + 90
        ) as has_upgraded
    from paying
    inner join upgrades on paying.tenant_id = upgrades.tenant_id
    group by paying.tenant_id, paying.snapshot_on
)

select
    paying.tenant_id,
    paying.snapshot_on,
    paying.mrr,
    {{ dbt.datediff('first_days.paying_since', 'paying.snapshot_on', 'day') }} as paying_days,
    coalesce(upgraded.upgrades_before, 0) as upgrades_before,
    coalesce(upgraded.has_upgraded, false) as has_upgraded,
    paying.snapshot_on + 90 <= {{ build_day() }} as is_settled,
    paying.snapshot_on = {{ build_day() }} as is_present,
    held.plan,
    held.plan_position,
    register.user_limit,
    register.active_users
from paying
inner join first_days on paying.tenant_id = first_days.tenant_id
left join upgraded on paying.tenant_id = upgraded.tenant_id and paying.snapshot_on = upgraded.snapshot_on
left join held
    on
        paying.tenant_id = held.tenant_id
        and held.valid_from <= paying.snapshot_on
        and (held.valid_to is null or held.valid_to > paying.snapshot_on)
left join register
    on
        paying.tenant_id = register.tenant_id
        and register.snapshot_on <= paying.snapshot_on
        and (register.valid_to is null or register.valid_to > paying.snapshot_on)
where held.plan_position is null or held.plan_position < held.top_position
qualify row_number() over (
    partition by paying.tenant_id, paying.snapshot_on order by held.plan_position desc nulls last
) = 1
