-- One row an event, as first seen.
select
    event_id,
    event_type,
    object_type,
    object_id,
    api_version,
    created_at,
    min(observed_at) as observed_at
from {{ source('landing', 'stripe_events') }}
where {{ was_known() }}
group by all
