-- One row a catalogue, plan and day: the newest snapshot taken on that day.
with landed as (
    select * from {{ source('landing', 'plan_catalogue') }}
    where {{ was_known() }}
)

select
    cast(snapshot_on as date) as snapshot_on,
    catalogue,
    plan,
    cast(position as integer) as plan_position,
    lower(currency) as currency,
    cast(month_price as decimal(18, 2)) as month_price,
    is_custom_price,
    cast(user_limit as integer) as user_limit,
    cast(api_calls_quota as decimal(18, 6)) as api_calls_quota,
    cast(conversations_quota as decimal(18, 6)) as conversations_quota,
    cast(storage_gb_quota as decimal(18, 6)) as storage_gb_quota,
    modules,
    features,
    observed_at
from landed
qualify row_number() over (partition by catalogue, plan, snapshot_on order by observed_at desc) = 1
