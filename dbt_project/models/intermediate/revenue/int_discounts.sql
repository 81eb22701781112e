-- One row a discount: what its coupon takes off, and from when to when.
with sightings as (
    select
        discount_id,
        max_by(coupon_id, occurred_at) filter (where coupon_id is not null) as coupon_id,
        max_by(percent_off, occurred_at) filter (where percent_off is not null) as percent_off,
        max_by(amount_off, occurred_at) filter (where amount_off is not null) as amount_off,
        max_by(currency, occurred_at) filter (where currency is not null) as currency,
        max_by(duration, occurred_at) filter (where duration is not null) as duration,
        max_by(duration_in_months, occurred_at) filter (where duration_in_months is not null) as months,
        max_by(products, occurred_at) filter (where products is not null) as products,
        max_by(currency_amounts, occurred_at) filter (where len(currency_amounts) > 0) as currency_amounts,
        max(subscription_item_id) as item_id,
        min(start_at) as start_at,
        max(end_at) as end_at,
        min(occurred_at) filter (where is_deleted or event_type = 'customer.discount.deleted') as deleted_at
    from {{ sightings('discount') }} as seen
    group by discount_id
),

coupons as (
    select
        coupon_id,
        max_by(percent_off, occurred_at) as percent_off,
        max_by(amount_off, occurred_at) as amount_off,
        max_by(currency, occurred_at) as currency,
        max_by(duration, occurred_at) as duration,
        max_by(duration_in_months, occurred_at) as months,
        max_by(products, occurred_at) as products,
        max_by(currency_amounts, occurred_at) filter (where len(currency_amounts) > 0) as currency_amounts
    from {{ sightings('coupon') }} as seen
    where duration is not null
    group by coupon_id
),

completed as (
    select
        sightings.discount_id,
        sightings.coupon_id,
        sightings.item_id,
        sightings.start_at,
        sightings.end_at,
        sightings.deleted_at,
        coalesce(sightings.percent_off, coupons.percent_off) as percent_off,
        coalesce(sightings.amount_off, coupons.amount_off) as amount_off,
        coalesce(sightings.currency, coupons.currency) as currency,
        coalesce(sightings.duration, coupons.duration) as duration,
        coalesce(sightings.months, coupons.months) as months,
        coalesce(sightings.products, coupons.products) as products,
        coalesce(sightings.currency_amounts, coupons.currency_amounts) as currency_amounts
    from sightings
    left join coupons on sightings.coupon_id = coupons.coupon_id
)

select
    * exclude (months, deleted_at),
    least(
        -- More months than the calendar has never end.
        coalesce(
            end_at,
            case
                when duration = 'repeating' and months > 0
                    then {{ fits('start_at + to_months(cast(months as integer))') }}
            end
        ),
        deleted_at
    ) as gone_at,
    duration = 'repeating' and coalesce(end_at, deleted_at) is null and coalesce(months <= 0 or start_at is null, true)
        as is_end_unknown
from completed
