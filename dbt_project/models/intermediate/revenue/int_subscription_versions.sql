-- noqa: disable=LT02,RF02
-- One row for each moment at which a subscription was seen to become different, in the order of the facts.
-- Events of one second are a chain from the state before to the state after; the second ends where the chain ends.
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
        state_hash,
        previous_hash
    from {{ ref('stg_stripe__subscriptions') }}
    where not is_before
),

seen_twice as (
    select version_id from sightings
    group by 1
    having count(*) > 1
),

-- What was landed once need not be sorted.
distinct_sightings as (
    select
        *,
        1 as sightings
    from sightings
    where version_id not in (select version_id from seen_twice)
    union all
    select
        *,
        count(*) over (partition by subscription_id, version_id) as sightings
    from sightings
    where version_id in (select version_id from seen_twice)
    qualify row_number() over (partition by subscription_id, version_id order by observed_at, state_hash) = 1
),

once as (
    select
        *,
        count(*) over second as companions,
        coalesce(bool_or(event_type = 'customer.subscription.created') over second, false) as is_creation,
        -- Back in good standing for less than a second still starts the clock of past due anew.
        status = 'past_due' and bool_or(status != 'past_due') over second as is_past_due_again
    from distinct_sightings
    window second as (partition by subscription_id, occurred_at, is_event)
),

tied as (
    select
        last_candidate.subscription_id,
        last_candidate.event_id,
        count(*) filter (where other.state_hash = last_candidate.state_hash)
        - count(*) filter (where other.previous_hash = last_candidate.state_hash) as surplus,
        array_agg(distinct other.event_id order by other.event_id) filter (
            where other.previous_hash is distinct from other.state_hash
        ) as chain
    from once as last_candidate
    inner join once as other
        on
            last_candidate.subscription_id = other.subscription_id
            and last_candidate.occurred_at = other.occurred_at
            and other.is_event
    where last_candidate.is_event and last_candidate.companions > 1
    group by 1, 2
),

before_tie as (
    select
        once.subscription_id,
        once.occurred_at,
        max_by(earlier.state_hash, earlier.occurred_at) as state_hash
    from once
    inner join once as earlier
        on once.subscription_id = earlier.subscription_id and earlier.occurred_at < once.occurred_at
    where once.is_event and once.companions > 1
    group by 1, 2
),

seconds as (
    select
        once.*,
        coalesce(tied.chain, [coalesce(once.event_id, once.subscription_id)]) as source_ids
    from once
    left join tied on once.subscription_id = tied.subscription_id and once.event_id = tied.event_id
    left join before_tie
        on once.subscription_id = before_tie.subscription_id and once.occurred_at = before_tie.occurred_at
    qualify row_number() over (
        partition by once.subscription_id, once.occurred_at, once.is_event
        order by
            once.event_type = 'customer.subscription.deleted' desc,
            once.event_type = 'customer.subscription.created' asc,
            tied.surplus desc,
            coalesce(once.state_hash = before_tie.state_hash, false) desc,
            once.event_id desc
    ) = 1
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
    window facts as (partition by subscription_id order by occurred_at, is_event desc, version_id)
),

-- A list read while something changed shows the state of a moment ago, or that of an event still to come.
credible as (
    select *
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
        lag(subscription_id) over history is null as is_first,
        row_number() over (order by subscription_id, occurred_at, version_id) as fact_id
    from credible
    window history as (partition by subscription_id order by occurred_at, is_event desc, version_id)
    qualify lag(state_hash) over history is distinct from state_hash or is_past_due_again
)

{% for condition in ['changed.sightings = 1', 'changed.sightings > 1'] %}
select
    changed.subscription_id,
    changed.version_id,
    changed.event_id,
    changed.is_creation,
    changed.is_past_due_again,
    changed.is_event,
    changed.occurred_at,
    changed.observed_at as known_at,
    changed.sightings,
    changed.source_ids,
    {{ subscription_state_columns('told.') }},
    changed.is_first,
    changed.is_first and not changed.is_creation as is_history_missing
from changed
inner join {{ ref('stg_stripe__subscriptions') }} as told
    on
        changed.version_id = told.version_id
        and changed.subscription_id = told.subscription_id
        and changed.observed_at = told.observed_at
        and changed.state_hash = told.state_hash
        and not told.is_before
where {{ condition }}
{% if loop.last %} qualify row_number() over (partition by changed.fact_id order by told.origin) = 1
{% else %} union all {% endif %}
{% endfor %}
