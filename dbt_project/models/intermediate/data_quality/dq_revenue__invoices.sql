{{ config(materialized='view', tags=['revenue']) }}
-- Invoices whose lines or payments do not add up: the bridge shows the difference as unexplained.
with lines as (
    select
        invoice_key,
        sum(amount + exclusive_tax - discount) as total
    from {{ ref('int_line_amounts') }}
    group by 1
),

judged as (
    select
        invoices.*,
        invoices.total - invoices.shipping - coalesce(lines.total, 0) as unexplained,
        invoices.total - invoices.amount_paid - invoices.amount_remaining - invoices.credit_notes
        - invoices.balance_applied as unexplained_payment
    from {{ ref('int_invoices') }} as invoices
    left join lines on invoices.invoice_key = lines.invoice_key
)

select
    case
        when digits is null then 'unknown_currency'
        when not has_all_lines then 'lines_cut_off'
        when unexplained != 0 then 'unbalanced_invoice'
        else 'unbalanced_payment'
    end as check_name,
    invoice_id as object_id,
    'differs by ' || coalesce(nullif(unexplained, 0), unexplained_payment, 0) || ' ' || currency as detail,
    invoiced_at as first_seen_at,
    cast(null as date) as flawed_from,
    cast(null as date) as flawed_until
from judged
where digits is null or unexplained != 0 or unexplained_payment != 0
