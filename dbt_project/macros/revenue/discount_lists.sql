{#- The coupons' durations that the policy counts, as a list to be searched with `in`. -#}
{% macro counted_durations() -%}
    {%- set counted = {
        'none': ['never'], 'forever': ['forever'], 'recurring': ['forever', 'repeating'],
        'all': ['forever', 'repeating', 'once']
    }[switch('discounts')] -%}
    ('{{ counted | join("', '") }}')
{%- endmacro %}

{#-
The discounts that customers carried: the body of the CTE `on_customers`. One holds from its start, or from when it was
first seen, until another one or none is seen; the first event also tells what was before it. Events of one second come in
any order: a creation is first, and what says that the discount changed is last.
-#}
{% macro discounts_of_customers() -%}
    select
        customer_id,
        discount_id,
        case when lag(customer_id) over seen is not null then occurred_at end as seen_from,
        lead(occurred_at) over seen as seen_until,
        coalesce(event_id, customer_id) as source_id,
        observed_at as known_at
    from (
        select *, false as is_before from {{ ref('stg_stripe__customers') }}
        union all
        select * replace (discount_id_before as discount_id), true as is_before from {{ ref('stg_stripe__customers') }}
        where discount_id_before is not null
    ) as sightings
    where not is_deleted
    window seen as (
        partition by customer_id
        order by
            occurred_at, event_type is not distinct from 'customer.created' desc, is_before desc, is_discount_changed,
            observed_at
    )
{%- endmacro %}

{#- The id of the object, expanded or not, under a name in a JSON text; null where there is none. -#}
{% macro id_in_json(text, name) -%} {{ return(adapter.dispatch('id_in_json', 'loki')(text, name)) }} {%- endmacro %}
{% macro default__id_in_json(text, name) -%} get_json_object({{ text }}, '$.{{ name }}.id') {%- endmacro %}
{% macro duckdb__id_in_json(text, name) -%}
    case when {{ text }} like '%"{{ name }}"%' then coalesce(
        json_extract_string({{ text }}, '$.{{ name }}.id'),
        case when json_type({{ text }}, '$.{{ name }}') = 'VARCHAR' then json_extract_string({{ text }}, '$.{{ name }}') end
    ) end
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
