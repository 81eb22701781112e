{#-
The amount of one billing period for each tiered price and quantity in a CTE of (price_id, quantity), exact, in minor
units. The first tier's flat amount is due even for a quantity of zero.
-#}
{% macro tier_amounts(quantities) -%}
    select
        tiers.price_id,
        wanted.quantity,
        sum(
            case
                when tiers.tiers_mode = 'graduated' then
                    tiers.flat_amount
                    + tiers.unit_amount * (least(wanted.quantity, coalesce(tiers.up_to, wanted.quantity)) - tiers.above)
                else tiers.flat_amount + tiers.unit_amount * wanted.quantity
            end
        ) as amount
    from {{ quantities }} as wanted
    inner join (
        select
            prices.price_id,
            prices.tiers_mode,
            tier.up_to,
            coalesce(tier.unit_amount, 0) as unit_amount,
            coalesce(tier.flat_amount, 0) as flat_amount,
            lag(tier.up_to, 1, 0) over (partition by prices.price_id order by tier.up_to nulls last) as above
        from {{ ref('int_prices') }} as prices
        cross join unnest(prices.tiers) as listed (tier)
    ) as tiers on wanted.price_id = tiers.price_id
    where
        (wanted.quantity > tiers.above or tiers.above = 0)
        and (tiers.tiers_mode = 'graduated' or wanted.quantity <= coalesce(tiers.up_to, wanted.quantity))
    group by 1, 2
{%- endmacro %}
