{#- The CTE `net_shares`: for each current subscription the part of a full price that is not tax. -#}
{% macro net_shares() -%}
net_shares as (
    select segments.subscription_id, min({{ rounded_quotient(
        'amounts.rate_over * amounts.factor_under * cast(power(10, amounts.digits) as hugeint)',
        'amounts.rate_under * amounts.factor_over', 12
    ) }}) as net_share
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_subscription_items') }} as items on segments.version_id = items.version_id
    inner join {{ ref('int_item_amounts') }} as amounts on items.amount_id = amounts.amount_id
    where segments.is_current
    group by 1
),
{%- endmacro %}

{#- The CTE `own_coupons`: the subscription's coupons that still run at each of the CTE `known`'s moments. -#}
{% macro own_coupons() -%}
own_coupons as (
    select
        running.subscription_id,
        running.changes_at,
        list({{ coupon_taken('running.percent_off', 'running.amount_off', 'running.products') }}
            order by running.level, running.item_id, running.position, running.discount_id) as coupons
    from (
        select known.subscription_id, known.changes_at, windows.*
        from known
        inner join {{ ref('int_subscription_segments') }} as segments
            on
                known.subscription_id = segments.subscription_id
                and segments.starts_at <= known.changes_at
                and coalesce(known.changes_at < segments.ends_at, true)
        inner join {{ ref('int_discount_windows') }} as windows
            on
                segments.state_id = windows.state_id
                and windows.active_from <= known.changes_at
                and coalesce(known.changes_at < windows.active_until, true)
        qualify
            windows.level < 3
            or count(*) filter (where windows.level < 3)
                over (partition by known.subscription_id, known.changes_at) = 0
    ) as running
    where running.is_counted
    group by 1, 2
),
{%- endmacro %}

{#-
The CTEs `coupons`, `named` and `taken`: what the coupons that the CTEs `phases` and `phase_items` name take off the prices
of the CTE `full_prices`, an item's own first, and which of them cannot be taken.
-#}
{% macro phase_coupons() -%}
coupons_alone as (
    select
        coupon_id,
        max_by(duration, occurred_at) as duration,
        max_by(percent_off, occurred_at) as percent_off,
        max_by(amount_off, occurred_at) as amount_off,
        max_by(currency, occurred_at) as currency,
        max_by(products, occurred_at) as products,
        max_by(currency_amounts, occurred_at) filter (where len(currency_amounts) > 0) as currency_amounts
    from {{ sightings('coupon') }} as seen
    where duration is not null
    group by coupon_id
),

coupons as (
    select * from coupons_alone
    union all
    select coupons_alone.* replace (codes.promotion_code_id as coupon_id)
    from coupons_alone
    inner join (select distinct promotion_code_id, coupon_id from {{ sightings('promotion_code') }} as seen) as codes
        on coupons_alone.coupon_id = codes.coupon_id
    union all
    select discount_id, duration, percent_off, amount_off, currency, products, currency_amounts
    from {{ ref('int_discounts') }}
),

named as (
    select
        phases.subscription_key,
        phases.start_at,
        phases.coupon_id,
        phases.number,
        phases.position,
        coupons.duration,
        coupons.percent_off,
        coupons.products,
        case
            when coupons.currency = prices.currency then coupons.amount_off
            else list_filter(coupons.currency_amounts, lambda option: option.currency = prices.currency)[1].amount_off
        end as amount_off
    from (
        {%- for source, number in [('phases', 'null'), ('phase_items', 'number')] %}
        select subscription_key, start_at, {{ number }} as number, unnest(discounts) as coupon_id,
            generate_subscripts(discounts, 1) as position
        from {{ source }} {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as phases
    inner join full_prices as prices
        on phases.subscription_key = prices.subscription_key and phases.start_at = prices.start_at
    left join coupons on phases.coupon_id = coupons.coupon_id
),

taken as (
    select
        subscription_key,
        start_at,
        list({{ coupon_taken('percent_off', 'amount_off', 'products', 'number') }} order by number nulls last, position) filter (
            where duration in {{ counted_durations() }} and (percent_off is not null or amount_off is not null)
        ) as coupons,
        list({'check_name': case when duration is null then 'unknown_coupon' else 'coupon_in_another_currency' end,
            'told': 'coupon ' || coupon_id}) filter (where percent_off is null and amount_off is null) as flaws
    from named
    group by 1, 2
)
{%- endmacro %}

{#- What of the scheduled changes of one kind will have fallen due by a month's end; nothing yet in the running month. -#}
{% macro due_by_then(kind) -%}
    case
        when ahead.month = {{ month_of(reporting_today()) }} then 0
        else coalesce(sum(changes.{{ kind }}) over by_then, 0)
    end
{%- endmacro %}

{#- The CTEs `changes`, what is scheduled by the month in which it falls due, and `scheduled`, all of it, at the CTE `rates`. -#}
{% macro changes_ahead() -%}
changes as (
    select
        {{ month_of(reporting_date('changes.changes_at')) }} as month,
        coalesce(sum({{ in_reporting_currency('delta', 'rates.rate') }}) filter (where kind = 'change'), 0) as changed,
        coalesce(sum({{ in_reporting_currency('delta', 'rates.rate') }}) filter (where kind = 'cancellation'), 0)
            as canceled
    from {{ ref('int_scheduled_changes') }} as changes
    inner join rates on changes.currency = rates.currency
    group by 1
),

scheduled as (
    select coalesce(sum(changed), 0) as changed, coalesce(sum(canceled), 0) as canceled
    from changes
),
{%- endmacro %}

{#- The CTE `trials`: what today's trials would bear, by the month in which they end, at the CTE `rates`. -#}
{% macro trials_ahead() -%}
trials as (
    select
        {{ month_of(reporting_date('greatest(states.trial_end_at, ' ~ build_now() ~ ')')) }} as month,
        sum({{ in_reporting_currency('items.mrr', 'rates.rate') }}) as mrr
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_subscription_states') }} as states on segments.state_id = states.state_id
    inner join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id
    inner join rates on items.currency = rates.currency
    left join {{ ref('int_customers') }} as customers on states.customer_id = customers.customer_id
    where
        segments.is_current and segments.status = 'trialing'
        and coalesce(customers.deleted_at > {{ build_now() }}, true)
        and not coalesce(states.is_cancel_at_period_end, false) and states.cancel_at is null
    group by 1
),
{%- endmacro %}
