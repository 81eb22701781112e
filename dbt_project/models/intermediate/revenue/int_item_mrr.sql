-- One row for each item of each stretch that bears MRR, or would if its trial were over: the item's MRR, computed
-- exactly and rounded once.
with items as (select * from {{ ref('int_item_amounts') }}),

segments as (
    select segment_id, version_id, is_live
    from {{ ref('int_subscription_segments') }}
    where is_live or status = 'trialing'
),

fractions as (
    select
        segments.segment_id,
        segments.is_live,
        items.subscription_id,
        items.item_id,
        items.price_id,
        items.product_id,
        items.plan,
        items.billing_interval,
        items.quantity,
        items.currency,
        factors.segment_id is not null as is_discounted,
        coalesce(factors.over, items.over) * items.factor_over * items.tax_over as over,
        coalesce(factors.under, items.under) * items.factor_under * items.tax_under
        * cast(power(10, items.digits) as {{ whole() }}) as under
    from segments
    inner join items on segments.version_id = items.version_id
    left join {{ ref('int_segment_factors') }} as factors
        on segments.segment_id = factors.segment_id and items.item_id = factors.item_id
)

select
    segment_id,
    is_live,
    subscription_id,
    item_id,
    price_id,
    product_id,
    plan,
    billing_interval,
    quantity,
    currency,
    is_discounted,
    coalesce(cast({{ rounded_quotient('over', 'under') }} as {{ mrr_type() }}), 0) as mrr
from fractions
