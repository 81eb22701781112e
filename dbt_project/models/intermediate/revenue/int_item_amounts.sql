-- noqa: disable=all
-- One row for each price and quantity that items carried: the amount for one billing period as an exact fraction of
-- minor units, before discounts, and the fraction that makes what is left of it a monthly amount in major units.
{% set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) %}
-- Few amounts serve many items: one version that carries it tells what an amount depends on.
with telling as (
    select
        min(version_id) as version_id,
        true as is_seen_twice
    from {{ ref('int_subscription_items') }}
    group by amount_id
),

items as (
    {{ listed_items('telling') }}
),

-- Where a subscription pays in another currency than its price's own, the price's amount in that one counts.
amounts as (
    select
        found.* replace (
            case
                when found.currency = found.price_currency then found.unit_amount else options.unit_amount
            end as unit_amount
        )
    from (
        select distinct * exclude (version_id, subscription_id, item_id, tax_rates, discount_ids) from items
    ) as found
    left join {{ price_options() }} as options
        on found.price_id = options.price_id and found.currency = options.currency
),

tiered as (
    select distinct
        price_id,
        currency,
        quantity
    from amounts
    where billing_scheme = 'tiered' and usage_type = 'licensed'
),

tier_amounts as (
    {{ tier_amounts('tiered') }}
),

priced as (
    select
        amounts.*,
        case
            when amounts.usage_type = 'metered' or amounts.price_type != 'recurring' then 0
            when coalesce(amounts.usage_type, '') != 'licensed' then null
            when amounts.billing_scheme = 'tiered' then tier_amounts.amount
            when amounts.billing_scheme != 'per_unit' then null
            when amounts.divide_by is null then amounts.unit_amount * amounts.quantity
            when amounts.divide_by < 1 or coalesce(amounts.divide_round, '') not in ('up', 'down') then null
            when amounts.divide_round = 'down' then amounts.unit_amount * (amounts.quantity // amounts.divide_by)
            else amounts.unit_amount * ((amounts.quantity + amounts.divide_by - 1) // amounts.divide_by)
        end as amount,
        amounts.usage_type = 'licensed' and amounts.price_type = 'recurring' as is_discountable
    from amounts
    left join tier_amounts
        on
            amounts.price_id = tier_amounts.price_id
            and amounts.currency = tier_amounts.currency
            and amounts.quantity = tier_amounts.quantity
),

products as (
    select
        product_id,
        max_by(coalesce(plan, name), occurred_at) as plan
    from {{ sightings('product') }} as seen
    group by product_id
),

fractions as (
    select
        priced.* exclude (plan),
        coalesce(plans.own_plan, priced.plan, plans.plan, products.plan, priced.price_id) as plan,
        minor_units.digits,
        -- Nobody is owed a fee: an amount below zero is worth nothing, and a finding.
        coalesce({{ fits('cast(greatest(coalesce(priced.amount, 0), 0) * 1000000000000 as ' ~ whole() ~ ')') }}, 0) as scaled,
        {% if switch('tax') == 'exclude' %}
            cast((100 + coalesce(priced.inclusive_percentage, 0)) * 100000000 as {{ whole() }})
        {% else %} 10000000000::{{ whole() }}
        {% endif %} as taxed,
        case when priced.interval_count < 1 then 0 else 1 end * case priced.billing_unit
            when 'month' then 1 when 'year' then 1 when 'week' then {{ week[0] }} when 'day' then {{ day[0] }} else 0
        end as factor_over,
        case priced.billing_unit
            when 'month' then 1 when 'year' then 12 when 'week' then {{ week[1] }} when 'day' then {{ day[1] }} else 1
        end * coalesce(priced.interval_count, 1) as factor_under
    from priced
    left join {{ ref('minor_units') }} as minor_units on priced.currency = minor_units.currency
    left join {{ ref('int_prices') }} as plans on priced.price_id = plans.price_id
    left join products on priced.product_id = products.product_id
),

reduced as (
    select
        * exclude (scaled, taxed),
        case when interval_count = 1 then billing_unit else interval_count || ' ' || billing_unit || 's' end
            as billing_interval,
        10000000000::{{ whole() }} // gcd(taxed, 10000000000::{{ whole() }}) * factor_over as rate_over,
        taxed // gcd(taxed, 10000000000::{{ whole() }}) * factor_under
        * cast(power(10, digits) as {{ whole() }}) as rate_under,
        scaled // gcd(scaled, 1000000000000::{{ whole() }}) as over,
        1000000000000::{{ whole() }} // gcd(scaled, 1000000000000::{{ whole() }}) as under
    from fractions
)

select
    *,
    coalesce(cast({{ rounded_quotient('over * rate_over', 'under * rate_under') }} as {{ mrr_type() }}), 0) as full_mrr,
    {{ small_set_number('price_id') }} as price_number,
    {{ small_set_number("concat_ws('/', plan, billing_interval)") }} as plan_number,
    {{ small_set_number("concat_ws('/', price_id, quantity)") }} as quantity_number
from reduced
