{#- The months' totals in the reporting currency: as booked, or with one rate per currency for the whole report. -#}
{% macro mrr_months(is_constant) -%}
{%- set types = ['new', 'expansion', 'contraction', 'churn', 'reactivation', 'fx'] -%}
{%- set base = switch('churn_base') -%}
with rates as (select * from {{ ref('int_exchange_rates') }}),

ledger as (
    select
        ledger.customer_id,
        ledger.movement_date,
        {{ month_of('ledger.movement_date') }} as month,
        ledger.movement_type,
        {% if is_constant %} {{ reporting_change('ledger', 'rates.rate') }}
        {% else %} ledger.reporting_amount {% endif %} as amount
    from {{ ref('mrr_movements') }} as ledger
    inner join rates
        on
            ledger.currency = rates.currency
            and {{ reporting_today() }} >= rates.valid_from and {{ reporting_today() }} < rates.valid_to
    {% if is_constant %} where ledger.movement_type != 'fx' {% endif %}
),

customer_totals as (
    select
        customer_id,
        month,
        {% for type in types %}
        coalesce(sum(amount) filter (where movement_type = '{{ type }}'), 0) as "{{ type }}",
        {% endfor %}
        sum(amount) as net,
        sum(sum(amount)) over (partition by customer_id order by month) - sum(amount) as opening
    from ledger
    group by 1, 2
),

flows as (
    select
        month,
        {% for type in types %} sum("{{ type }}") as "{{ type }}", {% endfor %}
        sum(net) as net,
        sum(expansion) filter (where opening > 0) as kept_expansion,
        sum(contraction + churn) filter (where opening > 0) as kept_loss,
        sum(greatest(opening - greatest(opening + net - fx, 0), 0)) filter (where opening > 0) as shrinkage,
        count(*) filter (where churn != 0) as churned_customers
    from customer_totals
    group by 1
),

paying as (
    select distinct
        customer_id, movement_date, cast(is_paying as integer) - cast(was_paying as integer) as delta
    from {{ ref('int_ledger_days') }}
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
    from (select min(month) as first_month from ledger) as bounds
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
    left join (select movement_date, sum(delta) as delta from paying group by 1) as paying on true
    group by calendar.month
),

departures as (
    select
        calendar.month,
        count(distinct ledger.customer_id) filter (
            where ledger.movement_type = 'churn' and ledger.movement_date > calendar.last_day - 30
        ) as left_in_30_days,
        count(distinct ledger.customer_id) filter (
            where ledger.movement_type = 'new' and ledger.month = calendar.month
        ) as new_customers
    from calendar
    inner join ledger
        on ledger.movement_date > calendar.last_day - 31 and ledger.movement_date <= calendar.last_day
    where ledger.movement_type in ('churn', 'new')
    group by 1
),

totals as (
    select
        calendar.month,
        {% for type in types %} coalesce(flows."{{ type }}", 0) as "{{ type }}", {% endfor %}
        sum(coalesce(flows.net, 0)) over by_month as closing_mrr,
        sum(coalesce(flows.net, 0)) over by_month - coalesce(flows.net, 0) as opening_mrr,
        coalesce(flows.kept_expansion, 0) as kept_expansion,
        coalesce(flows.kept_loss, 0) as kept_loss,
        coalesce(flows.shrinkage, 0) as shrinkage,
        counted.paying_customers,
        coalesce(sum(subscriptions.delta) over by_month, 0) as active_subscriptions,
        {% if base == 'rolling_30_days' %}
        coalesce(departures.left_in_30_days, 0) as customers_lost, counted.paying_30_days_ago as customers_before,
        {% else %}
        coalesce(flows.churned_customers, 0) as customers_lost,
        counted.paying_at_start
        {%- if base == 'start_plus_new' %} + coalesce(departures.new_customers, 0) {%- endif %} as customers_before,
        {% endif %}
        calendar.month < {{ month_of(reporting_today()) }} as is_over
    from calendar
    left join flows on calendar.month = flows.month
    left join counted on calendar.month = counted.month
    left join departures on calendar.month = departures.month
    left join subscriptions on calendar.month = subscriptions.month
    window by_month as (order by calendar.month)
),

rated as (
    select
        *,
        {{ ratio('closing_mrr', 'paying_customers') }} as arpu,
        {{ ratio('customers_lost', 'customers_before') }} as logo_churn_rate
    from totals
),

averaged as (
    select
        *,
        sum(logo_churn_rate) over earlier as churn_sum,
        count(logo_churn_rate) over earlier as churn_count
    from rated
    window earlier as (order by month rows between 6 preceding and 1 preceding)
)

select
    averaged.month,
    cast(opening_mrr as {{ mrr_type() }}) as opening_mrr,
    {% for type in types %} cast("{{ type }}" as {{ mrr_type() }}) as "{{ type }}", {% endfor %}
    cast(closing_mrr as {{ mrr_type() }}) as closing_mrr,
    cast(12 * closing_mrr as {{ mrr_type() }}) as arr,
    cast(paying_customers as bigint) as paying_customers,
    cast(active_subscriptions as bigint) as active_subscriptions,
    cast(arpu as {{ mrr_type() }}) as arpu,
    cast({{ ratio('closing_mrr - opening_mrr', 'opening_mrr') }} as {{ ratio_type() }}) as growth_rate,
    cast(logo_churn_rate as {{ ratio_type() }}) as logo_churn_rate,
    cast({{ ratio('-(contraction + churn)', 'opening_mrr') }} as {{ ratio_type() }}) as gross_revenue_churn,
    cast({{ ratio('opening_mrr + kept_expansion + kept_loss', 'opening_mrr') }} as {{ ratio_type() }})
        as net_revenue_retention,
    cast({{ ratio('opening_mrr - shrinkage', 'opening_mrr') }} as {{ ratio_type() }}) as gross_revenue_retention,
    cast({{ ratio('"new" + expansion + reactivation', '-(contraction + churn)') }} as {{ ratio_type() }}) as quick_ratio,
    cast({{ ratio('closing_mrr * churn_count', 'paying_customers * churn_sum') }} as {{ mrr_type() }}) as ltv,
    is_over and flawed.month is null as is_complete
from averaged
left join {{ ref('int_flawed_months') }} as flawed on averaged.month = flawed.month
order by averaged.month
{%- endmacro %}
