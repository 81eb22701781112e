{#- The months' totals in the reporting currency: as booked, or with one rate per currency for the whole report. -#}
{% macro mrr_months(is_constant) -%}
{%- set types = ['new', 'expansion', 'contraction', 'churn', 'reactivation', 'fx'] -%}
{%- set view = 'constant' if is_constant else 'booked' -%}
{%- set base = switch('churn_base') -%}
with totals as (
    select
        month,
        {% for type in types %} coalesce({{ view }}_{{ type }}, 0) as "{{ type }}", {% endfor %}
        sum(coalesce({{ view }}_net, 0)) over by_month as closing_mrr,
        sum(coalesce({{ view }}_net, 0)) over by_month - coalesce({{ view }}_net, 0) as opening_mrr,
        coalesce({{ view }}_kept_expansion, 0) as kept_expansion,
        coalesce({{ view }}_kept_loss, 0) as kept_loss,
        coalesce({{ view }}_shrinkage, 0) as shrinkage,
        paying_customers,
        coalesce(sum(subscription_delta) over by_month, 0) as active_subscriptions,
        {% if base == 'rolling_30_days' %}
        coalesce(left_in_30_days, 0) as customers_lost, paying_30_days_ago as customers_before,
        {% else %}
        coalesce({{ view }}_churned_customers, 0) as customers_lost,
        paying_at_start
        {%- if base == 'start_plus_new' %} + coalesce(new_customers, 0) {%- endif %} as customers_before,
        {% endif %}
        month < {{ month_of(reporting_today()) }} as is_over
    from {{ ref('int_month_totals') }}
    window by_month as (order by month)
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
    is_over and flawed.month is null as is_complete,
    cast({{ ratio('closing_mrr', 'active_subscriptions') }} as {{ mrr_type() }}) as arpu_per_subscription
from averaged
left join {{ ref('int_flawed_months') }} as flawed on averaged.month = flawed.month
order by averaged.month
{%- endmacro %}
