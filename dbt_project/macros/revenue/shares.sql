{#- What an invoice's payments do not explain; `told` are those that are told part by part, where they are. -#}
{% macro unexplained_payment(invoices, told) -%}
    {{ invoices }}.total - coalesce({{ told }}.amount, {{ invoices }}.amount_paid) - {{ invoices }}.amount_remaining
    - {{ invoices }}.credit_notes - {{ invoices }}.balance_applied
{%- endmacro %}

{#- The sums of payments that are told part by part, null where none is, and of credit notes. -#}
{% macro told_payments() -%}
    select
        invoice_id,
        sum(amount) filter (where kind != 'credit_notes') as amount,
        coalesce(sum(amount) filter (where kind = 'credit_notes'), 0) as credited
    from {{ ref('int_payments') }}
    where kind in ('payment', 'outside', 'overpaid', 'credit_notes')
    group by invoice_id
{%- endmacro %}

{#- CTEs from `invoices` to `parts`: what became of each invoice's money, part by part; returned money apart. -#}
{% macro parts_of_invoices() -%}
settled as (
    select
        invoices.*,
        told.invoice_id is not null as is_told,
        case when told.amount is null then invoices.amount_paid else 0 end as paid_at_once,
        invoices.credit_notes - coalesce(told.credited, 0) as credited_untold,
        {{ unexplained_payment('invoices', 'told') }} as unexplained_payment,
        {{ month_of(reporting_date('invoices.paid_at')) }} as paid_in
    from invoices
    left join ({{ told_payments() }}) as told on invoices.invoice_id = told.invoice_id
),

parts as (
    {%- set ways = [
        ('credit_notes', 'credited_untold', 'month', 1), ('balance', 'balance_applied', 'month', 2),
        ('payment', 'paid_at_once', 'paid_in', 3), ('remaining', 'amount_remaining', 'month', 9 * 10**18),
        ('unexplained', 'unexplained_payment', 'month', 9 * 10**18 + 1)
    ] %}
    {%- for kind, amount, moved_in, place in ways %}
    select
        invoice_key,
        invoice_id,
        customer_id,
        tenant_id,
        currency,
        '{{ kind }}' as kind,
        {{ amount }} as amount,
        month,
        {{ moved_in }} as moved_in,
        cast({{ place }} as bigint) as place,
        '{{ kind }}' as part_id,
        false as is_return,
        is_told or {% for _, other, _, _ in ways %} cast({{ other }} != 0 as integer) {{ '+' if not loop.last }} {% endfor %} > 1
            as is_split
    from settled
    where {{ amount }} != 0
    union all
    {%- endfor %}
    select
        invoices.invoice_key,
        invoices.invoice_id,
        invoices.customer_id,
        invoices.tenant_id,
        invoices.currency,
        payments.kind,
        payments.amount,
        invoices.month,
        payments.month,
        -- Credit notes come off before anything is paid.
        epoch_us(payments.moved_at) + case payments.kind when 'overpaid' then 1 when 'credit_notes' then {{ -8 * 10**18 }} else 0 end,
        payments.payment_id,
        payments.kind in ('refund', 'dispute'),
        true
    from {{ ref('int_payments') }} as payments
    inner join invoices on payments.invoice_id = invoices.invoice_id
    where payments.kind not in ('failure', 'foreign')
),
{%- endmacro %}

{#-
CTEs from `parts` and `lines` to `shares`: the parts down to the line. What became of an invoice in one way falls on its
lines as they stand. Of several parts each line bears its share to the minor unit, largest remainders first; as that is
done for what the parts come to one after the other, the shares of a line add up to the line. Returned money is shared
out apart, in the same way.
-#}
{% macro shares_of_lines() -%}
-- What a line adds to the total is its weight; shipping, and what lines do not explain, weighs without a line.
weights as (
    select
        invoice_key,
        line_id,
        amount + exclusive_tax - discount as weight
    from lines
    union all
    select
        invoice_key,
        null,
        shipping + unexplained
    from invoices
    where shipping + unexplained != 0 or total = 0
),

-- What the parts of an invoice come to one after the other, over its lines: whole units, and what remains of them.
divided as (
    select
        parts.*,
        weights.line_id,
        case when invoices.total = 0 then 1 else abs({{ minor('invoices.total', 'invoices.digits') }}) end as divisor,
        sum({{ minor('parts.amount', 'invoices.digits') }}) over until_then * cast(
            case
                when invoices.total = 0 then cast(weights.line_id is null as integer)
                else sign(invoices.total) * {{ minor('weights.weight', 'invoices.digits') }}
            end as {{ whole() }}
        ) as dividend,
        invoices.digits
    from parts
    inner join invoices on parts.invoice_key = invoices.invoice_key
    inner join weights on parts.invoice_key = weights.invoice_key
    where parts.is_split
    window until_then as (
        partition by parts.invoice_key, parts.is_return, weights.line_id order by parts.place, parts.part_id
    )
),

remainders as (
    select
        *,
        (dividend % divisor + divisor) % divisor as remainder
    from divided
),

rounded as (
    select
        *,
        (dividend - remainder) // divisor + cast(
            row_number() over (a_part order by remainder desc, line_id nulls last) <= sum(remainder) over a_part // divisor
            as integer
        ) as minor_until_then
    from remainders
    window a_part as (partition by invoice_key, is_return, place, part_id)
),

shares as (
    {%- for parts in ['parts', 'rounded'] %}
    select
        {%- for column in ['kind', 'month', 'moved_in', 'invoice_id', 'customer_id', 'tenant_id', 'currency'] %}
        {{ parts }}.{{ column }},
        {%- endfor %}
    {%- if parts == 'parts' %}
        weights.line_id,
        weights.weight as amount
    from parts
    inner join weights on parts.invoice_key = weights.invoice_key
    where not parts.is_split
    union all
    {%- else %}
        line_id,
        {{ major(
            '(minor_until_then - lag(minor_until_then, 1, 0) over '
            ~ '(partition by invoice_key, is_return, line_id order by place, part_id))', 'digits'
        ) }}
    from rounded
    {%- endif %}
    {%- endfor %}
),
{%- endmacro %}
