{#-
CTEs from `sightings` to `seconds`, one row for each second in which a subscription was seen and each way of seeing it.
Events of one second are a chain from the state before to the state after; the second ends where the chain ends.
-#}
{% macro seconds_closed() -%}
-- What was seen once in its second need not be put in order.
crowded as (
    select
        subscription_id,
        occurred_at
    from sightings
    group by subscription_id, occurred_at
    having count(*) > 1
),

distinct_sightings as (
    select
        sightings.*,
        count(*) over (partition by sightings.subscription_id, sightings.version_id) as sightings
    from sightings
    inner join crowded
        on sightings.subscription_id = crowded.subscription_id and sightings.occurred_at = crowded.occurred_at
    qualify row_number() over (
        partition by sightings.subscription_id, sightings.version_id
        order by sightings.observed_at, sightings.state_hash
    ) = 1
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

before_tie as (
    select
        once.subscription_id,
        once.occurred_at,
        max_by(earlier.state_hash, earlier.occurred_at) as state_hash
    from once
    inner join sightings as earlier
        on once.subscription_id = earlier.subscription_id and earlier.occurred_at < once.occurred_at
    where once.is_event and once.companions > 1
    group by once.subscription_id, once.occurred_at
),

-- An event that does not say what was before changed nothing where others explain its state: one came to it as well, or
-- started from it.
repetitions as (
    select once.event_id
    from once
    left join before_tie
        on once.subscription_id = before_tie.subscription_id and once.occurred_at = before_tie.occurred_at
    where once.is_event and once.companions > 1
    qualify
        once.previous_hash is null
        and once.event_type = 'customer.subscription.updated'
        and (
            count(*) over (partition by once.subscription_id, once.occurred_at, once.state_hash) > 1
            or coalesce(once.state_hash = before_tie.state_hash, false)
            or coalesce(list_contains(
                array_agg(once.previous_hash) over (partition by once.subscription_id, once.occurred_at),
                once.state_hash
            ), false)
        )
),

tied as (
    select
        last_candidate.subscription_id,
        last_candidate.event_id,
        count(*) filter (
            where
                other.state_hash = last_candidate.state_hash
                and other.event_id not in (select event_id from repetitions)
        ) - count(*) filter (where other.previous_hash = last_candidate.state_hash) as surplus,
        array_agg(distinct other.event_id order by other.event_id) filter (
            where
                other.previous_hash is distinct from other.state_hash
                and other.event_id not in (select event_id from repetitions)
        ) as chain
    from once as last_candidate
    inner join once as other
        on
            last_candidate.subscription_id = other.subscription_id
            and last_candidate.occurred_at = other.occurred_at
            and other.is_event
    where last_candidate.is_event and last_candidate.companions > 1
    group by last_candidate.subscription_id, last_candidate.event_id
),

seconds as (
    select
        once.subscription_id,
        once.version_id,
        once.event_id,
        once.is_event,
        once.occurred_at,
        once.observed_at,
        once.status,
        once.start_at,
        once.ended_at,
        once.state_hash,
        once.sightings,
        once.is_creation,
        once.is_past_due_again,
        tied.chain
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
    union all
    select
        sightings.subscription_id,
        sightings.version_id,
        sightings.event_id,
        sightings.is_event,
        sightings.occurred_at,
        sightings.observed_at,
        sightings.status,
        sightings.start_at,
        sightings.ended_at,
        sightings.state_hash,
        1 as sightings,
        coalesce(sightings.event_type = 'customer.subscription.created', false) as is_creation,
        false as is_past_due_again,
        null as chain
    from sightings
    left join crowded
        on sightings.subscription_id = crowded.subscription_id and sightings.occurred_at = crowded.occurred_at
    where crowded.subscription_id is null
),
{%- endmacro %}
