-- The Stripe events behind the ledger's movements, as they came.
with sources as (
    select distinct unnest(source_event_ids) as event_id from {{ ref('mrr_movements') }}
)

select
    events.event_id,
    events.event_type,
    events.created_at,
    min(events.observed_at) as observed_at,
    events.object_type,
    events.object_id,
    any_value(events.previous_attributes) as previous_attributes,
    any_value(events.body) as body
from {{ source('landing', 'stripe_events') }} as events
inner join sources on events.event_id = sources.event_id
where {{ was_known('events.observed_at') }}
group by events.event_id, events.event_type, events.created_at, events.object_type, events.object_id
