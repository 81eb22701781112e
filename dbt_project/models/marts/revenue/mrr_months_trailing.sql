-- noqa: disable=AL04,AM06,LT02,LT05,LT09,RF02,ST05
-- One row a month and length of a window that ends with it: growth, churn and retention since the window began, at
-- today's rates, so that only behaviour shows. Null until the window is filled.
{% set types = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}
with {{ customer_totals(['constant']) }},

changes as (
    select
        customer_number,
        {{ month_number('month') }} as n,
        constant_opening as opening,
        constant_opening + constant_net as closing,
        constant_expansion + constant_contraction + constant_churn as kept_change,
        constant_contraction + constant_churn != 0 as is_loss,
        constant_new != 0 as is_new,
        constant_churn != 0 as is_churn
    from customer_totals
),

months as (
    select months.*, {{ month_number('months.month') }} as n, totals.paying_at_start, totals.new_customers
    from {{ ref('mrr_months_constant') }} as months
    inner join {{ ref('int_month_totals') }} as totals on months.month = totals.month
),

-- Each month of each window.
windows as (
    select
        months.month, lengths.window_months, months.n - lengths.window_months + 1 as since, months.n as until, parts.n
    from months
    cross join unnest([3, 12]) as lengths (window_months)
    cross join unnest(generate_series(months.n - lengths.window_months + 1, months.n)) as parts (n)
    where months.n - lengths.window_months + 1 >= (select min(n) from months)
),

flows as (
    select
        windows.month, windows.window_months,
        {% for type in types %} sum(months."{{ type }}") as "{{ type }}", {% endfor %}
        min_by(months.opening_mrr, months.n) as opening_mrr,
        max_by(months.closing_mrr, months.n) as closing_mrr,
        min_by(months.paying_at_start, months.n)
        {%- if switch('churn_base') == 'start_plus_new' %} + sum(coalesce(months.new_customers, 0)) {%- endif %}
            as customers_before,
        bool_and(months.is_complete) as is_complete
    from windows inner join months on windows.n = months.n
    group by 1, 2
),

{{ window_departures() }}

{{ window_retention() }}

select
    months.month,
    cast(lengths.window_months as bigint) as window_months,
    {% for name in ['opening_mrr'] + types + ['closing_mrr'] %}
    cast(flows."{{ name }}" as {{ mrr_type() }}) as "{{ name }}",
    {% endfor %}
    cast({{ ratio('flows.closing_mrr - flows.opening_mrr', 'flows.opening_mrr') }} as {{ ratio_type() }}) as growth_rate,
    cast({{ ratio('coalesce(departures.customers_lost, 0)', 'flows.customers_before') }} as {{ ratio_type() }})
        as logo_churn_rate,
    cast({{ ratio('-(flows.contraction + flows.churn)', 'flows.opening_mrr') }} as {{ ratio_type() }})
        as gross_revenue_churn,
    cast({{ ratio('flows.opening_mrr + coalesce(retention.kept_change, 0)', 'flows.opening_mrr') }} as {{ ratio_type() }})
        as net_revenue_retention,
    cast({{ ratio('flows.opening_mrr - coalesce(retention.shrinkage, 0)', 'flows.opening_mrr') }} as {{ ratio_type() }})
        as gross_revenue_retention,
    cast({{ ratio('flows."new" + flows.expansion + flows.reactivation', '-(flows.contraction + flows.churn)') }}
        as {{ ratio_type() }}) as quick_ratio,
    coalesce(flows.is_complete, false) as is_complete
from months
cross join unnest([3, 12]) as lengths (window_months)
left join flows on months.month = flows.month and lengths.window_months = flows.window_months
left join departures on months.month = departures.month and lengths.window_months = departures.window_months
left join retention on months.month = retention.month and lengths.window_months = retention.window_months
