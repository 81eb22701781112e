select
    event_id,
    event_type
from {{ source('landing', 'stripe_events') }}
