-- One row for each discount that a state of a subscription carries, item by item, then subscription, then customer,
-- with the time in which the policy counts it.
{% set counted = {
    'none': [], 'forever': ['forever'], 'recurring': ['forever', 'repeating'], 'all': ['forever', 'repeating', 'once']
}[switch('discounts')] %}
with states as (
    select state_id, subscription_id, customer_id, currency, valid_from, valid_to, period_end_at, discount_ids, items
    from {{ ref('int_subscription_states') }}
),

discounts as (select * from {{ ref('int_discounts') }}),

on_items as (
    select
        state_id,
        item.item_id,
        generate_subscripts(item.discount_ids, 1) as position,
        unnest(item.discount_ids) as discount_id
    from states
    cross join unnest(states.items) as listed (item)
    where len(item.discount_ids) > 0
),

on_subscriptions as (
    select
        state_id,
        cast(null as varchar) as item_id,
        generate_subscripts(discount_ids, 1) as position,
        unnest(discount_ids) as discount_id
    from states
    where len(discount_ids) > 0
),

-- A customer's discount holds from its start, or from when it was first seen, until another one or none is seen.
on_customers as (
    select
        customer_id,
        discount_id,
        occurred_at as seen_from,
        lead(occurred_at) over (partition by customer_id order by occurred_at, observed_at) as seen_until,
        lag(customer_id) over (partition by customer_id order by occurred_at, observed_at) is null as is_first,
        coalesce(event_id, customer_id) as source_id,
        observed_at as known_at
    from {{ ref('stg_stripe__customers') }}
    where not is_deleted
),

listed as (
    select state_id, item_id, position, discount_id, 1 as level, null as seen_from, null as seen_until,
        null as source_id, null as known_at
    from on_items
    union all
    select state_id, item_id, position, discount_id, 2 as level, null, null, null, null from on_subscriptions
    union all
    select
        states.state_id, null, 1, on_customers.discount_id, 3,
        case when on_customers.is_first then null else on_customers.seen_from end,
        on_customers.seen_until, on_customers.source_id, on_customers.known_at
    from on_customers
    inner join states on on_customers.customer_id = states.customer_id
    where on_customers.discount_id is not null
)

select
    listed.state_id,
    states.subscription_id,
    listed.item_id,
    listed.level,
    listed.position,
    listed.discount_id,
    listed.source_id,
    listed.known_at,
    discounts.duration,
    discounts.percent_off,
    discounts.products,
    case
        when discounts.currency = states.currency then discounts.amount_off
        else (list_filter(discounts.currency_amounts, lambda option: option.currency = states.currency)[1]).amount_off
    end as amount_off,
    discounts.duration in ({{ "'" ~ (counted or ['never']) | join("', '") ~ "'" }}) as is_counted,
    greatest(coalesce(discounts.start_at, listed.seen_from), listed.seen_from, states.valid_from) as active_from,
    least(discounts.gone_at, listed.seen_until, states.valid_to) as active_until
from listed
inner join states on listed.state_id = states.state_id
left join discounts on listed.discount_id = discounts.discount_id
where
    coalesce(greatest(coalesce(discounts.start_at, listed.seen_from), listed.seen_from, states.valid_from)
    < least(discounts.gone_at, listed.seen_until, states.valid_to), true)
