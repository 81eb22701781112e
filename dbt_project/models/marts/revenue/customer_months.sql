{{ config(meta={'packing': 'light'}) }}
-- Every month in which a customer had a balance or a movement, in the customer's own currency; there an exchange rate
-- moves nothing, so `fx` is 0 here and stands in mrr_movements and mrr_months.
with changes as (select * from {{ ref('int_customer_months') }}),

-- The month of a change, and those after it that the balance lasted.
dated as (
    select
        *,
        month as open_month,
        true as is_change_month
    from changes
    union all
    select
        *,
        cast(unnest(generate_series(
            cast(month as timestamp) + interval 1 month,
            cast(next_month as timestamp) - interval 1 month,
            interval 1 month
        )) as date) as open_month,
        false as is_change_month
    from changes
    where closing_mrr != 0
)

select
    customer_id,
    tenant_id,
    open_month as month,
    currency,
    cast(case when is_change_month then opening_mrr else closing_mrr end as {{ mrr_type() }}) as opening_mrr,
    {% for type in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}
        cast(case when is_change_month then "{{ type }}" else 0 end as {{ mrr_type() }}) as "{{ type }}",
    {% endfor %}
    cast(0 as {{ mrr_type() }}) as fx,
    cast(closing_mrr as {{ mrr_type() }}) as closing_mrr,
    closing_mrr > 0 as is_paying
from dated
