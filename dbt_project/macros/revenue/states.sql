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
