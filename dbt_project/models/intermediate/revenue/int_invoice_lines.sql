{{ config(materialized='view') }}
-- One row a line of a finalised invoice with what its invoice says.
select
    lines.line_id,
    lines.invoice_key,
    lines.kind = 'proration' and lines.amount < 0 as is_credit,
    lines.kind,
    lines.amount,
    lines.inclusive_tax,
    lines.exclusive_tax,
    lines.discount,
    lines.uncounted_discount,
    invoices.invoice_id,
    invoices.subscription_id,
    invoices.ledger_customer_id as customer_id,
    invoices.tenant_id,
    invoices.currency,
    invoices.month,
    invoices.invoiced_at
from {{ ref('int_line_amounts') }} as lines
inner join {{ ref('int_invoices') }} as invoices on lines.invoice_key = {{ row_key('invoices') }}
