-- noqa: disable=AL03,LT09,RF02,ST03,ST05
-- One row for each discount that a state of a subscription carries, item by item, then subscription, then customer,
-- with the time in which the policy counts it. What invoices tell of coupons is in `macros/revenue/discount_lists.sql`.
{% set counts_once = switch('discounts') == 'all' %}
with states as (select * from {{ ref('int_subscription_states') }}),

discounts as (select * from {{ ref('int_discounts') }}),

on_items as (
    select
        states.state_id, items.item_id,
        generate_subscripts(items.discount_ids, 1) as position,
        unnest(items.discount_ids) as discount_id
    from states
    inner join {{ ref('int_subscription_items') }} as items on states.version_id = items.version_id
    where len(items.discount_ids) > 0
),

on_subscriptions as (
    select
        states.state_id,
        generate_subscripts(carried.discount_ids, 1) as position, unnest(carried.discount_ids) as discount_id
    from states
    inner join (
        select distinct on (version_id) version_id, discount_ids from {{ ref('stg_stripe__subscriptions') }}
        where len(discount_ids) > 0
    ) as carried on states.discounts_version_id = carried.version_id
),

on_customers as (
    {{ discounts_of_customers() }}
),

{% if counts_once %} billed_once as (
    {{ periods_billed_once() }}
), {% endif %}

recalled as (
    {{ discounts_recalled() }}
),

listed as (
    select
        *,
        false as is_billed_once,
        cast(null as timestamptz) as seen_from, cast(null as timestamptz) as seen_until,
        cast(null as varchar) as source_id, cast(null as timestamptz) as known_at
    from (
        select state_id, item_id, position, discount_id, 1 as level from on_items
        union all
        select state_id, null, position, discount_id, 2 from on_subscriptions
        union all
        select
            recalled.state_id, discounts.item_id, 500, recalled.discount_id,
            case when discounts.item_id is null then 2 else 1 end
        from recalled
        inner join discounts on recalled.discount_id = discounts.discount_id
        where discounts.duration != 'once'
    ) as undated
    union all
    select
        states.state_id, null, 1, who.discount_id, 3, false, who.seen_from, who.seen_until, who.source_id, who.known_at
    from on_customers as who
    inner join states on who.customer_id = states.customer_id
    where who.discount_id is not null
    {% if counts_once %}
        union all
        {{ states_billed_once() }}
    {% endif %}
),

dated as (
    select
        listed.*,
        states.subscription_id,
        states.currency as subscription_currency,
        discounts.* exclude (discount_id, item_id),
        case
            when listed.is_billed_once then greatest(listed.seen_from, states.valid_from)
            else greatest(coalesce(discounts.start_at, listed.seen_from), listed.seen_from, states.valid_from)
        end as active_from,
        case
            when listed.is_billed_once then least(listed.seen_until, states.valid_to)
            when discounts.duration = 'once'
                then least(discounts.gone_at, listed.seen_until, states.valid_to, states.period_end_at)
            else least(discounts.gone_at, listed.seen_until, states.valid_to)
        end as active_until
    from listed
    inner join states on listed.state_id = states.state_id
    left join discounts on listed.discount_id = discounts.discount_id
    {% if counts_once %}
        left join billed_once
            on listed.discount_id = billed_once.discount_id and states.subscription_id = billed_once.subscription_id
        where listed.is_billed_once or billed_once.discount_id is null
    {% endif %}
)

select
    dated.state_id, dated.subscription_id, dated.item_id, dated.level, dated.position, dated.discount_id,
    dated.source_id, dated.known_at, dated.duration, dated.percent_off, dated.products,
    case
        when dated.currency = dated.subscription_currency then amount_off
        else list_filter(
            dated.currency_amounts, lambda option: option.currency = dated.subscription_currency
        )[1].amount_off
    end as amount_off,
    coalesce(dated.duration in {{ counted_durations() }}, false) as is_counted,
    coalesce(dated.is_end_unknown, false) as is_end_unknown,
    dated.active_from,
    dated.active_until
from dated
where coalesce(dated.active_from < dated.active_until, true)
