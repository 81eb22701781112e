-- noqa: disable=LT02,LT05,LT14,ST05
-- From MRR at a month's end to what was invoiced in the month to what was collected in it, item by item, each customer
-- in its own currency. A view: it only lays out what the ledger and the invoices hold.
-- 'unexplained' is what an invoice's lines do not add up to, 'unexplained_payment' what its payments do not; where one
-- is not zero its invoice is listed, here and in data_quality.
{{ config(materialized='view') }}
{#- item, amount, month, condition: what each balance, line, invoice and refund adds to which item. -#}
{%- set of_balances = [('mrr', 'closing_mrr', 'month', 'true'), ('unbilled', '-closing_mrr', 'month', 'true')] -%}
{%- set of_terms = [
    ('unbilled', 'other_mrr', 'month', 'true'),
    ('term_spread', 'billed_mrr - other_mrr', 'month', 'true'),
    ('proration' if switch('proration') == 'as_billed' else 'usage', '-billed_mrr', 'month', 'billed_mrr != 0'),
] -%}
{%- set net = 'amount - inclusive_tax - discount + uncounted_discount' -%}
{%- set of_lines = [
    ('unbilled', net, 'month', "kind = 'monthly'"),
    ('term_spread', net, 'month', "kind = 'longer'"),
    ('proration', net, 'month', "kind = 'proration'"),
    ('one_off', net, 'month', "kind = 'one_off'"),
    ('usage', net, 'month', "kind = 'usage'"),
    ('once_coupons', '-uncounted_discount', 'month', 'uncounted_discount != 0'),
    ('tax', 'inclusive_tax + exclusive_tax', 'month', 'inclusive_tax + exclusive_tax != 0'),
] -%}
{%- set of_invoices = [
    ('one_off', 'shipping', 'month', 'shipping != 0'),
    ('unexplained', 'unexplained', 'month', 'unexplained != 0'),
    ('invoiced', 'total', 'month', 'true'),
    ('credit_notes', '-credit_notes', 'month', 'credit_notes != 0'),
    ('credit_balance', '-balance_applied', 'month', 'balance_applied != 0'),
    ('uncollected', '-amount_remaining', 'month', 'amount_remaining != 0'),
    ('uncollected', '-amount_paid', 'month', 'amount_paid != 0 and paid_in is distinct from month'),
    ('uncollected', 'amount_paid', 'paid_in', 'amount_paid != 0 and paid_in != month'),
    ('unexplained_payment', '-unexplained_payment', 'month', 'unexplained_payment != 0'),
    ('collected', 'amount_paid', 'paid_in', 'amount_paid != 0 and paid_in is not null'),
] -%}
{%- set of_refunds = [('refunds', 'amount', 'month', 'true'), ('collected', 'amount', 'month', 'true')] -%}
with balances as (
    select
        *,
        null as invoice_id,
        null as line_id
    from {{ ref('customer_months') }}
    where closing_mrr != 0
),

-- What of them is not billed every month.
terms as (
    select
        balances.*,
        others.other_mrr,
        others.billed_mrr
    from balances
    inner join {{ ref('int_term_months') }} as others
        on
            balances.customer_id = others.customer_id and balances.currency = others.currency
            and balances.month >= others.month and balances.month < others.next_month
),

lines as (select * from {{ ref('int_invoice_lines') }}),

invoices as (
    select
        invoices.*,
        invoices.ledger_customer_id as customer_id,
        null as line_id,
        {{ month_of(reporting_date('invoices.paid_at')) }} as paid_in,
        invoices.total - invoices.shipping - coalesce(sums.total, 0) as unexplained,
        invoices.total - invoices.amount_paid - invoices.amount_remaining - invoices.credit_notes
        - invoices.balance_applied as unexplained_payment
    from {{ ref('int_invoices') }} as invoices
    left join (
        select
            invoice_key,
            sum(amount + exclusive_tax - discount) as total
        from lines
        group by invoice_key
    ) as sums on {{ row_key('invoices') }} = sums.invoice_key
),

refunds as (
    select
        *,
        null as line_id
    from {{ ref('int_payments') }}
    where kind in ('refund', 'dispute')
),

entries as (
    {%- for source, parts in [
        ('balances', of_balances), ('terms', of_terms), ('lines', of_lines), ('invoices', of_invoices), ('refunds', of_refunds)
    ] %}
    {%- for item, amount, month, condition in parts %}
    select customer_id, tenant_id, currency, {{ month }} as month, '{{ item }}' as item,
        cast({{ amount }} as {{ mrr_type() }}) as amount,
        cast(invoice_id as varchar) as invoice_id, cast(line_id as varchar) as line_id
    from {{ source }} where {{ condition }}
    {% if not (loop.last and source == 'refunds') %} union all {% endif %}
    {%- endfor %}
    {%- endfor %}
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
