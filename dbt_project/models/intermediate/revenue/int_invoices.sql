{{ config(meta={'packing': 'none'}) }}
-- One row an invoice in its newest state, amounts in major units.
{% set order_by %}
    occurred_at desc,
    case status when 'draft' then 0 when 'open' then 1 else 2 end desc,
    amount_paid desc,
    attempt_count desc,
    observed_at
{% endset %}
with invoice_ids_seen_twice as (
    {{ seen_twice(sightings('invoice'), 'invoice_id') }}
),

-- Events of one second come in any order: what is further on in an invoice's life is newer.
newest as (
    {{ newest_of(sightings('invoice'), 'invoice_id', order_by) }}
)

select
    newest.invoice_id,
    newest.is_seen_twice,
    coalesce(customers.ledger_customer_id, newest.customer_id) as ledger_customer_id,
    customers.tenant_id,
    newest.subscription_id,
    {{ one_of('newest.status', ['paid', 'open', 'void', 'uncollectible', 'other']) }} as status,
    {{ one_of('newest.billing_reason', ['subscription_cycle', 'subscription_create', 'other']) }} as billing_reason,
    newest.collection_method = 'send_invoice' as is_sent,
    newest.currency,
    units.digits,
    newest.created_at,
    coalesce(newest.finalized_at, newest.created_at) as invoiced_at,
    {{ month_of(reporting_date('coalesce(newest.finalized_at, newest.created_at)')) }} as month,
    newest.paid_at,
    coalesce(newest.voided_at, newest.uncollectible_at) as given_up_at,
    coalesce(newest.attempt_count, 0) as attempt_count,
    newest.has_all_lines,
    {{ major('coalesce(newest.total, 0)', 'units.digits') }} as total,
    {{ major('coalesce(newest.amount_due, 0)', 'units.digits') }} as amount_due,
    {{ major('coalesce(newest.amount_paid, 0)', 'units.digits') }} as amount_paid,
    -- What was paid out of band may still be shown as remaining.
    {{ major(
        "case when newest.status = 'paid' and newest.is_paid_out_of_band then 0 else coalesce(newest.amount_remaining, 0) end",
        'units.digits'
    ) }} as amount_remaining,
    newest.status = 'paid' and coalesce(newest.is_paid_out_of_band, false) as is_paid_outside,
    {{ major('coalesce(newest.amount_overpaid, 0)', 'units.digits') }} as overpaid,
    {{ major('coalesce(newest.shipping_amount, 0)', 'units.digits') }} as shipping,
    {{ major('coalesce(newest.shipping_tax, 0)', 'units.digits') }} as shipping_tax,
    {{ major('coalesce(newest.pre_payment_credit_notes_amount, 0)', 'units.digits') }} as credit_notes,
    {{ major(
        'case when newest.ending_balance is null then 0 else newest.ending_balance - coalesce(newest.starting_balance, 0) end',
        'units.digits'
    ) }} as balance_applied
from newest
left join {{ ref('int_customers') }} as customers on newest.customer_id = customers.customer_id
left join {{ ref('minor_units') }} as units on newest.currency = units.currency
where newest.status != 'draft' and not newest.is_deleted
