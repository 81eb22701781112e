{#- The items of the bridge from MRR to invoiced to collected, in their order. -#}
{% macro bridge_items() -%}
    ['mrr', 'unbilled', 'term_spread', 'proration', 'one_off', 'usage', 'once_coupons', 'tax', 'currency', 'unexplained',
    'invoiced', 'credit_notes', 'credit_balance', 'uncollected', 'earlier_invoices', 'collected_outside', 'refunds',
    'unexplained_payment', 'collected']
{%- endmacro %}

{#-
CTEs to `entries`: every amount of the bridge from MRR to invoiced to collected, each with its invoice and line. What
became of an invoice is shared out to its lines where they are asked for; else its lines stand beside it without amounts.
-#}
{% macro bridge_entries(down_to_lines=false) -%}
    {#- item, amount, month, condition: what each balance, line, invoice and part of its money adds to which item. -#}
    {%- set net = 'amount - inclusive_tax - discount + uncounted_discount' -%}
    {%- set was_paid_later = "kind in ('payment', 'outside', 'overpaid', 'credit_notes') and moved_in != month" -%}
    {%- set added_by = {
        'balances': [('mrr', 'closing_mrr', 'month', 'true'), ('unbilled', '-closing_mrr', 'month', 'true')],
        'terms': [
            ('unbilled', 'other_mrr', 'month', 'true'),
            ('term_spread', 'billed_mrr - other_mrr', 'month', 'true'),
            ('proration' if switch('proration') == 'as_billed' else 'usage', '-billed_mrr', 'month', 'billed_mrr != 0'),
        ],
        'lines': [
            ('unbilled', net, 'month', "kind = 'monthly'"),
            ('term_spread', net, 'month', "kind = 'longer'"),
            ('proration', net, 'month', "kind = 'proration'"),
            ('one_off', net, 'month', "kind = 'one_off'"),
            ('usage', net, 'month', "kind = 'usage'"),
            ('once_coupons', '-uncounted_discount', 'month', 'uncounted_discount != 0'),
            ('tax', 'inclusive_tax + exclusive_tax', 'month', 'inclusive_tax + exclusive_tax != 0'),
            ('invoiced', 'amount + exclusive_tax - discount', 'month', 'true'),
        ],
        'invoices': [
            ('one_off', 'shipping - shipping_tax', 'month', 'shipping != 0'),
            ('tax', 'shipping_tax', 'month', 'shipping_tax != 0'),
            ('unexplained', 'unexplained', 'month', 'unexplained != 0'),
            ('invoiced', 'shipping + unexplained', 'month', 'true'),
        ],
        'shares': [
            ('credit_notes', '-amount', 'moved_in', "kind = 'credit_notes'"),
            ('credit_balance', '-amount', 'moved_in', "kind in ('balance', 'overpaid')"),
            ('uncollected', '-amount', 'month', "kind = 'remaining' or (" ~ was_paid_later ~ ')'),
            ('earlier_invoices', 'amount', 'moved_in', was_paid_later),
            ('collected_outside', '-amount', 'moved_in', "kind = 'outside'"),
            ('refunds', 'amount', 'moved_in', "kind in ('refund', 'dispute')"),
            ('unexplained_payment', '-amount', 'month', "kind = 'unexplained'"),
            ('collected', 'amount', 'moved_in', "kind in ('payment', 'refund', 'dispute')"),
        ],
    } -%}
balances as (
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
        {{ row_key('invoices') }} as invoice_key,
        invoices.total - invoices.shipping - coalesce(sums.total, 0) as unexplained
    from {{ ref('int_invoices') }} as invoices
    left join (
        select
            invoice_key,
            sum(amount + exclusive_tax - discount) as total
        from lines
        group by invoice_key
    ) as sums on {{ row_key('invoices') }} = sums.invoice_key
),

{{ parts_of_invoices() }}

{% if down_to_lines %} {{ shares_of_lines() }}
{% else %}
shares as (
    {%- for item, amount, month, condition in added_by['shares'] %}
    select invoice_key, invoice_id, customer_id, tenant_id, currency, {{ month }} as month, '{{ item }}' as item,
        {{ amount }} as amount
    from parts where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
{% endif %}
entries as (
    {%- for source, added in added_by.items() if down_to_lines or source != 'shares' %}
    {%- set is_last = down_to_lines and loop.last %}
    {%- for item, amount, month, condition in added %}
    select customer_id, tenant_id, currency, {{ month }} as month, '{{ item }}' as item,
        cast({{ amount }} as {{ mrr_type() }}) as amount,
        cast(invoice_id as varchar) as invoice_id, cast(line_id as varchar) as line_id
    from {{ source }} where {{ condition }}
    {{ 'union all' if not (is_last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
    {% if not down_to_lines %}
    select customer_id, tenant_id, currency, month, item, cast(amount as {{ mrr_type() }}), invoice_id, null
    from shares
    union all
    select lines.customer_id, lines.tenant_id, lines.currency, shares.month, shares.item, 0, lines.invoice_id, lines.line_id
    from shares
    inner join lines on shares.invoice_key = lines.invoice_key
    where lines.amount + lines.exclusive_tax != lines.discount
    {% endif %}
)
{%- endmacro %}

{#- Where an item stands in the bridge, and on which way. -#}
{% macro bridge_place() -%}
    cast(list_position({{ bridge_items() }}, item) as bigint) as position,
    case
        when item = 'mrr' then 'mrr'
        when list_position({{ bridge_items() }}, item) <= list_position({{ bridge_items() }}, 'invoiced') then 'invoiced'
        else 'collected'
    end as stage,
    item
{%- endmacro %}
