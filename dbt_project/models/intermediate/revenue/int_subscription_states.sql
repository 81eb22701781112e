-- noqa: disable=AL04,LT09,RF02
-- One row for each state of a subscription: what held, from when to when, since when we know, and who says so.
{% set said = [
    'customer_id', 'currency', 'trial_end_at', 'cancel_at', 'canceled_at', 'period_end_at', 'is_cancel_at_period_end',
    'cancellation_reason', 'pause_behavior', 'pause_resumes_at', 'schedule_id'
] %}
with told as (
    select
        subscription_id, version_id, version_id as discounts_version_id, event_id, occurred_at, known_at, is_creation,
        is_past_due_again, status, start_at, ended_at, case when is_event then 'event' else 'list' end as source,
        source_ids, state_hash, sightings
    from {{ ref('int_subscription_versions') }}
    union all
    select
        subscription_id, version_id, discounts_version_id, null as event_id, occurred_at, known_at,
        false as is_creation, false as is_past_due_again, status, null as start_at, ended_at,
        'reconstructed' as source, source_ids, null as state_hash, 0 as sightings
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

{{ past_due_spells() }}

{{ said_of_runs(said) }}

described_states as (
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

{{ states_until_canceled() }}

{{ resumptions_of_states() }}

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
