-- noqa: disable=LT01,RF03
-- One row a price: its tiers from the newest sighting that had them, and the plan's name that people read.
with prices as (
    select
        price_id,
        max_by(product_id, occurred_at) as product_id,
        max_by(billing_scheme, occurred_at) as billing_scheme,
        max_by(unit_amount, occurred_at) as unit_amount,
        max_by(tax_behavior, occurred_at) as tax_behavior,
        max_by(divide_by, occurred_at) as divide_by,
        max_by(divide_round, occurred_at) as divide_round,
        max_by(currency, occurred_at) as currency,
        max_by(tiers_mode, occurred_at) as tiers_mode,
        max_by(tiers, occurred_at) filter (where tiers is not null) as tiers,
        -- Tiers in further currencies came later than the rest of them, or were refused: the newest that had any.
        max_by(currency_prices, {'tiered': len(
            list_filter(currency_prices, lambda option: len(option.tiers) > 0)
        ) > 0, 'seen': occurred_at}) filter (where len(currency_prices) > 0) as currency_prices,
        max_by(plan, occurred_at) filter (where plan is not null) as plan,
        max_by(interval, occurred_at) as billing_unit,
        max_by(interval_count, occurred_at) as interval_count,
        max_by(usage_type, occurred_at) as usage_type
    from {{ sightings('price') }} as seen
    group by price_id
),

products as (
    select
        product_id,
        max_by(coalesce(plan, name), occurred_at) as plan
    from {{ sightings('product') }} as seen
    group by product_id
)

select
    prices.price_id,
    prices.product_id,
    prices.billing_scheme,
    prices.unit_amount,
    prices.tax_behavior,
    prices.divide_by,
    prices.divide_round,
    prices.currency,
    prices.tiers_mode,
    prices.tiers,
    prices.currency_prices,
    prices.billing_unit,
    prices.interval_count,
    prices.usage_type,
    prices.plan as own_plan,
    coalesce(prices.plan, products.plan, prices.price_id) as plan
from prices
left join products on prices.product_id = products.product_id
