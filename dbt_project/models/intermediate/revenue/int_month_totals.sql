-- noqa: disable=AM06,LT05,RF02
-- One row a month: what moved in it, how many customers paid, came and left, and how the number of active subscriptions
-- changed. Both tables of months are made of it, so that the ledger is gone through once.
with flows as (
    {{ month_flows() }}
),

paying as (
    select
        movement_date,
        sum(delta) as delta
    from (
        select distinct
            customer_number,
            movement_date,
            cast(is_paying as integer) - cast(was_paying as integer) as delta
        from {{ ref('int_ledger_days') }}
    ) as days
    group by movement_date
),

subscriptions as (
    select
        {{ month_of('effective_date') }} as month,
        sum(cast(mrr > 0 as integer) - cast(mrr - delta > 0 as integer)) as delta
    from {{ ref('int_subscription_changes') }}
    group by 1
),

calendar as (
    select
        cast(listed.month as date) as month,
        least(cast(listed.month + interval 1 month as date) - 1, {{ reporting_today() }}) as last_day
    from (select min(month) as first_month from flows) as bounds
    cross join unnest(generate_series(
        cast(bounds.first_month as timestamp),
        cast({{ month_of(reporting_today()) }} as timestamp),
        interval 1 month
    )) as listed (month)
),

counted as (
    select
        calendar.month,
        coalesce(sum(paying.delta) filter (where paying.movement_date < calendar.month), 0) as paying_at_start,
        coalesce(sum(paying.delta) filter (where paying.movement_date <= calendar.last_day), 0) as paying_customers,
        coalesce(sum(paying.delta) filter (where paying.movement_date <= calendar.last_day - 30), 0) as paying_30_days_ago
    from calendar
    left join paying on true
    group by calendar.month
),

departures as (
    select
        calendar.month,
        count(distinct days.customer_number) filter (
            where days.movement_type = 'churn' and days.movement_date > calendar.last_day - 30
        ) as left_in_30_days,
        count(distinct days.customer_number) filter (
            where days.movement_type = 'new' and {{ month_of('days.movement_date') }} = calendar.month
        ) as new_customers
    from calendar
    inner join {{ ref('int_ledger_days') }} as days
        on days.movement_date > calendar.last_day - 31 and days.movement_date <= calendar.last_day
    where days.movement_type in ('churn', 'new')
    group by 1
)

select
    calendar.month,
    flows.* exclude (month),
    counted.* exclude (month),
    departures.* exclude (month),
    subscriptions.delta as subscription_delta
from calendar
left join flows on calendar.month = flows.month
left join counted on calendar.month = counted.month
left join departures on calendar.month = departures.month
left join subscriptions on calendar.month = subscriptions.month
