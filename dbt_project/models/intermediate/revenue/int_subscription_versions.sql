-- noqa: disable=LT02,RF02
{{ config(meta={'packing': 'light'}) }}
-- One row for each moment at which a subscription was seen to become different, in the order of the facts; what it
-- became is in `int_subscription_states`.
with sightings as (
    select
        subscription_id,
        version_id,
        event_id,
        event_type,
        event_id is not null as is_event,
        occurred_at,
        observed_at,
        status,
        start_at,
        ended_at,
        state_hash,
        previous_hash
    from {{ ref('stg_stripe__subscriptions') }}
    where not is_before
),

{{ seconds_closed() }}

listed as (
    select distinct subscription_id from sightings
    where not is_event
),

neighbours as (
    select
        *,
        lag(state_hash) over facts as hash_before,
        lag(state_hash, 2) over facts as hash_before_that,
        lag(occurred_at) over facts as occurred_before,
        lead(state_hash) over facts as hash_after,
        lead(occurred_at) over facts as occurred_after
    from seconds
    where subscription_id in (select subscription_id from listed)
    window facts as (partition by subscription_id order by occurred_at, is_event desc, version_id)
),

-- A list read while something changed shows the state of a moment ago, or that of an event still to come.
credible as (
    select *
    from seconds
    where subscription_id not in (select subscription_id from listed)
    union all
    select * exclude (hash_before, hash_before_that, occurred_before, hash_after, occurred_after)
    from neighbours
    where
        is_event
        or not coalesce(
            (state_hash = hash_before_that and occurred_at < occurred_before + interval 15 minute)
            or (state_hash = hash_after and occurred_after < occurred_at + interval 15 minute),
            false
        )
),

changed as (
    select
        *,
        lag(subscription_id) over history is null as is_first
    from credible
    window history as (partition by subscription_id order by occurred_at, is_event desc, version_id)
    qualify lag(state_hash) over history is distinct from state_hash or is_past_due_again
)

select
    subscription_id,
    version_id,
    event_id,
    is_creation,
    is_past_due_again,
    is_event,
    occurred_at,
    observed_at as known_at,
    status,
    start_at,
    ended_at,
    state_hash,
    sightings,
    coalesce(chain, [coalesce(event_id, subscription_id)]) as source_ids,
    is_first,
    is_first and not is_creation as is_history_missing
from changed
