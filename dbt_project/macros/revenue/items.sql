{#-
One row for each item of the versions of subscriptions in a CTE of (version_id, is_seen_twice), with the price as the
item carried it and the tax that is known to be in it. `amount_id` stands for all that the amount depends on.
What was landed twice is taken once; what was landed once need not be sorted.
-#}
{% macro listed_items(kept) -%}
{%- set priced = [
    'product_id', 'currency', 'price_currency', 'billing_scheme', 'tiers_mode', 'unit_amount', 'billing_unit',
    'interval_count', 'usage_type', 'price_type', 'tax_behavior', 'divide_by', 'divide_round', 'plan', 'quantity',
    'inclusive_percentage'
] -%}
{%- set tax_behavior -%}
    case when items.currency != items.price_currency then options.tax_behavior else items.tax_behavior end
{%- endset -%}
{%- set versions %}
    select
        version_id,
        subscription_id,
        currency,
        tax_rates,
        items
    from {{ ref('stg_stripe__subscriptions') }}
{%- endset -%}
with versions as (
    {{ versions }}
    where version_id in (select version_id from {{ kept }} where not is_seen_twice)
    union all
    {{ versions }}
    where version_id in (select version_id from {{ kept }} where is_seen_twice)
    qualify row_number() over (partition by version_id order by observed_at) = 1
),

items as (
    select
        versions.version_id,
        versions.subscription_id,
        case when len(item.tax_rates) > 0 then item.tax_rates else versions.tax_rates end as tax_rates,
        item.item_id,
        item.price_id,
        item.product_id,
        -- A price shows its own currency, also where the subscription pays in another one that it has.
        coalesce(versions.currency, item.currency) as currency,
        coalesce(item.currency, versions.currency) as price_currency,
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
        item.discount_ids,
        coalesce(item.quantity, 1) as quantity
    from (
        select
            version_id,
            subscription_id,
            currency,
            tax_rates,
            unnest(items) as item
        from versions
    ) as versions
    union all
    select
        rebuilt.version_id,
        rebuilt.subscription_id,
        null as tax_rates,
        rebuilt.item_id,
        rebuilt.price_id,
        prices.product_id,
        coalesce(rebuilt.currency, prices.currency) as currency,
        coalesce(prices.currency, rebuilt.currency) as price_currency,
        coalesce(prices.billing_scheme, 'per_unit') as billing_scheme,
        prices.tiers_mode,
        coalesce(prices.unit_amount, rebuilt.unit_amount) as unit_amount,
        prices.billing_unit,
        prices.interval_count,
        coalesce(prices.usage_type, 'licensed') as usage_type,
        'recurring' as price_type,
        prices.tax_behavior,
        prices.divide_by,
        prices.divide_round,
        prices.plan,
        [] as discount_ids,
        rebuilt.quantity
    from {{ ref('int_rebuilt_items') }} as rebuilt
    left join {{ ref('int_prices') }} as prices on rebuilt.price_id = prices.price_id
),

{{ inclusive_taxes() }}

taxed as (
    select
        items.* exclude (tax_behavior),
        {{ tax_behavior }} as tax_behavior,
        case
            when item_taxes.percentage is not null then item_taxes.percentage
            when {{ tax_behavior }} = 'inclusive' then invoice_taxes.percentage
        end as inclusive_percentage
    from items
    left join {{ price_options() }} as options
        on items.price_id = options.price_id and items.currency = options.currency
    left join item_taxes on items.version_id = item_taxes.version_id and items.item_id = item_taxes.item_id
    left join invoice_taxes on items.subscription_id = invoice_taxes.subscription_id
)

select
    *,
    {{ identity_hash([unique_number('price_id')] + priced) }} as amount_id
from taxed
{%- endmacro %}
