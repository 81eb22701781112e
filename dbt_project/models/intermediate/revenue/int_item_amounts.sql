-- One row for each item of each state: its amount for one billing period as an exact fraction of minor units, before
-- discounts, and the factors that make it a monthly amount.
with items as (
    select
        states.state_id,
        states.subscription_id,
        states.tax_rates as subscription_tax_rates,
        item.item_id,
        item.price_id,
        item.product_id,
        lower(coalesce(item.currency, states.currency)) as currency,
        item.billing_scheme,
        item.tiers_mode,
        item.unit_amount,
        item."interval" as billing_unit,
        item.interval_count,
        item.usage_type,
        item.price_type,
        item.tax_behavior,
        item.divide_by,
        item.divide_round,
        item.plan,
        item.tax_rates,
        item.discount_ids,
        coalesce(item.quantity, 1) as quantity
    from {{ ref('int_subscription_states') }} as states
    cross join unnest(states.items) as listed (item)
),

tiered as (
    select distinct price_id, tiers_mode, quantity
    from items
    where billing_scheme = 'tiered' and usage_type = 'licensed'
),

tier_bounds as (
    select
        prices.price_id,
        tier.up_to,
        coalesce(tier.unit_amount, 0) as unit_amount,
        coalesce(tier.flat_amount, 0) as flat_amount,
        lag(tier.up_to, 1, 0) over (
            partition by prices.price_id order by tier.up_to nulls last
        ) as above
    from {{ ref('int_prices') }} as prices
    cross join unnest(prices.tiers) as listed (tier)
),

-- The first tier's flat amount is due even for a quantity of zero.
tier_amounts as (
    select
        tiered.price_id,
        tiered.quantity,
        sum(
            case
                when tiered.tiers_mode = 'graduated'
                    then flat_amount
                        + unit_amount * (least(tiered.quantity, coalesce(up_to, tiered.quantity)) - above)
                else flat_amount + unit_amount * tiered.quantity
            end
        ) as amount
    from tiered
    inner join tier_bounds on tiered.price_id = tier_bounds.price_id
    where
        tiered.quantity >= above
        and (tiered.quantity > above or above = 0)
        and (tiered.tiers_mode = 'graduated' or tiered.quantity <= coalesce(up_to, tiered.quantity))
    group by 1, 2
),

priced as (
    select
        items.*,
        case
            when items.usage_type = 'metered' or items.price_type != 'recurring' then 0
            when items.billing_scheme = 'tiered' then tier_amounts.amount
            when items.billing_scheme != 'per_unit' then null
            when items.divide_by is null then items.unit_amount * items.quantity
            when items.divide_round = 'down' then items.unit_amount * (items.quantity // items.divide_by)
            else items.unit_amount * ((items.quantity + items.divide_by - 1) // items.divide_by)
        end as amount,
        items.usage_type = 'licensed' and items.price_type = 'recurring' as is_discountable
    from items
    left join tier_amounts
        on items.price_id = tier_amounts.price_id and items.quantity = tier_amounts.quantity
),

products as (
    select product_id, max_by(coalesce(plan, name), observed_at) as plan
    from {{ ref('stg_stripe__products') }}
    group by product_id
),

monthly as (
    select
        *,
        cast(coalesce(amount, 0) * 1000000000000 as {{ whole() }}) as scaled,
        {% set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) %}
        case billing_unit
            when 'month' then 1 when 'year' then 1 when 'week' then {{ week[0] }} when 'day' then {{ day[0] }} else 0
        end as factor_over,
        case billing_unit
            when 'month' then 1 when 'year' then 12 when 'week' then {{ week[1] }} when 'day' then {{ day[1] }} else 1
        end * coalesce(interval_count, 1) as factor_under
    from priced
)

select
    monthly.* exclude (scaled, plan),
    coalesce(monthly.plan, plans.plan, products.plan, monthly.price_id) as plan,
    case
        when monthly.interval_count = 1 then monthly.billing_unit
        else monthly.interval_count || ' ' || monthly.billing_unit || 's'
    end
        as billing_interval,
    minor_units.digits,
    1 as tax_over,
    1 as tax_under,
    scaled // gcd(scaled, 1000000000000::{{ whole() }}) as over,
    1000000000000::{{ whole() }} // gcd(scaled, 1000000000000::{{ whole() }}) as under
from monthly
left join {{ ref('minor_units') }} as minor_units on monthly.currency = minor_units.currency
left join {{ ref('int_prices') }} as plans on monthly.price_id = plans.price_id
left join products on monthly.product_id = products.product_id
