{{ config(materialized='ephemeral') }}
-- One sighting of a subscription schedule.
select
    object_id as schedule_id,
    observed_at,
    occurred_at,
    event_id,
    is_deleted,
    customer_id,
    subscription_id,
    status,
    end_behavior,
    created_at,
    phases
from {{ source('landing', 'stripe_subscription_schedule') }}
where {{ was_known() }}
