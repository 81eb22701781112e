-- noqa: disable=all
-- One row for each change of a subscription's MRR that is already certain: a cancellation, a discount that runs out,
-- a later phase of a schedule. What would happen after the subscription's end is left out.
with current_mrr as (
    select
        segments.subscription_id,
        segments.ledger_customer_id as customer_id,
        any_value(items.currency) as currency,
        sum(items.mrr) as mrr,
        any_value(states.schedule_id) as schedule_id,
        any_value(least(
            states.cancel_at, case when states.is_cancel_at_period_end then states.period_end_at end
        )) as ends_at
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_subscription_states') }} as states on segments.state_id = states.state_id
    inner join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id and items.is_live
    where segments.is_current
    group by 1, 2
),

lapses as (
    select segments.subscription_id, segments.starts_at as changes_at, sum(items.mrr) as mrr
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id and items.is_live
    where segments.is_future
    group by 1, 2
),

schedules as (
    select *
    from {{ ref('stg_stripe__schedules') }}
    qualify row_number() over (partition by schedule_id order by occurred_at desc, observed_at) = 1
),

phase_items as (
    select
        schedules.subscription_id,
        phase.start_at,
        item.price_id,
        coalesce(item.quantity, 1) as quantity
    from schedules
    cross join unnest(schedules.phases) as phased (phase)
    cross join unnest(phase.items) as listed (item)
    where schedules.status in ('active', 'not_started') and phase.start_at > {{ build_now() }}
),

tiers as (
    {{ tier_amounts('(select distinct price_id, quantity from phase_items)') }}
),

-- A later phase keeps the share of the full price that today's discounts leave.
phases as (
    select
        item.subscription_id,
        item.start_at as changes_at,
        sum({{ full_monthly_price('prices', 'item', 'tiers') }}) as full_price
    from phase_items as item
    inner join {{ ref('int_prices') }} as prices on item.price_id = prices.price_id
    inner join {{ ref('minor_units') }} as units on prices.currency = units.currency
    left join tiers on item.price_id = tiers.price_id and item.quantity = tiers.quantity
    group by 1, 2
),

full_prices as (
    select segments.subscription_id, sum({{ rounded_quotient(
        'amounts.over * amounts.factor_over',
        'amounts.under * amounts.factor_under * cast(power(10, amounts.digits) as hugeint)'
    ) }}) as full_price
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_subscription_items') }} as items on segments.version_id = items.version_id
    inner join {{ ref('int_item_amounts') }} as amounts on items.amount_id = amounts.amount_id
    where segments.is_current
    group by 1
),

changes as (
    select subscription_id, changes_at, mrr, 'change' as kind from lapses
    union all
    select
        phases.subscription_id,
        phases.changes_at,
        cast(phases.full_price * {{ ratio('current_mrr.mrr', 'full_prices.full_price') }} as {{ mrr_type() }}) as mrr,
        'change' as kind
    from phases
    inner join current_mrr on phases.subscription_id = current_mrr.subscription_id
    inner join full_prices on phases.subscription_id = full_prices.subscription_id
    union all
    select subscription_id, ends_at as changes_at, 0 as mrr, 'cancellation' as kind
    from current_mrr
    where ends_at is not null
)

select
    changes.subscription_id,
    current_mrr.customer_id,
    current_mrr.currency,
    changes.kind,
    greatest(changes.changes_at, {{ build_now() }}) as changes_at,
    changes.mrr - coalesce(lag(changes.mrr) over facts, current_mrr.mrr) as delta
from changes
inner join current_mrr on changes.subscription_id = current_mrr.subscription_id
where current_mrr.ends_at is null or changes.changes_at < current_mrr.ends_at or changes.kind = 'cancellation'
window facts as (partition by changes.subscription_id order by changes.changes_at, changes.kind desc)
