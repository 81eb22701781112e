-- noqa: disable=all
-- One row for each item of each discounted stretch: the exact fraction of its amount that its discounts leave.
-- Discounts are taken one after the other over all amounts of the subscription, as whole numbers over one denominator.
-- Where many odd discounts make numbers too large to go on with, they are rounded far below what is shown, and marked.
with recursive segments as (
    select segment_id, state_id, version_id, starts_at from {{ ref('int_subscription_segments') }} where is_live or status = 'trialing'
),

active as (
    select segments.segment_id, segments.version_id, windows.*  exclude (state_id)
    from segments
    inner join {{ ref('int_discount_windows') }} as windows
        on
            segments.state_id = windows.state_id
            and windows.active_from <= segments.starts_at
            and coalesce(segments.starts_at < windows.active_until, true)
    -- The customer's own discount holds only where the subscription has none.
    qualify
        windows.level < 3
        or count(*) filter (where windows.level < 3) over (partition by segments.segment_id) = 0
),

amounts as (
    select
        items.version_id,
        array_agg(items.item_id order by items.item_id) as item_ids,
        array_agg(amounts.product_id order by items.item_id) as products,
        array_agg(
            amounts.over * (1000000000000::{{ whole() }} // amounts.under) order by items.item_id
        ) as overs
    from {{ ref('int_subscription_items') }} as items
    inner join {{ ref('int_item_amounts') }} as amounts on items.amount_id = amounts.amount_id
    where amounts.is_discountable and items.version_id in (select version_id from active)
    group by items.version_id
),

steps as (
    select
        active.segment_id,
        amounts.item_ids,
        list_transform(
            amounts.item_ids,
            lambda item_id, place:
                coalesce(active.item_id = item_id, true)
                and coalesce(list_contains(active.products, amounts.products[place]), active.products is null)
        ) as covers,
        cast((100 - active.percent_off) * 100000000 as {{ whole() }}) as percent_left,
        cast(active.amount_off as {{ whole() }}) as amount_off,
        row_number() over (
            partition by active.segment_id order by active.level, active.item_id, active.position, active.discount_id
        ) as step,
        count(*) over (partition by active.segment_id) as steps
    from active
    inner join amounts on active.version_id = amounts.version_id
    where active.is_counted and (active.percent_off is not null or active.amount_off is not null)
),

folded as (
    select distinct
        steps.segment_id,
        0 as step,
        amounts.overs,
        1000000000000::{{ whole() }} as under,
        false as is_rounded
    from steps
    inner join segments on steps.segment_id = segments.segment_id
    inner join amounts on segments.version_id = amounts.version_id
    union all
    select
        folded.segment_id,
        steps.step,
        case when size.is_small then exact.overs else {{ fits(rounded_list(
            'folded.overs', 'folded.under', 'steps.covers', 'short.kept_over', 'short.kept_under'
        )) }} end as overs,
        case when size.is_small then exact.under else {{ places_of_discounts() }}::{{ whole() }} end as under,
        folded.is_rounded or not size.is_small as is_rounded
    from folded
    inner join steps on folded.segment_id = steps.segment_id and folded.step + 1 = steps.step
    cross join lateral (select {{ covered_sum('folded.overs', 'steps.covers') }} as covered) as sums
    cross join lateral (
        select
            case
                when steps.percent_left is not null then steps.percent_left
                when sums.covered = 0 then 1
                else {{ fits('greatest(sums.covered - steps.amount_off * folded.under, 0)') }}
            end as kept_over,
            case
                when steps.percent_left is not null then 10000000000::{{ whole() }}
                when sums.covered = 0 then 1
                else sums.covered
            end as kept_under
    ) as kept
    cross join lateral (
        select
            kept.kept_over // gcd(kept.kept_over, kept.kept_under) as kept_over,
            kept.kept_under // gcd(kept.kept_over, kept.kept_under) as kept_under
    ) as short
    cross join lateral (
        select
            {{ fits('folded.under * short.kept_under') }} as under,
            {{ fits(scaled_list('folded.overs', 'steps.covers', 'short.kept_over', 'short.kept_under')) }} as overs
    ) as taken
    cross join lateral (
        select
            {{ reduced('taken.overs', 'taken.under', 'overs') }} as overs,
            {{ reduced('taken.overs', 'taken.under', 'under') }} as under
    ) as exact
    cross join lateral (select {{ leaves_room('exact.overs', 'exact.under') }} as is_small) as size
)

select
    folded.segment_id,
    unnest(steps.item_ids) as item_id,
    unnest(folded.overs) as over,
    folded.under,
    folded.is_rounded
from folded
inner join steps on folded.segment_id = steps.segment_id and folded.step = steps.step
where folded.step = steps.steps
