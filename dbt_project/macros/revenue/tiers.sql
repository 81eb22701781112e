{#- What prices charge in further currencies than their own: one row a price and currency. -#}
{% macro price_options() -%}
    (
        select prices.price_id, prices.tiers_mode, option.currency, option.unit_amount, option.tax_behavior, option.tiers
        from {{ ref('int_prices') }} as prices
        cross join unnest(prices.currency_prices) as listed (option)
        where option.currency != prices.currency
    )
{%- endmacro %}

{#-
The amount of one billing period for each tiered price, currency and quantity in a CTE of these three, exact, in minor
units. The first tier's flat amount is due even for a quantity of zero. Beyond the last tier nothing has a price.
-#}
{% macro tier_amounts(quantities) -%}
    select
        tiers.price_id,
        tiers.currency,
        wanted.quantity,
        case when bool_or(wanted.quantity <= coalesce(tiers.up_to, wanted.quantity)) then sum(
            case
                when tiers.tiers_mode = 'graduated' then
                    tiers.flat_amount
                    + tiers.unit_amount * (least(wanted.quantity, coalesce(tiers.up_to, wanted.quantity)) - tiers.above)
                when tiers.tiers_mode = 'volume' then tiers.flat_amount + tiers.unit_amount * wanted.quantity
            end
        ) end as amount
    from {{ quantities }} as wanted
    inner join (
        select
            prices.price_id,
            prices.currency,
            prices.tiers_mode,
            tier.up_to,
            coalesce(tier.unit_amount, 0) as unit_amount,
            coalesce(tier.flat_amount, 0) as flat_amount,
            lag(tier.up_to, 1, 0) over (
                partition by prices.price_id, prices.currency order by tier.up_to nulls last
            ) as above
        from (
            select price_id, tiers_mode, currency, tiers from {{ ref('int_prices') }}
            union all
            select price_id, tiers_mode, currency, tiers from {{ price_options() }} as options
        ) as prices
        cross join unnest(prices.tiers) as listed (tier)
    ) as tiers on wanted.price_id = tiers.price_id and wanted.currency = tiers.currency
    where
        wanted.quantity >= 0 and (wanted.quantity > tiers.above or tiers.above = 0)
        and (tiers.tiers_mode = 'graduated' or wanted.quantity <= coalesce(tiers.up_to, wanted.quantity))
    group by 1, 2, 3
{%- endmacro %}
