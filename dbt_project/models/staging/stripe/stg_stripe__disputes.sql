{{ config(materialized='ephemeral') }}
-- One sighting of a dispute.
select
    object_id as dispute_id,
    observed_at,
    occurred_at,
    charge_id,
    payment_intent_id,
    status,
    currency,
    amount,
    created_at
from {{ source('landing', 'stripe_dispute') }}
where {{ was_known() }}
