-- noqa: disable=AL03,AL04,LT09,RF02,ST05
-- The states of a subscription before the first event that we have of it, from the dates that Stripe keeps on the
-- object; items, quantities and coupons are those of the earliest version known.
with first_seen as (
    select * from {{ ref('int_subscription_versions') }}
    where is_first and is_history_missing
),

-- The state that the first event changed, else that which was seen first.
earliest as (
    select
        first_seen.subscription_id,
        told.version_id,
        first_seen.known_at,
        first_seen.occurred_at as seen_at,
        told.customer_id, told.status, told.currency,
        coalesce(told.start_at, told.created_at) as begins_at,
        told.trial_end_at, told.cancel_at, told.canceled_at, told.ended_at, told.period_end_at,
        told.is_cancel_at_period_end, told.cancellation_reason, told.schedule_id
    from first_seen
    inner join (
        select * from {{ ref('stg_stripe__subscriptions') }}
        where subscription_id in (select subscription_id from first_seen)
    ) as told
        on
            first_seen.subscription_id = told.subscription_id
            and (
                (told.is_before and first_seen.event_id = told.event_id)
                or (
                    not told.is_before
                    and first_seen.version_id = told.version_id
                    and first_seen.known_at = told.observed_at
                    and first_seen.state_hash = told.state_hash
                )
            )
    qualify row_number() over (
        partition by first_seen.subscription_id order by told.is_before desc, told.observed_at, told.origin
    ) = 1
),

dated as (
    select
        *,
        least(coalesce(ended_at, seen_at), seen_at) as told_until,
        trial_end_at > begins_at as had_trial
    from earliest
),

{{ told_moments() }}

item_sets as (
    select
        subscription_id,
        starts_at as occurred_at,
        version_id,
        list_sort(array_agg(distinct source_id)) as source_ids
    from {{ ref('int_rebuilt_items') }}
    group by subscription_id, starts_at, version_id
),

-- Each moment takes over what the last one of the other kind said.
woven as (
    select
        dated.subscription_id,
        dated.version_id as told_version_id,
        happened.occurred_at,
        last_value(item_sets.version_id ignore nulls) over facts as items_version_id,
        last_value(item_sets.source_ids ignore nulls) over facts as items_source_ids,
        last_value(moments.status_then ignore nulls) over facts as status_then,
        coalesce(bool_or(moments.is_scheduled) over facts, false) as is_scheduled,
        coalesce(bool_or(moments.is_over) over facts, false) as is_over
    from dated
    inner join (
        select subscription_id, occurred_at from moments
        union
        select subscription_id, occurred_at from item_sets
    ) as happened on dated.subscription_id = happened.subscription_id
    left join moments
        on happened.subscription_id = moments.subscription_id and happened.occurred_at = moments.occurred_at
    left join item_sets
        on happened.subscription_id = item_sets.subscription_id and happened.occurred_at = item_sets.occurred_at
    where happened.occurred_at < dated.seen_at
    window
        facts as (
            partition by happened.subscription_id
            order by happened.occurred_at, moments.is_over nulls first rows unbounded preceding
        )
    qualify row_number() over (
        partition by happened.subscription_id, happened.occurred_at order by moments.is_over desc nulls last
    ) = 1
)

select
    woven.subscription_id,
    coalesce(woven.items_version_id, woven.told_version_id) as version_id,
    woven.told_version_id as discounts_version_id,
    woven.occurred_at,
    dated.known_at,
    list_sort(list_distinct(list_concat([woven.subscription_id], coalesce(woven.items_source_ids, [])))) as source_ids,
    dated.customer_id,
    woven.status_then as status,
    dated.currency,
    dated.trial_end_at,
    case when woven.is_scheduled then dated.cancel_at end as cancel_at,
    case when woven.is_scheduled then dated.canceled_at end as canceled_at,
    case when woven.is_over then dated.ended_at end as ended_at,
    dated.period_end_at,
    woven.is_scheduled and dated.is_cancel_at_period_end as is_cancel_at_period_end,
    dated.cancellation_reason,
    cast(null as varchar) as pause_behavior,
    cast(null as timestamptz) as pause_resumes_at,
    dated.schedule_id
from woven
inner join dated on woven.subscription_id = dated.subscription_id
where woven.status_then is not null
