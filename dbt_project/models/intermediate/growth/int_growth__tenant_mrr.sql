-- One row a tenant: its present MRR in the reporting currency.
with customer_days as (select * from {{ ref('customer_days') }})

select
    tenant_id,
    sum(reporting_mrr) as mrr
from customer_days
where valid_to is null and tenant_id is not null
group by tenant_id
