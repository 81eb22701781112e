{{ config(materialized='ephemeral') }}
-- One sighting of a coupon.
select
    object_id as coupon_id,
    observed_at,
    occurred_at,
    percent_off,
    amount_off,
    currency,
    duration,
    duration_in_months,
    products,
    currency_amounts
from {{ source('landing', 'stripe_coupon') }}
where {{ was_known() }}
