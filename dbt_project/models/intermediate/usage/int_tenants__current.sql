-- One row a tenant: its newest snapshot, the anchor its usage periods are counted from, and its plan's place.
with register as (select * from {{ ref('stg_tenants__register') }}),

plans as (select * from {{ ref('stg_tenants__plans') }}),

newest as (
    select * from register
    qualify row_number() over (partition by tenant_id order by snapshot_on desc) = 1
),

newest_plans as (
    select * from plans
    qualify row_number() over (partition by catalogue, plan order by snapshot_on desc) = 1
)

select
    newest.*,
    coalesce({{ utc_timestamp('newest.usage_anchor_at') }}, timestamp '2000-01-01 00:00:00') as usage_anchor,
    newest_plans.plan_position,
    newest_plans.currency,
    newest_plans.month_price,
    newest_plans.is_custom_price
from newest
left join newest_plans on newest.catalogue = newest_plans.catalogue and newest.plan = newest_plans.plan
where newest.erased_at is null
