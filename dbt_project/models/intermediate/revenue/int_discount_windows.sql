-- noqa: disable=AL03,RF02,ST03,ST05
-- One row for each discount that a state of a subscription carries, item by item, then subscription, then customer,
-- with the time in which the policy counts it.
{% set counted = {
    'none': [], 'forever': ['forever'], 'recurring': ['forever', 'repeating'], 'all': ['forever', 'repeating', 'once']
}[switch('discounts')] %}
with states as (
    select
        state_id,
        version_id,
        discounts_version_id,
        source,
        subscription_id,
        customer_id,
        currency,
        valid_from,
        valid_to,
        period_end_at
    from {{ ref('int_subscription_states') }}
),

discounts as (select * from {{ ref('int_discounts') }}),

on_items as (
    select
        states.state_id,
        items.item_id,
        generate_subscripts(items.discount_ids, 1) as position,
        unnest(items.discount_ids) as discount_id
    from states
    inner join {{ ref('int_subscription_items') }} as items on states.version_id = items.version_id
    where len(items.discount_ids) > 0
),

carried as (
    select distinct on (version_id)
        version_id,
        discount_ids
    from {{ ref('stg_stripe__subscriptions') }}
    where len(discount_ids) > 0
),

on_subscriptions as (
    select
        states.state_id,
        cast(null as varchar) as item_id,
        generate_subscripts(carried.discount_ids, 1) as position,
        unnest(carried.discount_ids) as discount_id
    from states
    inner join carried on states.discounts_version_id = carried.version_id
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

{% if switch('discounts') == 'all' %}
-- The one billing period that a coupon for one period was taken off, as its invoice tells it.
    billed_once as (
        select
            lines.part.discount_id,
            lines.subscription_id,
            any_value(discounts.item_id) as item_id,
            min(lines.period_start_at) as period_start_at,
            max(lines.period_end_at) as period_end_at
        from (
            select
                subscription_id,
                period_start_at,
                period_end_at,
                unnest(discount_amounts) as part
            from {{ sightings('invoice_line') }} as seen
            where len(discount_amounts) > 0 and not is_proration
        ) as lines
        inner join discounts on lines.part.discount_id = discounts.discount_id and discounts.duration = 'once'
        where lines.part.amount > 0
        group by 1, 2
    ),
{% endif %}

-- Coupons that had ended before the subscription was first seen, as its invoices tell them.
recalled as (
    select distinct
        states.state_id,
        parts.part.discount_id
    from states
    inner join (
        select
            subscription_id,
            unnest(discount_amounts) as part
        from {{ sightings('invoice_line') }} as seen
        where len(discount_amounts) > 0
    ) as parts on states.subscription_id = parts.subscription_id
    where states.source = 'reconstructed'
    except
    select
        state_id,
        discount_id
    from on_subscriptions
    except
    select
        state_id,
        discount_id
    from on_items
),

listed as (
    select
        state_id,
        item_id,
        position,
        discount_id,
        1 as level,
        false as is_billed_once,
        null as seen_from,
        null as seen_until,
        null as source_id,
        null as known_at
    from on_items
    union all
    select
        state_id,
        item_id,
        position,
        discount_id,
        2 as level,
        false,
        null,
        null,
        null,
        null
    from on_subscriptions
    union all
    select
        recalled.state_id,
        discounts.item_id,
        500,
        recalled.discount_id,
        case when discounts.item_id is null then 2 else 1 end,
        false,
        null,
        null,
        null,
        null
    from recalled
    inner join discounts on recalled.discount_id = discounts.discount_id
    where discounts.duration != 'once'
    union all
    select
        states.state_id,
        null,
        1,
        on_customers.discount_id,
        3,
        false,
        case when on_customers.is_first then null else on_customers.seen_from end,
        on_customers.seen_until,
        on_customers.source_id,
        on_customers.known_at
    from on_customers
    inner join states on on_customers.customer_id = states.customer_id
    where on_customers.discount_id is not null
    {% if switch('discounts') == 'all' %}
        union all
        select
            states.state_id,
            coalesce(on_items.item_id, billed_once.item_id),
            -- In its place while it is listed, after the others when it no longer is.
            coalesce(on_items.position, on_subscriptions.position, 1000),
            billed_once.discount_id,
            case when coalesce(on_items.item_id, billed_once.item_id) is null then 2 else 1 end,
            true,
            billed_once.period_start_at,
            billed_once.period_end_at,
            null,
            null
        from billed_once
        inner join states
            on
                billed_once.subscription_id = states.subscription_id
                and states.valid_from < billed_once.period_end_at
                and coalesce(states.valid_to > billed_once.period_start_at, true)
        left join on_items
            on states.state_id = on_items.state_id and billed_once.discount_id = on_items.discount_id
        left join on_subscriptions
            on states.state_id = on_subscriptions.state_id and billed_once.discount_id = on_subscriptions.discount_id
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
    {% if switch('discounts') == 'all' %}
        left join billed_once
            on listed.discount_id = billed_once.discount_id and states.subscription_id = billed_once.subscription_id
        where listed.is_billed_once or billed_once.discount_id is null
    {% endif %}
)

select
    dated.state_id,
    dated.subscription_id,
    dated.item_id,
    dated.level,
    dated.position,
    dated.discount_id,
    dated.source_id,
    dated.known_at,
    dated.duration,
    dated.percent_off,
    dated.products,
    case
        when dated.currency = dated.subscription_currency then amount_off
        else
            (
                list_filter(dated.currency_amounts, lambda option: option.currency = dated.subscription_currency)[1]
            ).amount_off
    end as amount_off,
    coalesce(dated.duration in ({{ "'" ~ (counted or ['never']) | join("', '") ~ "'" }}), false) as is_counted,
    dated.active_from,
    dated.active_until
from dated
where coalesce(dated.active_from < dated.active_until, true)
