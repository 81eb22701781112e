{{ config(materialized='ephemeral') }}
-- One sighting of a discount, on its own or inside another object.
select
    object_id as discount_id,
    observed_at,
    occurred_at,
    event_id,
    event_type,
    is_deleted,
    coupon_id,
    percent_off,
    amount_off,
    currency,
    duration,
    duration_in_months,
    products,
    currency_amounts,
    customer_id,
    subscription_id,
    subscription_item_id,
    start_at,
    end_at
from {{ source('landing', 'stripe_discount') }}
where {{ was_known() }}
