-- From MRR at a month's end to what was invoiced in the month to what was collected in it, item by item, each customer
-- in its own currency. A view: it only lays out what the ledger and the invoices hold.
-- 'unexplained' is what an invoice's lines do not add up to, 'unexplained_payment' what its payments do not; where one
-- is not zero its invoice is listed, as in data_quality.
{{ config(materialized='view') }}
with balances as (
    select terms.customer_id, terms.tenant_id, terms.currency, cast(listed.month as date) as month, mrr, monthly_mrr
    from {{ ref('int_term_months') }} as terms
    cross join unnest(generate_series(
        cast(terms.month as timestamp), cast(terms.next_month as timestamp) - interval 1 month, interval 1 month
    )) as listed (month)
    where terms.mrr != 0
),

lines as (select * from {{ ref('int_invoice_lines') }}),

lines_by_invoice as (
    select invoice_key, sum(amount + exclusive_tax - discount) as lines_total from lines group by invoice_key
),

invoices as (
    select
        *,
        {{ month_of(reporting_date('paid_at')) }} as paid_in,
        total - amount_paid - amount_remaining - credit_notes - balance_applied as unexplained
    from {{ ref('int_invoices') }}
    left join lines_by_invoice using (invoice_key)
),

entries as (
    select customer_id, tenant_id, currency, month, 'mrr' as item, mrr as amount, null as invoice_id, null as line_id
    from balances
    union all
    select customer_id, tenant_id, currency, month, 'unbilled', -monthly_mrr, null, null from balances
    union all
    select customer_id, tenant_id, currency, month, 'term_spread', monthly_mrr - mrr, null, null from balances
    union all
    select customer_id, tenant_id, currency, month,
        case kind when 'monthly' then 'unbilled' when 'longer' then 'term_spread' else kind end,
        amount - inclusive_tax - discount + uncounted_discount, invoice_id, line_id
    from lines
    union all
    select customer_id, tenant_id, currency, month, 'once_coupons', -uncounted_discount, invoice_id, line_id
    from lines where uncounted_discount != 0
    union all
    select customer_id, tenant_id, currency, month, 'tax', inclusive_tax + exclusive_tax, invoice_id, line_id
    from lines where inclusive_tax + exclusive_tax != 0
    union all
    select ledger_customer_id, tenant_id, currency, month, 'one_off', shipping, invoice_id, null
    from invoices where shipping != 0
    union all
    select ledger_customer_id, tenant_id, currency, month, 'unexplained', coalesce(total - shipping - lines_total, total), invoice_id, null
    from invoices where coalesce(total - shipping - lines_total, total) != 0
    union all
    select ledger_customer_id, tenant_id, currency, month, 'invoiced', total, invoice_id, null from invoices
    union all
    select ledger_customer_id, tenant_id, currency, month, 'credit_notes', -credit_notes, invoice_id, null
    from invoices where credit_notes != 0
    union all
    select ledger_customer_id, tenant_id, currency, month, 'credit_balance', -balance_applied, invoice_id, null
    from invoices where balance_applied != 0
    union all
    select ledger_customer_id, tenant_id, currency, month, 'uncollected', -amount_remaining, invoice_id, null
    from invoices where amount_remaining != 0
    union all
    select ledger_customer_id, tenant_id, currency, month, 'uncollected', -amount_paid, invoice_id, null
    from invoices where amount_paid != 0 and paid_in is distinct from month
    union all
    select ledger_customer_id, tenant_id, currency, paid_in, 'uncollected', amount_paid, invoice_id, null
    from invoices where amount_paid != 0 and paid_in != month
    union all
    select ledger_customer_id, tenant_id, currency, month, 'unexplained_payment', -unexplained, invoice_id, null
    from invoices where unexplained != 0
    union all
    select ledger_customer_id, tenant_id, currency, paid_in, 'collected', amount_paid, invoice_id, null
    from invoices where amount_paid != 0 and paid_in is not null
    union all
    select customer_id, tenant_id, currency, month, unnest(['refunds', 'collected']), amount, invoice_id, null
    from {{ ref('int_payments') }} where kind in ('refund', 'dispute')
)

select
    month,
    customer_id,
    any_value(tenant_id) as tenant_id,
    currency,
    cast(list_position({{ bridge_items() }}, item) as bigint) as position,
    case
        when item = 'mrr' then 'mrr'
        when list_position({{ bridge_items() }}, item) <= list_position({{ bridge_items() }}, 'invoiced') then 'invoiced'
        else 'collected'
    end as stage,
    item,
    cast(sum(amount) as {{ mrr_type() }}) as amount,
    list_sort(list_distinct(coalesce(array_agg(invoice_id) filter (where invoice_id is not null), []))) as invoice_ids,
    list_sort(coalesce(array_agg(line_id) filter (where line_id is not null), [])) as invoice_line_ids
from entries
group by month, customer_id, currency, item
having sum(amount) != 0
