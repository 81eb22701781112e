-- noqa: disable=all
-- One row for each phase of a schedule: the full monthly prices of those still to come, in the currency that they will
-- be paid in, their coupons where the schedule has any at all, and what of both nobody tells. A schedule whose subscription has yet to begin goes by its own id.
{% set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) %}
with schedules as (
    select
        *,
        coalesce(subscription_id, object_id) as subscription_key,
        len(list_filter(phases, lambda phase: len(phase.discounts) > 0
            or len(list_filter(phase.items, lambda item: len(item.discounts) > 0)) > 0)) > 0 as has_discounts
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
        schedules.observed_at as known_at,
        coalesce(phase.currency, subscriptions.currency) as currency,
        phase.start_at,
        phase.discounts,
        phase.items,
        case when schedules.end_behavior = 'cancel' then max(phase.end_at) over (partition by schedules.object_id) end
            as ends_at
    from schedules
    cross join unnest(schedules.phases) as phased (phase)
    left join (
        select subscription_id, max(currency) as currency from {{ ref('int_subscription_states') }}
        where subscription_id in (select subscription_id from schedules) group by 1
    ) as subscriptions on schedules.subscription_id = subscriptions.subscription_id
    where schedules.status in ('active', 'not_started')
),

-- A price shows its own currency; where another one is paid, its amount in that one counts.
phase_items as (
    select
        phases.subscription_key,
        phases.start_at,
        number,
        item.price_id,
        item.discounts,
        coalesce(item.quantity, 1) as quantity,
        coalesce(phases.currency, prices.currency) as currency,
        coalesce(phases.currency != prices.currency, false) as is_foreign,
        prices.* exclude (price_id, currency, unit_amount),
        case when is_foreign then options.unit_amount else prices.unit_amount end as unit_amount
    from (select *, unnest(items) as item, generate_subscripts(items, 1) as number from phases) as phases
    left join {{ ref('int_prices') }} as prices on item.price_id = prices.price_id
    left join {{ price_options() }} as options
        on item.price_id = options.price_id and phases.currency = options.currency
    where phases.start_at > {{ build_now() }}
),

tiers as (
    {{ tier_amounts('(select distinct price_id, currency, quantity from phase_items)') }}
),

valued as (
    select *, {{ full_monthly_price('item') }} as amount
    from (
        select items.*, tiers.amount as tier_amount, units.digits
        from phase_items as items
        left join {{ ref('minor_units') }} as units on items.currency = units.currency
        left join tiers
            on items.price_id = tiers.price_id and items.currency = tiers.currency and items.quantity = tiers.quantity
    ) as item
),

full_prices as (
    select
        subscription_key,
        start_at,
        min(currency) as currency,
        -- Prices of one phase have one interval.
        min(case when billing_unit is not null then {
            'over': case billing_unit when 'week' then {{ week[0] }} when 'day' then {{ day[0] }} else 1 end,
            'under': case billing_unit
                when 'year' then 12 when 'week' then {{ week[1] }} when 'day' then {{ day[1] }} else 1
            end * interval_count * cast(power(10, digits) as bigint)
        } end) as period,
        case when count(billing_unit) > 0 then list({'item': number, 'product_id': product_id, 'amount': cast(greatest(coalesce(amount, 0), 0) as decimal(26, 8))}
            order by price_id) end as prices,
        list({'check_name': case
            when quantity < 0 or amount < 0 then 'negative_amount'
            when interval_count < 1 or billing_unit not in ('day', 'week', 'month', 'year') then 'unknown_interval'
            when billing_scheme not in ('per_unit', 'tiered') or usage_type not in ('licensed', 'metered') then 'unknown_price_model'
            when is_foreign then 'price_in_another_currency' else 'missing_amount'
        end, 'told': 'price ' || price_id}) filter (where amount is null or amount < 0) as flaws
    from valued
    group by 1, 2
),

{{ phase_coupons() }}

select
    phases.subscription_key,
    phases.is_new,
    phases.customer_id,
    phases.start_at,
    phases.ends_at,
    prices.currency,
    prices.prices,
    prices.period,
    case when phases.has_discounts then coalesce(taken.coupons, []) end as coupons,
    phases.known_at,
    list_concat(prices.flaws, taken.flaws) as flaws
from phases
left join full_prices as prices
    on phases.subscription_key = prices.subscription_key and phases.start_at = prices.start_at
left join taken on phases.subscription_key = taken.subscription_key and phases.start_at = taken.start_at
