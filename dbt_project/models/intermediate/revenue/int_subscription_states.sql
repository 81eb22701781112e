-- noqa: disable=AL04,RF02
-- One row for each state of a subscription: what held, from when to when, since when we know, and who says so.
{% set said = [
    'customer_id', 'currency', 'trial_end_at', 'cancel_at', 'canceled_at', 'period_end_at', 'is_cancel_at_period_end',
    'cancellation_reason', 'pause_behavior', 'pause_resumes_at', 'schedule_id'
] %}
with told as (
    select
        subscription_id,
        version_id,
        version_id as discounts_version_id,
        event_id,
        occurred_at,
        known_at,
        is_creation,
        is_past_due_again,
        status,
        start_at,
        ended_at,
        case when is_event then 'event' else 'list' end as source,
        source_ids,
        state_hash,
        sightings
    from {{ ref('int_subscription_versions') }}
    union all
    select
        subscription_id,
        version_id,
        discounts_version_id,
        null as event_id,
        occurred_at,
        known_at,
        false as is_creation,
        false as is_past_due_again,
        status,
        null as start_at,
        ended_at,
        'reconstructed' as source,
        source_ids,
        null as state_hash,
        0 as sightings
    from {{ ref('int_subscription_origins') }}
),

-- Only where something was canceled is it asked what was before.
canceled as (
    select distinct subscription_id from told
    where status = 'canceled'
),

-- The object's own dates are nearer to the fact than its event; a backdated start is earlier by intent.
dated as (
    select
        *,
        case
            when is_creation then least(occurred_at, coalesce(start_at, occurred_at))
            when status = 'canceled'
                then
                    greatest(
                        least(occurred_at, coalesce(ended_at, occurred_at)),
                        coalesce(lag(occurred_at) over facts, ended_at)
                    )
            else occurred_at
        end as valid_from
    from told
    where
        occurred_at <= {{ build_now() }}
        and subscription_id in (select subscription_id from canceled)
    window facts as (partition by subscription_id order by occurred_at)
    union all
    select
        *,
        case
            when is_creation then least(occurred_at, coalesce(start_at, occurred_at)) else occurred_at
        end as valid_from
    from told
    where
        occurred_at <= {{ build_now() }}
        and subscription_id not in (select subscription_id from canceled)
),

runs as (
    select
        *,
        -- Even numbers: what follows from a state by itself is numbered between it and the next.
        2 * row_number() over facts as state_id,
        case when lead(subscription_id) over facts = subscription_id then lead(valid_from) over facts end as valid_to
    from dated
    window facts as (order by subscription_id, valid_from, occurred_at)
),

past_due_starts as (
    select
        state_id,
        subscription_id,
        valid_from,
        status,
        is_past_due_again or coalesce(lag(status) over facts != 'past_due', true) as is_start
    from runs
    where
        subscription_id in (
            select subscription_id from runs
            where status = 'past_due'
        )
    window facts as (partition by subscription_id order by state_id)
),

past_due as (
    select
        state_id,
        max(case when is_start then valid_from end) over facts as past_due_since,
        max(case when is_start then state_id end) over facts as past_due_state_id
    from past_due_starts
    where status = 'past_due'
    window facts as (partition by subscription_id order by state_id)
),

-- What else it says is fetched last, so that little is put in order; only what was landed twice is sorted again.
described as (
    {% for condition in ['runs.sightings = 1', 'runs.sightings > 1'] %}
        select
            runs.*,
            {{ 'said.' ~ said | join(', said.') }}
        from runs
        inner join {{ ref('stg_stripe__subscriptions') }} as said
            on
                runs.subscription_id = said.subscription_id
                and runs.event_id is not distinct from said.event_id
                and runs.known_at = said.observed_at
                and runs.state_hash = said.state_hash
                and not said.is_before
        where {{ condition }}
        {% if loop.last %} qualify row_number() over (partition by runs.state_id order by said.origin) = 1 {% endif %}
        union all
    {% endfor %}
    select
        runs.*,
        {{ 'said.' ~ said | join(', said.') }}
    from runs
    inner join {{ ref('int_subscription_origins') }} as said
        on runs.subscription_id = said.subscription_id and runs.occurred_at = said.occurred_at
    where runs.sightings = 0
),

states as (
    select
        described.state_id,
        described.subscription_id,
        described.version_id,
        described.discounts_version_id,
        described.valid_from,
        described.valid_to,
        described.known_at,
        -- A list that is dated by the object's own dates tells history.
        case
            when described.source = 'list' and described.valid_from < described.occurred_at then 'reconstructed'
            else described.source
        end as source,
        described.source_ids,
        described.status,
        {{ 'described.' ~ said | join(', described.') }},
        past_due.past_due_since,
        past_due.past_due_state_id
    from described
    left join past_due on described.state_id = past_due.state_id
),

-- Collection resumes by itself at the moment set for it, whether or not an event says so. The first of the states that
-- name the moment set it; only subscriptions with such a moment are looked at.
resumptions as (
    select
        state_id,
        pause_resumes_at as resumes_at,
        last_value(case when is_set then source_ids end ignore nulls) over facts as set_by
    from (
        select
            *,
            coalesce(lag(pause_resumes_at) over facts != pause_resumes_at, true) as is_set
        from states
        where
            subscription_id in (
                select subscription_id from states
                where pause_resumes_at is not null
            )
        window facts as (partition by subscription_id order by state_id)
    ) as told
    window facts as (partition by subscription_id order by state_id)
    qualify
        pause_resumes_at > valid_from
        and coalesce(pause_resumes_at < valid_to, true)
        and {{ 'true' if switch('paused') == 'zero' else 'false' }}
)

select
    states.* exclude (pause_resumes_at) replace (
        coalesce(resumptions.resumes_at, states.valid_to) as valid_to,
        case
            when coalesce(states.pause_resumes_at > states.valid_from, true) then states.pause_behavior
        end as pause_behavior
    )
from states
left join resumptions on states.state_id = resumptions.state_id
union all
-- What is left of such a state is one of its own, told by whoever set the moment and whoever told the state.
select
    states.* exclude (pause_resumes_at) replace (
        states.state_id + 1 as state_id,
        resumptions.resumes_at as valid_from,
        greatest(states.known_at, resumptions.resumes_at) as known_at,
        list_sort(list_distinct(list_concat(resumptions.set_by, states.source_ids))) as source_ids,
        cast(null as varchar) as pause_behavior
    )
from states
inner join resumptions on states.state_id = resumptions.state_id
