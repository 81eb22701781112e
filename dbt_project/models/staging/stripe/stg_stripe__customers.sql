-- One sighting of a customer.
select
    object_id as customer_id,
    observed_at,
    origin,
    occurred_at,
    event_id,
    event_type,
    is_deleted,
    tenant_id,
    currency,
    discount_id,
    created_at
from {{ source('landing', 'stripe_customer') }}
where {{ was_known() }}
