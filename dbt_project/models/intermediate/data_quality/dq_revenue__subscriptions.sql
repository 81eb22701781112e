-- noqa: disable=ST05
{{ config(materialized='view', tags=['revenue']) }}
-- Subscriptions that cannot be valued with certainty: they count as far as they can be, and their months are flagged.
with states as (select * from {{ ref('int_subscription_states') }}),

items as (select * from {{ ref('int_item_amounts') }}),

told as (
    select
        version_id,
        any_value(has_all_items) as has_all_items
    from {{ ref('stg_stripe__subscriptions') }}
    group by version_id
),

item_flaws as (
    select
        version_id,
        item_id,
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
            case when amount is null and billing_scheme in ('per_unit', 'tiered') then 'missing_amount' end,
            case when abs(amount) * 1000000000000 is null and amount is not null then 'inexact_amount' end,
            case when tax_behavior = 'inclusive' and inclusive_percentage is null then 'unknown_tax_rate' end
        ]) as check_name,
        coalesce(currency, 'no currency') || ', ' || coalesce(billing_unit, 'no interval') || ', '
        || coalesce(billing_scheme, 'no price model') as told
    from items
),

state_flaws as (
    select
        states.state_id,
        unnest([
            case when coalesce(states.status, '') not in (
                'trialing', 'active', 'past_due', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired', 'paused'
            ) then 'unknown_status' end,
            case when items.version_id is null then 'subscription_without_items' end,
            case when not told.has_all_items then 'items_cut_off' end
        ]) as check_name,
        'status ' || coalesce(states.status, 'missing') as told
    from states
    left join (select distinct version_id from items) as items on states.version_id = items.version_id
    left join told on states.version_id = told.version_id
),

discount_flaws as (
    select
        state_id,
        case
            when duration is null then 'unknown_coupon'
            when duration not in ('forever', 'repeating', 'once') then 'unknown_coupon_duration'
            when percent_off is null and amount_off is null then 'coupon_in_another_currency'
        end as check_name,
        'discount ' || discount_id as told
    from {{ ref('int_discount_windows') }}
),

found as (
    select
        states.*,
        item_flaws.check_name,
        'item ' || item_flaws.item_id || ': ' || item_flaws.told as told
    from item_flaws
    inner join states on item_flaws.version_id = states.version_id
    where item_flaws.check_name is not null
    union all
    select
        states.*,
        state_flaws.check_name,
        state_flaws.told
    from state_flaws
    inner join states on state_flaws.state_id = states.state_id
    where state_flaws.check_name is not null
    union all
    select
        states.*,
        discount_flaws.check_name,
        discount_flaws.told
    from discount_flaws
    inner join states on discount_flaws.state_id = states.state_id
    where discount_flaws.check_name is not null
)

select
    check_name,
    subscription_id as object_id,
    min(told) as detail,
    min(known_at) as first_seen_at,
    min({{ reporting_date('valid_from') }}) as flawed_from,
    max({{ reporting_date('coalesce(valid_to, ' ~ build_now() ~ ')') }}) as flawed_until
from found
group by check_name, subscription_id
