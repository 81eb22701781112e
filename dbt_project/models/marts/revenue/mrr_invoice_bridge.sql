-- noqa: disable=LT02,LT05,LT14,ST05
-- From MRR at a month's end to what was invoiced in the month to what was collected in it, item by item, each customer
-- in its own currency. A view: it only lays out what the ledger and the invoices hold.
-- 'unexplained' is what an invoice's lines do not add up to, 'unexplained_payment' what its payments do not; where one
-- is not zero its invoice is listed, here and in data_quality.
{{ config(materialized='view') }}
with {{ bridge_entries() }}

select
    month,
    customer_id,
    any_value(tenant_id) as tenant_id,
    currency,
    {{ bridge_place() }},
    cast(sum(amount) as {{ mrr_type() }}) as amount,
    list_sort(list_distinct(coalesce(array_agg(invoice_id) filter (where invoice_id is not null), []))) as invoice_ids,
    list_sort(list_distinct(coalesce(array_agg(line_id) filter (where line_id is not null), []))) as invoice_line_ids
from entries
group by month, customer_id, currency, item
having sum(amount) != 0
