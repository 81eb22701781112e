-- noqa: disable=AM06,ST05
-- depends_on: {{ ref('int_billed_mrr') }}
-- One row for each item of each stretch that bears MRR, or would if its trial were over: the item's MRR, computed
-- exactly and rounded once.
with segments as (
    select
        segment_id,
        subscription_id,
        version_id,
        is_live
    from {{ ref('int_subscription_segments') }}
    where is_live or status = 'trialing'
),

rates as (
    select
        segments.segment_id,
        segments.is_live,
        false as is_billed,
        segments.subscription_id,
        items.amount_id,
        amounts.plan,
        amounts.billing_interval,
        amounts.currency,
        factors.segment_id is not null as is_discounted,
        case
            when factors.segment_id is null then amounts.full_mrr
            else coalesce(cast({{ rounded_quotient(
                'factors.over * amounts.rate_over', 'factors.under * amounts.rate_under'
            ) }} as {{ mrr_type() }}), 0)
        end as mrr
    from segments
    inner join {{ ref('int_subscription_items') }} as items on segments.version_id = items.version_id
    inner join {{ ref('int_item_amounts') }} as amounts on items.amount_id = amounts.amount_id
    left join {{ ref('int_segment_factors') }} as factors
        on segments.segment_id = factors.segment_id and items.item_id = factors.item_id
)

select * from rates
{% if switch('proration') == 'as_billed' or switch('metered') == 'trailing_month' %}
    union all
    -- What was billed beside the rates; a credit takes no more than there is.
    select
        segments.segment_id,
        true as is_live,
        true as is_billed,
        segments.subscription_id,
        null as amount_id,
        min(billed.plan) as plan,
        min(billed.billing_interval) as billing_interval,
        billed.currency,
        false as is_discounted,
        cast(greatest(sum(billed.mrr), -coalesce(any_value(full_rates.mrr), 0)) as {{ mrr_type() }}) as mrr
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_billed_mrr') }} as billed
        on
            segments.subscription_id = billed.subscription_id
            and segments.starts_at >= billed.starts_at
            and coalesce(segments.starts_at < billed.ends_at, true)
    left join (select
        segment_id,
        sum(mrr) as mrr
    from rates
    group by 1) as full_rates
        on segments.segment_id = full_rates.segment_id
    where segments.is_live
    group by segments.segment_id, segments.subscription_id, billed.currency
{% endif %}
