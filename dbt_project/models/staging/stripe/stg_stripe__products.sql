-- One sighting of a product.
select
    object_id as product_id,
    observed_at,
    occurred_at,
    name,
    plan
from {{ source('landing', 'stripe_product') }}
where {{ was_known() }}
