-- noqa: disable=all
-- One row for each phase of a schedule: the full monthly price of those still to come, and their coupons where the
-- schedule has any at all. A schedule whose subscription has yet to begin goes by its own id.
{% set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) %}
with schedules as (
    select
        *,
        coalesce(subscription_id, object_id) as subscription_key,
        len(list_filter(phases, lambda phase: len(phase.discounts) > 0)) > 0 as has_discounts
    from {{ sightings('subscription_schedule') }} as seen
    -- Events of one second come in any order: a schedule that is over does not begin again.
    qualify row_number() over (
        partition by object_id order by occurred_at desc, status in ('active', 'not_started'), observed_at
    ) = 1
),

phases as (
    select
        schedules.subscription_key,
        schedules.subscription_id is null as is_new,
        schedules.customer_id,
        schedules.has_discounts,
        phase.start_at,
        phase.discounts,
        phase.items,
        case when schedules.end_behavior = 'cancel' then max(phase.end_at) over (partition by schedules.object_id) end
            as ends_at
    from schedules
    cross join unnest(schedules.phases) as phased (phase)
    where schedules.status in ('active', 'not_started')
),

phase_items as (
    select
        phases.subscription_key,
        phases.start_at,
        item.price_id,
        coalesce(item.quantity, 1) as quantity
    from phases
    cross join unnest(phases.items) as listed (item)
    where phases.start_at > {{ build_now() }}
),

tiers as (
    {{ tier_amounts('(select distinct price_id, quantity from phase_items)') }}
),

full_prices as (
    select
        item.subscription_key,
        item.start_at,
        min(prices.currency) as currency,
        -- Prices of one phase have one interval.
        min({
            'over': case prices.billing_unit when 'week' then {{ week[0] }} when 'day' then {{ day[0] }} else 1 end,
            'under': case prices.billing_unit
                when 'year' then 12 when 'week' then {{ week[1] }} when 'day' then {{ day[1] }} else 1
            end * prices.interval_count * cast(power(10, units.digits) as bigint)
        }) as period,
        sum(greatest(coalesce({{ full_monthly_price('prices', 'item', 'tiers') }}, 0), 0)) as full_price
    from phase_items as item
    inner join {{ ref('int_prices') }} as prices on item.price_id = prices.price_id
    inner join {{ ref('minor_units') }} as units on prices.currency = units.currency
    left join tiers on item.price_id = tiers.price_id and item.quantity = tiers.quantity
    group by 1, 2
),

coupons as (
    select
        coupon_id,
        max_by(percent_off, occurred_at) as percent_off,
        max_by(amount_off, occurred_at) as amount_off,
        max_by(currency, occurred_at) as currency
    from {{ sightings('coupon') }} as seen
    where duration in {{ counted_durations() }}
    group by coupon_id
    union all
    select discount_id, percent_off, amount_off, currency
    from {{ ref('int_discounts') }}
    where duration in {{ counted_durations() }}
),

taken as (
    select
        named.subscription_key,
        named.start_at,
        list({{ coupon_taken('coupons.percent_off', 'coupons.amount_off') }} order by named.position) as coupons
    from (
        select subscription_key, start_at, unnest(discounts) as coupon_id, generate_subscripts(discounts, 1) as position
        from phases
    ) as named
    inner join full_prices as prices
        on named.subscription_key = prices.subscription_key and named.start_at = prices.start_at
    inner join coupons
        on named.coupon_id = coupons.coupon_id and coalesce(coupons.currency = prices.currency, true)
    group by 1, 2
)

select
    phases.subscription_key,
    phases.is_new,
    phases.customer_id,
    phases.start_at,
    phases.ends_at,
    prices.currency,
    prices.full_price,
    prices.period,
    case when phases.has_discounts then coalesce(taken.coupons, []) end as coupons
from phases
left join full_prices as prices
    on phases.subscription_key = prices.subscription_key and phases.start_at = prices.start_at
left join taken on phases.subscription_key = taken.subscription_key and phases.start_at = taken.start_at
