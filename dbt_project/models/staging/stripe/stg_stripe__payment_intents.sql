{{ config(materialized='ephemeral') }}
-- One sighting of a payment intent.
select
    object_id as payment_intent_id,
    observed_at,
    occurred_at,
    customer_id,
    invoice_id,
    status,
    latest_charge_id,
    created_at
from {{ source('landing', 'stripe_payment_intent') }}
where {{ was_known() }}
