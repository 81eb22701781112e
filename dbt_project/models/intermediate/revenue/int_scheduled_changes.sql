-- noqa: disable=all
-- One row for each change of a subscription's MRR that is already certain: a cancellation, a discount that runs out,
-- a pause that ends, a later phase of a schedule, a subscription that is yet to begin. What would happen after its end,
-- or before its pause ends, is left out.
-- From a later phase on the schedule's own coupons are taken; where it has none, the subscription's that still run.
with resumptions as (
    select paused.subscription_id, min(later.starts_at) as resumes_at
    from {{ ref('int_subscription_segments') }} as paused
    inner join {{ ref('int_subscription_segments') }} as later
        on paused.subscription_id = later.subscription_id and later.is_future and later.is_live
    where paused.is_current and paused.pause_behavior is not null and not paused.is_live
    group by 1
),

current_mrr as (
    select
        segments.subscription_id,
        segments.ledger_customer_id as customer_id,
        any_value(coalesce(items.currency, segments.currency)) as currency,
        coalesce(sum(items.mrr), 0) as mrr,
        any_value(resumptions.resumes_at) as resumes_at,
        any_value(least(states.cancel_at, case when states.is_cancel_at_period_end then states.period_end_at end)) as ends_at
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_subscription_states') }} as states on segments.state_id = states.state_id
    left join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id and items.is_live
    left join resumptions on segments.subscription_id = resumptions.subscription_id
    where segments.is_current and (items.segment_id is not null or resumptions.resumes_at is not null)
    group by 1, 2
),

schedules as (
    select
        subscription_key as subscription_id, any_value(customer_id) as customer_id,
        bool_or(is_new) as is_new, max(currency) as currency,
        max(ends_at) filter (where ends_at > {{ build_now() }}) as ends_at
    from {{ ref('int_scheduled_phases') }}
    group by 1
),

subjects as (
    select
        current_mrr.* exclude (ends_at),
        least(current_mrr.ends_at, schedules.ends_at) as ends_at
    from current_mrr
    left join schedules on current_mrr.subscription_id = schedules.subscription_id
    union all
    select
        schedules.subscription_id, coalesce(customers.ledger_customer_id, schedules.customer_id) as customer_id,
        schedules.currency, 0 as mrr, null as resumes_at, schedules.ends_at
    from schedules
    left join {{ ref('int_customers') }} as customers on schedules.customer_id = customers.customer_id
    where schedules.is_new and schedules.currency is not null
),

{{ net_shares() }}

marks as (
    select segments.subscription_id, segments.starts_at as changes_at, sum(items.mrr) as lapsed_mrr, null as phase
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id and items.is_live
    where segments.is_future
    group by 1, 2
    union all
    select subscription_key, start_at, null,
        {'prices': prices, 'period': period, 'coupons': coupons} as phase
    from {{ ref('int_scheduled_phases') }}
    where start_at > {{ build_now() }} and prices is not null
),

-- At each mark: what today's prices would bear by then, and the phase that has begun by then.
known as (
    select distinct
        subscription_id,
        changes_at,
        last_value(lapsed_mrr ignore nulls) over so_far as lapsed_mrr,
        last_value(phase ignore nulls) over so_far as phase
    from marks
    window so_far as (
        partition by subscription_id order by changes_at range between unbounded preceding and current row
    )
),

{{ own_coupons() }}

changes as (
    select
        known.subscription_id,
        known.changes_at,
        case
            when known.phase is null then known.lapsed_mrr
            else cast({{ price_after(
                'coalesce(known.phase.coupons, own_coupons.coupons, [])', 'known.phase.prices', 'known.phase.period'
            ) }} * coalesce(net_shares.net_share, 1) as {{ mrr_type() }})
        end as mrr,
        'change' as kind
    from known
    inner join subjects on known.subscription_id = subjects.subscription_id
    left join net_shares on known.subscription_id = net_shares.subscription_id
    left join own_coupons
        on known.subscription_id = own_coupons.subscription_id and known.changes_at = own_coupons.changes_at
    where
        coalesce(known.changes_at < subjects.ends_at, true)
        and coalesce(known.changes_at >= subjects.resumes_at, true)
    union all
    select subscription_id, ends_at as changes_at, 0 as mrr, 'cancellation' as kind
    from subjects
    where ends_at is not null
)

select
    changes.subscription_id,
    subjects.customer_id,
    subjects.currency,
    changes.kind,
    greatest(changes.changes_at, {{ build_now() }}) as changes_at,
    changes.mrr - coalesce(lag(changes.mrr) over facts, subjects.mrr) as delta
from changes
inner join subjects on changes.subscription_id = subjects.subscription_id
window facts as (partition by changes.subscription_id order by changes.changes_at, changes.kind desc)
