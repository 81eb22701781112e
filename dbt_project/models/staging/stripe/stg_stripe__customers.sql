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
    {{ id_in_json('previous_attributes', 'discount') }} as discount_id_before,
    coalesce(previous_attributes like '%"discount"%', false) as is_discount_changed,
    created_at
from {{ source('landing', 'stripe_customer') }}
where {{ was_known() }}
