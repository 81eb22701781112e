-- noqa: disable=LT02,LT05,LT14,ST05
-- The bridge once more, down to the line: what of each item lies on which line of which invoice, to the minor unit.
-- Without a line: balances of MRR, shipping, and what an invoice's lines do not add up to. Where the lines of an invoice
-- come to nothing they cover each other.
{{ config(materialized='view') }}
with {{ bridge_entries(down_to_lines=true) }}

select
    month,
    customer_id,
    any_value(tenant_id) as tenant_id,
    currency,
    {{ bridge_place() }},
    cast(sum(amount) as {{ mrr_type() }}) as amount,
    invoice_id,
    line_id as invoice_line_id
from entries
group by month, customer_id, currency, item, invoice_id, line_id
having sum(amount) != 0
