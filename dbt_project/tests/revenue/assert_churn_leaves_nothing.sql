-- After churn a customer's balance is exactly zero in every currency.
{{ config(tags=['revenue']) }}
select
    customer_id,
    movement_date
from {{ ref('mrr_movements') }}
where movement_type = 'churn' and mrr_after != 0
