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

{#- The full monthly price of an item, before discounts, in major units; null where it is not told, cannot be or is too large. -#}
{% macro full_monthly_price(item) -%}
    {%- set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) -%}
    case
        when
            {{ item }}.quantity < 0 or {{ item }}.interval_count < 1
            or {{ item }}.divide_by < 1 or ({{ item }}.divide_by > 0 and coalesce({{ item }}.divide_round, '') not in ('up', 'down'))
            or {{ item }}.billing_scheme not in ('per_unit', 'tiered') or {{ item }}.usage_type not in ('licensed', 'metered')
            then null
        when {{ item }}.usage_type = 'metered' then 0
        else {{ fits('cast(' ~ rounded_quotient(
        'cast(case ' ~ item ~ ".billing_scheme when 'tiered' then " ~ item ~ '.tier_amount else '
        ~ item ~ '.unit_amount * case when ' ~ item ~ '.divide_by is null then ' ~ item ~ '.quantity '
        ~ 'when ' ~ item ~ ".divide_round = 'down' then " ~ item ~ '.quantity // ' ~ item ~ '.divide_by '
        ~ 'else (' ~ item ~ '.quantity + ' ~ item ~ '.divide_by - 1) // ' ~ item ~ '.divide_by end '
        ~ 'end * 1000000000000 as hugeint) * case ' ~ item ~ ".billing_unit when 'week' then " ~ week[0]
        ~ " when 'day' then " ~ day[0] ~ ' else 1 end',
        '1000000000000 * case ' ~ item ~ ".billing_unit when 'year' then 12 when 'week' then " ~ week[1] ~ " when 'day' then "
        ~ day[1] ~ " when 'month' then 1 end * " ~ item ~ '.interval_count * cast(power(10, ' ~ item ~ '.digits) as hugeint)'
    ) ~ ' as decimal(26, 8))') }}
    end
{%- endmacro %}

{#- What a coupon takes, and from which products and which item, as a list of coupons is kept for `price_after`. -#}
{% macro coupon_taken(percent_off, amount_off, products, item='null') -%}
    {'kept': cast(1 - coalesce({{ percent_off }}, 0) * 0.01 as decimal(12, 10)),
    'amount': cast(coalesce({{ amount_off }}, 0) as hugeint), 'products': {{ products }}, 'item': cast({{ item }} as bigint)}
{%- endmacro %}

{#-
What coupons, one after the other, leave of a list of monthly prices (item, product_id, amount), summed. An amount off is shared
by the amounts that it covers; `period` makes it, told per billing period in minor units, a monthly one.
-#}
{% macro price_after(coupons, prices, period) -%}
    {%- set covers = 'coalesce(list_contains(coupon.products, part.product_id), coupon.products is null)'
        ~ ' and coalesce(coupon.item = part.item, coupon.item is null)' -%}
    {%- set covered = list_total('so_far.prices', 'amount', covers) -%}
    {%- set left_over -%}
        list_reduce(
            list_transform({{ coupons }}, lambda coupon: {'kept': coupon.kept, 'products': coupon.products, 'item': coupon.item, 'prices': {{ prices }},
                'amount': cast({{ rounded_quotient('coupon.amount * ' ~ period ~ '.over', period ~ '.under') }} as decimal(26, 8))
            }),
            lambda so_far, coupon: {'kept': coupon.kept, 'products': coupon.products, 'item': coupon.item, 'prices': list_transform(
                so_far.prices, lambda price: {'item': price.item, 'product_id': price.product_id, 'amount': case
                    when {{ covers | replace('part.', 'price.') }} then greatest(
                        cast(price.amount * coupon.kept as decimal(26, 8)) - cast(least(coupon.amount, {{ covered }}) * coalesce(
                            cast({{ rounded_quotient(
                                'cast(price.amount * 100000000 as hugeint)', 'cast(' ~ covered ~ ' * 100000000 as hugeint)', 11
                            ) }} as decimal(12, 11)), 0
                        ) as decimal(26, 8)), 0
                    ) else price.amount end}
                ), 'amount': coupon.amount},
            {'kept': cast(1 as decimal(12, 10)), 'products': cast(null as varchar[]), 'item': cast(null as bigint), 'prices': {{ prices }},
            'amount': cast(0 as decimal(26, 8))}
        ).prices
    {%- endset -%}
    cast({{ list_total(left_over, 'amount') }} as {{ mrr_type() }})
{%- endmacro %}
