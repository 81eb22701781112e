-- noqa: disable=AM06,LT02,LT05,RF02
-- One row a month: what moved, as booked and at today's rates; how many customers paid, came and left; and how the
-- number of active subscriptions changed. Both tables of months are made of it, so the ledger is gone through once.
{% set types = ['new', 'expansion', 'contraction', 'churn', 'reactivation', 'fx'] %}
{% set views = ['booked', 'constant'] %}
with ledger as (
    select
        days.customer_number,
        days.movement_date,
        {{ month_of('days.movement_date') }} as month,
        days.movement_type,
        days.reporting_amount as booked,
        {{ reporting_change('days', 'rates.rate') }} as constant
    from {{ ref('int_ledger_days') }} as days
    inner join {{ ref('int_exchange_rates') }} as rates
        on
            days.currency = rates.currency
            and {{ reporting_today() }} >= rates.valid_from and {{ reporting_today() }} < rates.valid_to
    union all
    select
        customer_number,
        movement_date,
        {{ month_of('movement_date') }} as month,
        'fx' as movement_type,
        revaluation as booked,
        0 as constant
    from {{ ref('int_revaluations') }}
),

customer_totals as (
    select
        customer_number,
        month,
        {% for view in views %}
            {% for type in types %}
                coalesce(sum({{ view }}) filter (where movement_type = '{{ type }}'), 0) as {{ view }}_{{ type }},
            {% endfor %}
            sum({{ view }}) as {{ view }}_net,
            sum(sum({{ view }})) over by_month - sum({{ view }}) as {{ view }}_opening
            {{- ',' if not loop.last }}
        {% endfor %}
    from ledger
    group by customer_number, month
    window by_month as (partition by customer_number order by month)
),

flows as (
    select
        month,
        {% for view in views %}
            {% for type in types %} sum({{ view }}_{{ type }}) as {{ view }}_{{ type }}, {% endfor %}
            sum({{ view }}_net) as {{ view }}_net,
            sum({{ view }}_expansion) filter (where {{ view }}_opening > 0) as {{ view }}_kept_expansion,
            sum({{ view }}_contraction + {{ view }}_churn) filter (where {{ view }}_opening > 0) as {{ view }}_kept_loss,
            sum(
                greatest({{ view }}_opening - greatest({{ view }}_opening + {{ view }}_net - {{ view }}_fx, 0), 0)
            ) filter (where {{ view }}_opening > 0) as {{ view }}_shrinkage,
            count(*) filter (where {{ view }}_churn != 0) as {{ view }}_churned_customers
            {{- ',' if not loop.last }}
        {% endfor %}
    from customer_totals
    group by month
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
        count(distinct ledger.customer_number) filter (
            where ledger.movement_type = 'churn' and ledger.movement_date > calendar.last_day - 30
        ) as left_in_30_days,
        count(distinct ledger.customer_number) filter (
            where ledger.movement_type = 'new' and ledger.month = calendar.month
        ) as new_customers
    from calendar
    inner join ledger
        on ledger.movement_date > calendar.last_day - 31 and ledger.movement_date <= calendar.last_day
    where ledger.movement_type in ('churn', 'new')
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
