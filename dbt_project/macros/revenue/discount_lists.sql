{#- The coupons' durations that the policy counts, as a list to be searched with `in`. -#}
{% macro counted_durations() -%}
    {%- set counted = {
        'none': ['never'], 'forever': ['forever'], 'recurring': ['forever', 'repeating'],
        'all': ['forever', 'repeating', 'once']
    }[switch('discounts')] -%}
    ('{{ counted | join("', '") }}')
{%- endmacro %}

{#-
The one billing period that a coupon for one period was taken off, as its invoice tells it: the body of a CTE
`billed_once`, beside a CTE `discounts`.
-#}
{% macro periods_billed_once() -%}
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
{%- endmacro %}

{#-
The states in which such a coupon counts, in the columns of `listed`: in its place while the state lists it, after the
others when it no longer does.
-#}
{% macro states_billed_once() -%}
    select
        states.state_id,
        coalesce(on_items.item_id, billed_once.item_id),
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
{%- endmacro %}

{#- Coupons that had ended before the subscription was first seen, as its invoices tell them: the body of `recalled`. -#}
{% macro discounts_recalled() -%}
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
    select state_id, discount_id from on_subscriptions
    except
    select state_id, discount_id from on_items
{%- endmacro %}
