-- The states of a subscription before the first event that we have of it, from the dates that Stripe keeps on the
-- object; items, quantities and coupons are those of the earliest version known.
with first_seen as (
    select * from {{ ref('int_subscription_versions') }} where is_first and is_history_missing
),

told_before as (
    select * from {{ ref('stg_stripe__subscriptions') }} where is_before
),

earliest as (
    select
        first_seen.subscription_id,
        first_seen.version_id,
        first_seen.known_at,
        first_seen.occurred_at as seen_at,
        {{ subscription_state_columns('first_seen.') }}
    from first_seen
    left join told_before on first_seen.event_id = told_before.event_id
    where told_before.event_id is null
    union all
    select
        first_seen.subscription_id,
        told_before.version_id,
        first_seen.known_at,
        first_seen.occurred_at as seen_at,
        {{ subscription_state_columns('told_before.') }}
    from first_seen
    inner join told_before on first_seen.event_id = told_before.event_id
    qualify row_number() over (partition by first_seen.subscription_id order by told_before.observed_at) = 1
),

dated as (
    select
        *,
        coalesce(start_at, created_at) as begins_at,
        least(coalesce(ended_at, seen_at), seen_at) as told_until,
        trial_end_at > coalesce(start_at, created_at) as had_trial
    from earliest
),

moments as (
    select *, begins_at as occurred_at, false as is_scheduled, false as is_over,
        case
            when had_trial then 'trialing'
            when status in ('incomplete', 'incomplete_expired') then 'incomplete'
            else 'active'
        end as status_then
    from dated
    union all
    select *, trial_end_at as occurred_at, false as is_scheduled, false as is_over, 'active' as status_then
    from dated
    where had_trial and trial_end_at < told_until and status != 'trialing'
    union all
    select *, canceled_at as occurred_at, true as is_scheduled, false as is_over,
        case when had_trial and canceled_at < trial_end_at then 'trialing' else 'active' end as status_then
    from dated
    where canceled_at > begins_at and canceled_at < told_until
    union all
    select *, ended_at as occurred_at, true as is_scheduled, true as is_over, status as status_then
    from dated
    where ended_at < seen_at
)

select
    subscription_id,
    version_id,
    false as is_creation,
    false as is_past_due_again,
    occurred_at,
    known_at,
    [subscription_id] as source_ids,
    customer_id,
    status_then as status,
    currency,
    created_at,
    start_at,
    trial_start_at,
    trial_end_at,
    case when is_scheduled then cancel_at end as cancel_at,
    case when is_scheduled then canceled_at end as canceled_at,
    case when is_over then ended_at end as ended_at,
    period_start_at,
    period_end_at,
    is_scheduled and is_cancel_at_period_end as is_cancel_at_period_end,
    cancellation_reason,
    cast(null as varchar) as pause_behavior,
    schedule_id,
    state_hash
from moments
