{#-
CTEs to `credited`: what credit notes took off invoices before they were paid, note by note; no more of it than the invoice
itself tells. Notes that were taken back are none.
-#}
{% macro parts_of_credit_notes() -%}
notes as (
    select
        notes.credit_note_id,
        notes.invoice_id,
        coalesce(notes.created_at, notes.occurred_at) as moved_at,
        {{ minor('invoices.credit_notes', 'invoices.digits') }} as invoice_minor,
        coalesce(notes.pre_payment_amount, case when notes.type = 'post_payment' then 0 else notes.amount end) as minor,
        sum(coalesce(notes.pre_payment_amount, case when notes.type = 'post_payment' then 0 else notes.amount end))
            over (
                partition by notes.invoice_id
                order by coalesce(notes.created_at, notes.occurred_at), notes.credit_note_id
                rows between unbounded preceding and current row
            ) as minor_until_then
    from ({{ newest_sighting('credit_note', ["status = 'void'"]) }}) as notes
    inner join {{ ref('int_invoices') }} as invoices on notes.invoice_id = invoices.invoice_id
    where coalesce(notes.status, 'issued') != 'void' and invoices.credit_notes != 0
),

credited as (
    select
        credit_note_id as payment_id,
        invoice_id,
        'credit_notes' as kind,
        moved_at,
        least(minor_until_then, invoice_minor) - least(minor_until_then - minor, invoice_minor) as minor
    from notes
    where minor > 0 and minor_until_then - minor < invoice_minor
),
{%- endmacro %}
