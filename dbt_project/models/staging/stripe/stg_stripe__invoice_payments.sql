{{ config(materialized='ephemeral') }}
-- One sighting of a payment of an invoice.
select
    object_id as invoice_payment_id,
    observed_at,
    occurred_at,
    invoice_id,
    payment_intent_id,
    charge_id,
    status,
    currency,
    amount_paid,
    paid_at,
    created_at
from {{ source('landing', 'stripe_invoice_payment') }}
where {{ was_known() }}
