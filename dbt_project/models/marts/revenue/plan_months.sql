-- noqa: disable=AM06
-- Subscriptions, customers and MRR of each plan, billing interval and currency at the end of each month.
with held as (
    select
        segment_id,
        plan,
        billing_interval,
        currency,
        sum(mrr) as mrr
    from {{ ref('int_item_mrr') }}
    where mrr != 0 and is_live
    group by segment_id, plan, billing_interval, currency
),

-- A subscription is in one stretch at each month's end; what begins and ends within a month is in none.
spans as (
    select
        segments.ledger_customer_id as customer_id,
        held.plan,
        held.billing_interval,
        held.currency,
        held.mrr,
        cast(held.mrr > 0 as integer) as subscriptions,
        {{ month_of(reporting_date('segments.starts_at')) }} as starts_in,
        {{ month_of(reporting_date('case when not segments.is_current then segments.ends_at end')) }} as ends_in
    from held
    inner join {{ ref('int_subscription_segments') }} as segments on held.segment_id = segments.segment_id
    where not segments.is_future
),

deltas as (
    {% for month, sign in [('starts_in', ''), ('ends_in', '-')] %}
        select
            customer_id,
            plan,
            billing_interval,
            currency,
            {{ month }} as month,
            {{ sign }}mrr as delta,
            {{ sign }}subscriptions as subscription_delta
        from spans
        where {{ month }} is not null and starts_in is distinct from ends_in
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

customer_months as (
    select
        customer_id,
        plan,
        billing_interval,
        currency,
        month,
        sum(delta) as delta,
        sum(subscription_delta) as subscription_delta,
        sum(sum(delta)) over (partition by customer_id, plan, billing_interval, currency order by month) as mrr
    from deltas
    group by 1, 2, 3, 4, 5
),

plan_changes as (
    select
        plan,
        billing_interval,
        currency,
        month,
        sum(delta) as delta,
        sum(subscription_delta) as subscription_delta,
        sum(cast(mrr > 0 as integer) - cast(mrr - delta > 0 as integer)) as customer_delta
    from customer_months
    group by 1, 2, 3, 4
),

balances as (
    select
        plan,
        billing_interval,
        currency,
        month,
        sum(subscription_delta) over facts as subscriptions,
        sum(customer_delta) over facts as customers,
        sum(delta) over facts as mrr,
        coalesce(
            lead(month) over facts, cast({{ month_of(reporting_today()) }} + interval 1 month as date)
        ) as next_month
    from plan_changes
    window facts as (partition by plan, billing_interval, currency order by month)
)

select
    plan,
    billing_interval,
    currency,
    cast(listed.open_month as date) as month,
    cast(subscriptions as bigint) as subscriptions,
    cast(customers as bigint) as customers,
    cast(mrr as {{ mrr_type() }}) as mrr
from balances
cross join
    unnest(generate_series(
        cast(month as timestamp), cast(next_month as timestamp) - interval 1 month, interval 1 month
    )) as listed (open_month)
where subscriptions > 0 or mrr != 0
