-- One sighting of an invoice line.
select
    object_id as line_id,
    observed_at,
    occurred_at,
    invoice_id,
    customer_id,
    subscription_id,
    item_id,
    price_id,
    product_id,
    usage_type,
    currency,
    amount,
    quantity,
    unit_amount,
    is_proration,
    period_start_at,
    period_end_at,
    discount_ids,
    invoiceitem_id,
    discount_amounts,
    taxes,
    credited_line_ids
from {{ source('landing', 'stripe_invoice_line') }}
where {{ was_known() }}
