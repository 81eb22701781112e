{{ config(materialized='ephemeral') }}
-- One sighting of a price.
select
    object_id as price_id,
    observed_at,
    occurred_at,
    product_id,
    currency,
    billing_scheme,
    tiers_mode,
    unit_amount,
    interval,
    interval_count,
    usage_type,
    price_type,
    tax_behavior,
    divide_by,
    divide_round,
    tiers,
    plan
from {{ source('landing', 'stripe_price') }}
where {{ was_known() }}
