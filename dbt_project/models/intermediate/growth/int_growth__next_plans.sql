-- One row a plan: the next one in its catalogue's order, and what it costs more a month (null where either price is
-- custom). The top plan has no next one.
with newest as (
    select * from {{ ref('stg_tenants__plans') }}
    qualify row_number() over (partition by catalogue, plan order by snapshot_on desc) = 1
),

paired as (
    select
        *,
        lead(plan) over catalogue_order as next_plan,
        lead(month_price) over catalogue_order as next_month_price,
        lead(is_custom_price) over catalogue_order as is_next_price_custom
    from newest
    window catalogue_order as (partition by catalogue order by plan_position)
)

select
    catalogue,
    plan,
    next_plan,
    currency,
    case
        when is_custom_price or is_next_price_custom then null
        else next_month_price - month_price
    end as additional_mrr
from paired
