-- One row for each state of a subscription: what held, from when to when, since when we know, and who says so.
with told as (
    select
        subscription_id,
        version_id,
        version_id as discounts_version_id,
        is_creation,
        is_past_due_again,
        occurred_at,
        known_at,
        case when is_event then 'event' else 'list' end as source,
        source_ids,
        {{ subscription_state_columns() }}
    from {{ ref('int_subscription_versions') }}
    union all
    select
        subscription_id,
        version_id,
        discounts_version_id,
        is_creation,
        is_past_due_again,
        occurred_at,
        known_at,
        'reconstructed' as source,
        source_ids,
        {{ subscription_state_columns() }}
    from {{ ref('int_subscription_origins') }}
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
    where occurred_at <= {{ build_now() }}
    window facts as (partition by subscription_id order by occurred_at)
),

runs as (
    select
        *,
        row_number() over (order by subscription_id, valid_from, occurred_at) as state_id,
        lead(valid_from) over facts as valid_to,
        status = 'past_due'
        and (is_past_due_again or lag(status) over facts is distinct from 'past_due') as starts_past_due
    from dated
    window facts as (partition by subscription_id order by valid_from, occurred_at)
)

select
    state_id,
    subscription_id,
    version_id,
    discounts_version_id,
    valid_from,
    valid_to,
    known_at,
    -- A list that is dated by the object's own dates tells history.
    case when source = 'list' and valid_from < occurred_at then 'reconstructed' else source end as source,
    source_ids,
    {{ subscription_state_columns() }},
    case when status = 'past_due' then max(case when starts_past_due then valid_from end) over facts end
        as past_due_since,
    case when status = 'past_due' then max(case when starts_past_due then state_id end) over facts end
        as past_due_state_id
from runs
window facts as (partition by subscription_id order by valid_from, occurred_at rows unbounded preceding)
