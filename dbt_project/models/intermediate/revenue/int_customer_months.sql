-- One row for each customer, currency and month with a movement: what moved by type, and the balance around it, which
-- holds until `next_month`.
select
    customer_number,
    any_value(customer_id) as customer_id,
    any_value(tenant_id) as tenant_id,
    currency,
    {{ month_of('movement_date') }} as month,
    {% for type in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}
        coalesce(sum(amount) filter (where movement_type = '{{ type }}'), 0) as {{ type }},
    {% endfor %}
    sum(amount) as net,
    sum(reporting_amount) as reporting_net,
    max(movement_date) as last_movement_date,
    max(known_at) as known_at,
    min_by(mrr_before, movement_date) as opening_mrr,
    max_by(mrr_after, movement_date) as closing_mrr,
    {{ month_of('max(coalesce(next_date, ' ~ reporting_today() ~ ' + interval 1 month))') }} as next_month
from {{ ref('int_ledger_days') }}
group by customer_number, currency, {{ month_of('movement_date') }}
