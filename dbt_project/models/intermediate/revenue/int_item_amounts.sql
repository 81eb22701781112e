-- noqa: disable=all
-- One row for each item of each version of a subscription: its amount for one billing period as an exact fraction of minor units, before
-- discounts, and the factors that make it a monthly amount.
with kept as (
    select
        told.version_id,
        bool_or(told.is_seen_twice) as is_seen_twice
    from (
        select version_id, sightings > 1 as is_seen_twice from {{ ref('int_subscription_versions') }}
        union all
        select discounts_version_id as version_id, true as is_seen_twice from {{ ref('int_subscription_origins') }}
    ) as told
    group by told.version_id
),

-- What was landed twice is taken once; what was landed once need not be sorted.
versions as (
    select version_id, subscription_id, currency, tax_rates, items
    from {{ ref('stg_stripe__subscriptions') }}
    where version_id in (select version_id from kept where not is_seen_twice)
    union all
    select version_id, subscription_id, currency, tax_rates, items
    from {{ ref('stg_stripe__subscriptions') }}
    where version_id in (select version_id from kept where is_seen_twice)
    qualify row_number() over (partition by version_id order by observed_at) = 1
),

items as (
    select
        versions.version_id,
        versions.subscription_id,
        versions.tax_rates as subscription_tax_rates,
        item.item_id,
        item.price_id,
        item.product_id,
        coalesce(item.currency, versions.currency) as currency,
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
    from (
        select version_id, subscription_id, currency, tax_rates, unnest(items) as item from versions
    ) as versions
    union all
    select
        rebuilt.version_id,
        rebuilt.subscription_id,
        null as subscription_tax_rates,
        rebuilt.item_id,
        rebuilt.price_id,
        prices.product_id,
        prices.currency,
        coalesce(prices.billing_scheme, 'per_unit'),
        prices.tiers_mode,
        coalesce(prices.unit_amount, rebuilt.unit_amount),
        prices.billing_unit,
        prices.interval_count,
        coalesce(prices.usage_type, 'licensed'),
        'recurring',
        prices.tax_behavior,
        prices.divide_by,
        prices.divide_round,
        prices.plan,
        null,
        [],
        rebuilt.quantity
    from {{ ref('int_rebuilt_items') }} as rebuilt
    left join {{ ref('int_prices') }} as prices on rebuilt.price_id = prices.price_id
),

tiered as (
    select distinct price_id, quantity from items where billing_scheme = 'tiered' and usage_type = 'licensed'
),

tier_amounts as (
    {{ tier_amounts('tiered') }}
),

-- Only where a rate came without its percentage is it looked up.
item_taxes as (
    select
        items.version_id,
        items.item_id,
        sum(coalesce(items.tax.percentage, rates.percentage)) as percentage
    from (
        select
            version_id,
            item_id,
            unnest(case when len(tax_rates) > 0 then tax_rates else subscription_tax_rates end) as tax
        from items
        where len(tax_rates) > 0 or len(subscription_tax_rates) > 0
    ) as items
    left join {{ ref('int_tax_rates') }} as rates on items.tax.tax_rate_id = rates.tax_rate_id
    where coalesce(items.tax.is_inclusive, rates.is_inclusive)
    group by 1, 2
),

-- Where the subscription does not say its tax rate, the newest invoice may.
invoice_taxes as (
    select
        lines.subscription_id,
        max_by(lines.percentage, lines.observed_at) as percentage
    from (
        select
            told.subscription_id,
            told.line_id,
            max(told.observed_at) as observed_at,
            sum(distinct rates.percentage) as percentage
        from (
            select subscription_id, line_id, observed_at, unnest(taxes) as tax
            from {{ ref('stg_stripe__invoice_lines') }}
            where len(taxes) > 0
        ) as told
        inner join {{ ref('int_tax_rates') }} as rates on told.tax.tax_rate_id = rates.tax_rate_id
        where told.tax.is_inclusive
        group by 1, 2
    ) as lines
    group by 1
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
        items.usage_type = 'licensed' and items.price_type = 'recurring' as is_discountable,
        case
            when item_taxes.percentage is not null then item_taxes.percentage
            when items.tax_behavior = 'inclusive' then invoice_taxes.percentage
        end as inclusive_percentage
    from items
    left join item_taxes on items.version_id = item_taxes.version_id and items.item_id = item_taxes.item_id
    left join invoice_taxes on items.subscription_id = invoice_taxes.subscription_id
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
        coalesce({{ fits('cast(coalesce(amount, 0) * 1000000000000 as ' ~ whole() ~ ')') }}, 0) as scaled,
        cast((100 + coalesce(inclusive_percentage, 0)) * 100000000 as {{ whole() }}) as taxed,
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
    monthly.* exclude (scaled, taxed, plan, tax_rates, subscription_tax_rates),
    coalesce(monthly.plan, plans.plan, products.plan, monthly.price_id) as plan,
    case
        when monthly.interval_count = 1 then monthly.billing_unit
        else monthly.interval_count || ' ' || monthly.billing_unit || 's'
    end
        as billing_interval,
    minor_units.digits,
    {% if switch('tax') == 'exclude' %}
    10000000000::{{ whole() }} // gcd(taxed, 10000000000::{{ whole() }}) as tax_over,
    taxed // gcd(taxed, 10000000000::{{ whole() }}) as tax_under,
    {% else %} 1::{{ whole() }} as tax_over, 1::{{ whole() }} as tax_under,
    {% endif %}
    scaled // gcd(scaled, 1000000000000::{{ whole() }}) as over,
    1000000000000::{{ whole() }} // gcd(scaled, 1000000000000::{{ whole() }}) as under
from monthly
left join {{ ref('minor_units') }} as minor_units on monthly.currency = minor_units.currency
left join {{ ref('int_prices') }} as plans on monthly.price_id = plans.price_id
left join products on monthly.product_id = products.product_id
