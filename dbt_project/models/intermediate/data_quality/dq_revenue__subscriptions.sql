-- noqa: disable=LT02,RF02,ST05
{{ config(materialized='ephemeral', tags=['revenue']) }}
-- Subscriptions that cannot be valued with certainty: they count as far as they can be, and their months are flagged.
{% set may_bear = "coalesce(states.status, '') not in ('canceled', 'incomplete_expired')" %}
with amount_flaws as (
    select
        amount_id,
        unnest([
            case when digits is null then 'unknown_currency' end,
            case
                when
                    coalesce(billing_unit, '') not in ('day', 'week', 'month', 'year')
                    or coalesce(interval_count, 0) < 1 then 'unknown_interval'
            end,
            case
                when
                    coalesce(billing_scheme, '') not in ('per_unit', 'tiered')
                    or coalesce(usage_type, '') not in ('licensed', 'metered')
                    or (billing_scheme = 'tiered' and coalesce(tiers_mode, '') not in ('graduated', 'volume'))
                    then 'unknown_price_model'
            end,
            case
                when amount is null and currency != price_currency then 'price_in_another_currency'
                when
                    amount is null and billing_scheme in ('per_unit', 'tiered')
                    and usage_type in ('licensed', 'metered')
                    and coalesce(billing_scheme = 'per_unit' or tiers_mode in ('graduated', 'volume'), false)
                    then 'missing_amount'
            end,
            case when amount < 0 or quantity < 0 then 'negative_amount' end,
            case when {{ fits('amount * 1000000000000') }} is null and amount is not null then 'inexact_amount' end,
            case when tax_behavior = 'inclusive' and inclusive_percentage is null then 'unknown_tax_rate' end
        ]) as check_name,
        coalesce(currency, 'no currency') || ', ' || coalesce(billing_unit, 'no interval') || ', '
        || coalesce(billing_scheme, 'no price model') as told
    from {{ ref('int_item_amounts') }}
),

item_flaws as (
    select
        states.state_id,
        flaws.check_name,
        'item ' || items.item_id || ': ' || flaws.told as told
    from amount_flaws as flaws
    inner join {{ ref('int_subscription_items') }} as items on flaws.amount_id = items.amount_id
    inner join {{ ref('int_subscription_states') }} as states on items.version_id = states.version_id
    where flaws.check_name is not null
),

state_flaws as (
    select
        state_id,
        'unknown_status' as check_name,
        'status ' || coalesce(status, 'missing') as told
    from {{ ref('int_subscription_states') }}
    where coalesce(status, '') not in (
        'trialing', 'active', 'past_due', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired', 'paused'
    )
    union all
    select
        state_id,
        'subscription_without_items' as check_name,
        'status ' || coalesce(status, 'missing') as told
    from {{ ref('int_subscription_states') }}
    where version_id not in (select version_id from {{ ref('int_subscription_items') }})
    union all
    select
        state_id,
        'items_cut_off' as check_name,
        'status ' || coalesce(status, 'missing') as told
    from {{ ref('int_subscription_states') }}
    where version_id in (
        select version_id from {{ ref('stg_stripe__subscriptions') }}
        where not has_all_items
    )
),

discount_flaws as (
    select
        state_id,
        case
            when duration is null then 'unknown_coupon'
            when duration not in ('forever', 'repeating', 'once') then 'unknown_coupon_duration'
            when percent_off is null and amount_off is null then 'coupon_in_another_currency'
            when is_counted and is_end_unknown then 'unknown_coupon_end'
        end as check_name,
        'discount ' || discount_id as told
    from {{ ref('int_discount_windows') }}
    union all
    select
        segments.state_id,
        'inexact_amount' as check_name,
        'discounts on item ' || min(factors.item_id) as told
    from {{ ref('int_segment_factors') }} as factors
    inner join {{ ref('int_subscription_segments') }} as segments on factors.segment_id = segments.segment_id
    where factors.is_rounded
    group by segments.state_id
),

found as (
    select * from item_flaws
    union all
    select * from state_flaws
    union all
    select * from discount_flaws
    where check_name is not null
)

select
    found.check_name,
    states.subscription_id as object_id,
    min(found.told) as detail,
    min(states.known_at) as first_seen_at,
    -- A subscription that is over is worth nothing for certain: only what it may have been worth before is flagged.
    min({{ reporting_date('states.valid_from') }}) filter (where {{ may_bear }}) as flawed_from,
    max({{ reporting_date('coalesce(states.valid_to, ' ~ build_now() ~ ')') }}) filter (where {{ may_bear }})
        as flawed_until
from found
inner join {{ ref('int_subscription_states') }} as states on found.state_id = states.state_id
group by found.check_name, states.subscription_id
