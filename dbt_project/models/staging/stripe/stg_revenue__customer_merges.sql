{{ config(materialized='ephemeral') }}
-- Which customer is really which other one, newest reading of the operator's file.
select
    customer_id,
    merged_into,
    observed_at
from {{ source('landing', 'customer_merges') }}
where {{ was_known() }}
qualify row_number() over (partition by customer_id order by observed_at desc, merged_into) = 1
