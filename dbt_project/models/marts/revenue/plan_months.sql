-- noqa: disable=AM06
-- Subscriptions, customers and MRR of each plan, billing interval and currency at the end of each month.
-- Numbers stand for plans and customers, so that what is sorted is small.
with items as (
    select
        segment_id,
        plan,
        billing_interval,
        currency,
        mrr
    from {{ ref('int_item_mrr') }}
    where mrr != 0 and is_live
),

plans as (
    select
        plan,
        billing_interval,
        currency,
        row_number() over (order by plan, billing_interval, currency) as plan_number
    from items
    group by plan, billing_interval, currency
),

held as (
    select
        items.segment_id,
        plans.plan_number,
        sum(items.mrr) as mrr
    from items
    inner join plans
        on
            items.plan is not distinct from plans.plan
            and items.billing_interval is not distinct from plans.billing_interval
            and items.currency is not distinct from plans.currency
    group by items.segment_id, plans.plan_number
),

-- A subscription is in one stretch at each month's end; what begins and ends within a month is in none.
spans as (
    select
        segments.customer_number,
        held.plan_number,
        held.mrr,
        cast(held.mrr > 0 as integer) as subscriptions,
        {{ month_of(reporting_date('segments.starts_at')) }} as starts_in,
        {{ month_of(reporting_date('case when not segments.is_current then segments.ends_at end')) }} as ends_in
    from held
    inner join {{ ref('int_subscription_segments') }} as segments on held.segment_id = segments.segment_id
    where not segments.is_future and segments.customer_number is not null
),

deltas as (
    {% for month, sign in [('starts_in', ''), ('ends_in', '-')] %}
        select
            customer_number,
            plan_number,
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
        plan_number,
        month,
        sum(delta) as delta,
        sum(subscription_delta) as subscription_delta,
        sum(sum(delta)) over (partition by customer_number, plan_number order by month) as mrr
    from deltas
    group by customer_number, plan_number, month
),

plan_changes as (
    select
        plan_number,
        month,
        sum(delta) as delta,
        sum(subscription_delta) as subscription_delta,
        sum(cast(mrr > 0 as integer) - cast(mrr - delta > 0 as integer)) as customer_delta
    from customer_months
    group by 1, 2
),

balances as (
    select
        plan_number,
        month,
        sum(subscription_delta) over facts as subscriptions,
        sum(customer_delta) over facts as customers,
        sum(delta) over facts as mrr,
        coalesce(
            lead(month) over facts, cast({{ month_of(reporting_today()) }} + interval 1 month as date)
        ) as next_month
    from plan_changes
    window facts as (partition by plan_number order by month)
)

select
    plans.plan,
    plans.billing_interval,
    plans.currency,
    cast(listed.open_month as date) as month,
    cast(balances.subscriptions as bigint) as subscriptions,
    cast(balances.customers as bigint) as customers,
    cast(balances.mrr as {{ mrr_type() }}) as mrr
from balances
inner join plans on balances.plan_number = plans.plan_number
cross join
    unnest(generate_series(
        cast(balances.month as timestamp), cast(balances.next_month as timestamp) - interval 1 month, interval 1 month
    )) as listed (open_month)
where balances.subscriptions > 0 or balances.mrr != 0
