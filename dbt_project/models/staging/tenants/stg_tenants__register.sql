-- One row a tenant and day: the newest snapshot taken on that day.
with landed as (
    select * from {{ source('landing', 'tenant_register') }}
    where {{ was_known() }}
)

select
    cast(snapshot_on as date) as snapshot_on,
    tenant_id,
    name,
    slug,
    plan,
    catalogue,
    status,
    region,
    modules,
    cast(user_limit as integer) as user_limit,
    cast(active_users as integer) as active_users,
    cast(quiet_users as integer) as quiet_users,
    features_in_use,
    cast(api_calls_quota as decimal(18, 6)) as api_calls_quota,
    cast(conversations_quota as decimal(18, 6)) as conversations_quota,
    cast(storage_gb_quota as decimal(18, 6)) as storage_gb_quota,
    overage_allowed,
    cast(usage_anchor_at as timestamptz) as usage_anchor_at,
    earlier_anchors,
    stripe_customer_id,
    cancel_at_period_end,
    cast(payment_failures as integer) as payment_failures,
    cast(created_at as timestamptz) as created_at,
    cast(erased_at as timestamptz) as erased_at,
    observed_at
from landed
qualify row_number() over (partition by tenant_id, snapshot_on order by observed_at desc) = 1
