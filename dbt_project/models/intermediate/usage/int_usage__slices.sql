-- One row a tenant, meter, module, endpoint, day and side of the hour at which the tenant's usage period turns.
-- Records are summed once, here; usage_days joins the two sides of a day, quota_use keeps them apart.
with records as (select * from {{ ref('stg_usage__records') }}),

tenants as (select tenant_id, usage_anchor from {{ ref('int_tenants__current') }}),

turns as (
    select tenant_id, {{ microseconds_of_day('usage_anchor') }} as turns_at from tenants
)

select
    records.tenant_id,
    records.meter,
    records.module,
    records.endpoint,
    {{ utc_date('records.occurred_at') }} as usage_day,
    {{ microseconds_of_day('records.occurred_at') }} >= coalesce(turns.turns_at, 0) as is_after_turn,
    count(*) as requests,
    cast(sum(records.units) as decimal(38, 6)) as units,
    count(*) filter (where coalesce(records.succeeded, true)) as succeeded,
    count(*) filter (where records.observed_at > records.occurred_at + interval '3 days') as late_records,
    min(records.observed_at) as observed_at
from records
left join turns on records.tenant_id = turns.tenant_id
group by all
