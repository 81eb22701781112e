{#-
CTEs to `customer_totals`: one row for each customer and month with a movement or a revaluation: what moved by type and the
balance before it, in each of the views asked for, as booked and at today's rates.
-#}
{% macro customer_totals(views) -%}
{%- set reporting = var('reporting_currency') | lower -%}
{%- set types = ['new', 'expansion', 'contraction', 'churn', 'reactivation', 'fx'] -%}
customer_months as (select * from {{ ref('int_customer_months') }}),

abroad as (
    select distinct customer_number from customer_months
    where currency != '{{ reporting }}'
),

ledger as (
    select
        days.customer_number,
        {{ month_of('days.movement_date') }} as month,
        days.movement_type,
        days.reporting_amount as booked,
        {{ reporting_change('days', 'rates.rate') }} as constant
    from {{ ref('int_ledger_days') }} as days
    inner join abroad on days.customer_number = abroad.customer_number
    inner join {{ ref('int_exchange_rates') }} as rates
        on
            days.currency = rates.currency
            and {{ reporting_today() }} >= rates.valid_from and {{ reporting_today() }} < rates.valid_to
    union all
    select
        customer_number,
        {{ month_of('movement_date') }} as month,
        'fx' as movement_type,
        revaluation as booked,
        0 as constant
    from {{ ref('int_revaluations') }}
),

-- Who only ever paid in the reporting currency has the same months in both views, and they are summed already.
customer_totals as (
    select
        customer_number,
        month,
        {% for view in views %}
            {% for type in types[:-1] %} "{{ type }}" as {{ view }}_{{ type }}, {% endfor %}
            0 as {{ view }}_fx,
            net as {{ view }}_net,
            opening_mrr as {{ view }}_opening
            {{- ',' if not loop.last }}
        {% endfor %}
    from customer_months
    where customer_number not in (select abroad.customer_number from abroad)
    union all
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
)
{%- endmacro %}

{#-
One row a month with a movement: what moved in the reporting currency, as booked and at today's rates, and how much of it
was of customers who were there before.
-#}
{% macro month_flows() -%}
{%- set types = ['new', 'expansion', 'contraction', 'churn', 'reactivation', 'fx'] -%}
{%- set views = ['booked', 'constant'] -%}
with {{ customer_totals(views) }}

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
{%- endmacro %}
