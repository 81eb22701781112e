-- One row a stretch of time in which a tenant paid for a plan: from the ledger, which knows a tenant's plans from its
-- first subscription on, where the register knows them only from its first snapshot.
with plans as (
    select
        *,
        max(plan_position) over (partition by catalogue) as top_position
    from {{ ref('stg_tenants__plans') }}
    qualify row_number() over (partition by catalogue, plan order by snapshot_on desc) = 1
),

tenants as (
    select
        tenant_id,
        catalogue
    from {{ ref('int_tenants__current') }}
)

select
    segments.tenant_id,
    plans.plan,
    plans.plan_position,
    plans.top_position,
    {{ utc_date('segments.starts_at') }} as valid_from,
    {{ utc_date('segments.ends_at') }} as valid_to
from {{ ref('int_subscription_segments') }} as segments
inner join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id
inner join tenants on segments.tenant_id = tenants.tenant_id
inner join plans on tenants.catalogue = plans.catalogue and items.plan = plans.plan
where segments.is_live and not segments.is_future
