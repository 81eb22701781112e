{#- An amount in minor units as major units of its currency; null where the currency is unknown. -#}
{% macro major(amount, digits) -%}
    cast(
        cast(case {{ digits }} when 2 then 10 when 0 then 1000 when 3 then 1 end * {{ amount }} as decimal(15, 0))
        * cast(0.001 as decimal(3, 3)) as {{ money_type() }}
    )
{%- endmacro %}

{#- What was invoiced or paid: three places hold every currency's minor unit, 18 digits fit a machine word. -#}
{% macro money_type() -%} decimal(18, 3) {%- endmacro %}

{#- The sum of one field over a list of structs; 0 for an empty or missing list. -#}
{% macro list_total(list, field, condition='true') -%}
    {{ return(adapter.dispatch('list_total', 'loki')(list, field, condition)) }}
{%- endmacro %}

{% macro duckdb__list_total(list, field, condition) -%}
    case when len({{ list }}) > 0 then coalesce(list_sum(
        list_transform({{ list }}, lambda part: case when {{ condition }} then part.{{ field }} else 0 end)
    ), 0) else 0 end
{%- endmacro %}

{#- The full monthly price of a quantity, before discounts, in major units. -#}
{% macro full_monthly_price(prices, item, tiers) -%}
    {%- set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) -%}
    case when {{ prices }}.usage_type = 'metered' then 0 else {{ rounded_quotient(
        'cast(case ' ~ prices ~ ".billing_scheme when 'tiered' then " ~ tiers ~ '.amount else '
        ~ prices ~ '.unit_amount * case when ' ~ prices ~ '.divide_by is null then coalesce(' ~ item ~ '.quantity, 1) '
        ~ 'when ' ~ prices ~ ".divide_round = 'down' then coalesce(" ~ item ~ '.quantity, 1) // ' ~ prices ~ '.divide_by '
        ~ 'else (coalesce(' ~ item ~ '.quantity, 1) + ' ~ prices ~ '.divide_by - 1) // ' ~ prices ~ '.divide_by end '
        ~ 'end * 1000000000000 as hugeint) * case ' ~ prices ~ ".billing_unit when 'week' then " ~ week[0]
        ~ " when 'day' then " ~ day[0] ~ ' else 1 end',
        '1000000000000 * case ' ~ prices ~ ".billing_unit when 'year' then 12 when 'week' then " ~ week[1] ~ " when 'day' then "
        ~ day[1] ~ ' else 1 end * ' ~ prices ~ '.interval_count * cast(power(10, units.digits) as hugeint)'
    ) }} end
{%- endmacro %}

{#- What a coupon takes, as a list of them is kept; `price_after` takes one after the other off a monthly price. -#}
{% macro coupon_taken(percent_off, amount_off) -%}
    {'kept': cast(1 - coalesce({{ percent_off }}, 0) * 0.01 as decimal(12, 10)),
    'amount': cast(coalesce({{ amount_off }}, 0) as hugeint)}
{%- endmacro %}

{#- A monthly price after coupons; `period` makes an amount off per billing period in minor units a monthly one. -#}
{% macro price_after(coupons, price, period) -%}
    list_reduce(
        list_transform({{ coupons }}, lambda coupon: {'kept': coupon.kept, 'amount': cast({{ rounded_quotient(
            'coupon.amount * ' ~ period ~ '.over', period ~ '.under'
        ) }} as {{ mrr_type() }})}),
        lambda price, coupon: {'kept': coupon.kept, 'amount': cast(
            greatest(cast(price.amount as decimal(26, 8)) * coupon.kept - coupon.amount, 0) as {{ mrr_type() }}
        )},
        {'kept': cast(1 as decimal(12, 10)), 'amount': cast({{ price }} as {{ mrr_type() }})}
    ).amount
{%- endmacro %}

{#- The items of the bridge from MRR to invoiced to collected, in their order. -#}
{% macro bridge_items() -%}
    ['mrr', 'unbilled', 'term_spread', 'proration', 'one_off', 'usage', 'once_coupons', 'tax', 'currency', 'unexplained',
    'invoiced', 'credit_notes', 'credit_balance', 'uncollected', 'refunds', 'unexplained_payment', 'collected']
{%- endmacro %}
