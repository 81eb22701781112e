{#- CTEs from `runs` to `past_due`: since when, and since which state, each state is past due. -#}
{% macro past_due_spells() -%}
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
{%- endmacro %}

{#- The CTE `described`: the runs with what else their versions said. -#}
{% macro said_of_runs(said) -%}
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
{%- endmacro %}

{#-
The CTE `states` of the CTE `described_states`. Where a cancellation counts from its request, and only a list shows that it
was requested, the state before it ends when the object says so; what is left of it is a state of its own, told by the list.
-#}
{% macro states_until_canceled() -%}
{%- if switch('churn_at') != 'canceled' -%}
states as (select * from described_states),
{%- else -%}
requests as (
    select *
    from (
        select
            state_id, valid_from, valid_to, canceled_at, pause_resumes_at,
            lead(source) over facts as told_by,
            lead(canceled_at) over facts as requested_at,
            lead(known_at) over facts as told_at,
            lead(source_ids) over facts as told_in
        from described_states
        window facts as (partition by subscription_id order by state_id)
    ) as followed
    where
        told_by != 'event' and canceled_at is null and pause_resumes_at is null
        and requested_at > valid_from and requested_at < valid_to
),

states as (
    select states.* replace (coalesce(requests.requested_at, states.valid_to) as valid_to)
    from described_states as states
    left join requests on states.state_id = requests.state_id
    union all
    select
        states.* replace (
            states.state_id + 1 as state_id,
            requests.requested_at as valid_from,
            requests.told_at as known_at,
            'reconstructed' as source,
            requests.told_in as source_ids,
            requests.requested_at as canceled_at
        )
    from described_states as states
    inner join requests on states.state_id = requests.state_id
),
{%- endif -%}
{%- endmacro %}

{#- The CTE `resumptions`: the states in the midst of which a pause ends by itself. -#}
{% macro resumptions_of_states() -%}
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
{%- endmacro %}
