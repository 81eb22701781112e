{{ config(materialized='ephemeral') }}
-- One sighting of a pending or billed invoice item.
select
    object_id as invoiceitem_id,
    observed_at,
    occurred_at,
    is_deleted,
    invoice_id,
    customer_id,
    subscription_id,
    item_id,
    price_id,
    currency,
    amount,
    quantity,
    unit_amount,
    is_proration,
    period_start_at,
    period_end_at,
    created_at
from {{ source('landing', 'stripe_invoiceitem') }}
where {{ was_known() }}
