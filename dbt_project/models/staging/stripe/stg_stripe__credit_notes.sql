{{ config(materialized='ephemeral') }}
-- One sighting of a credit note.
select
    object_id as credit_note_id,
    observed_at,
    occurred_at,
    customer_id,
    invoice_id,
    status,
    type,
    currency,
    amount,
    subtotal,
    total,
    total_excluding_tax,
    created_at,
    voided_at,
    line_ids
from {{ source('landing', 'stripe_credit_note') }}
where {{ was_known() }}
