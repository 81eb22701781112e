-- What customers pay in a month and currency is what plans earn in it.
{{ config(tags=['revenue']) }}
select
    coalesce(customers.month, plans.month) as month,
    coalesce(customers.currency, plans.currency) as currency
from (
    select
        month,
        currency,
        sum(closing_mrr) as mrr
    from {{ ref('customer_months') }}
    group by month, currency
) as customers
full outer join (
    select
        month,
        currency,
        sum(mrr) as mrr
    from {{ ref('plan_months') }}
    group by month, currency
) as plans on customers.month = plans.month and customers.currency = plans.currency
where coalesce(customers.mrr, 0) != coalesce(plans.mrr, 0)
