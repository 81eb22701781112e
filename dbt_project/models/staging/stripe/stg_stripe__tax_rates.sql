{{ config(materialized='ephemeral') }}
-- One sighting of a tax rate.
select
    object_id as tax_rate_id,
    observed_at,
    occurred_at,
    percentage,
    is_inclusive
from {{ source('landing', 'stripe_tax_rate') }}
where {{ was_known() }}
