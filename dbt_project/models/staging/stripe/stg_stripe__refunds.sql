{{ config(materialized='ephemeral') }}
-- One sighting of a refund.
select
    object_id as refund_id,
    observed_at,
    occurred_at,
    charge_id,
    payment_intent_id,
    status,
    currency,
    amount,
    created_at
from {{ source('landing', 'stripe_refund') }}
where {{ was_known() }}
