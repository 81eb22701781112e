-- Subscriptions, customers and MRR of each plan, billing interval and currency at the end of each month.
with items as (
    select
        segments.ledger_customer_id as customer_id,
        items.subscription_id,
        items.plan,
        items.billing_interval,
        items.currency,
        {{ reporting_date('segments.starts_at') }} as starts_on,
        {{ reporting_date('case when not segments.is_current then segments.ends_at end') }} as ends_on,
        sum(items.mrr) as mrr
    from {{ ref('int_item_mrr') }} as items
    inner join {{ ref('int_subscription_segments') }} as segments on items.segment_id = segments.segment_id
    where items.mrr > 0 and items.is_live and not segments.is_future
    group by all
),

deltas as (
    select
        customer_id,
        subscription_id,
        plan,
        billing_interval,
        currency,
        {{ month_of('starts_on') }} as month,
        mrr as delta
    from items
    union all
    select
        customer_id,
        subscription_id,
        plan,
        billing_interval,
        currency,
        {{ month_of('ends_on') }} as month,
        -mrr as delta
    from items
    where ends_on is not null
),

subscription_months as (
    select
        customer_id,
        subscription_id,
        plan,
        billing_interval,
        currency,
        month,
        sum(delta) as delta,
        sum(sum(delta)) over (
            partition by subscription_id, plan, billing_interval, currency order by month
        ) as mrr
    from deltas
    group by 1, 2, 3, 4, 5, 6
),

customer_months as (
    select
        customer_id,
        plan,
        billing_interval,
        currency,
        month,
        sum(delta) as delta,
        sum(cast(mrr > 0 as integer) - cast(mrr - delta > 0 as integer)) as subscription_delta,
        sum(sum(delta)) over (partition by customer_id, plan, billing_interval, currency order by month) as mrr
    from subscription_months
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
where subscriptions > 0
