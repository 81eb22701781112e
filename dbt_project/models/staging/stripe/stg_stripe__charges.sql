{{ config(materialized='ephemeral') }}
-- One sighting of a charge.
select
    object_id as charge_id,
    observed_at,
    occurred_at,
    customer_id,
    invoice_id,
    payment_intent_id,
    status,
    currency,
    amount,
    amount_captured,
    amount_refunded,
    failure_code,
    created_at
from {{ source('landing', 'stripe_charge') }}
where {{ was_known() }}
