-- noqa: disable=AL03,LT07,ST05
-- One row for each movement of money on an invoice: payments that failed; refunds and lost disputes, negative; credit
-- notes before payment; each payment, where the invoice itself does not tell when and how it was paid; and what was
-- given back in another currency than the charge's, 'foreign', which nobody tells the worth of.
with charges as ({{ newest_sighting('charge', ['amount_refunded']) }}),

intents as (
    select
        payment_intent_id,
        max(invoice_id) as invoice_id
    from (
        select
            payment_intent_id,
            invoice_id
        from {{ sightings('payment_intent') }} as seen
        where invoice_id is not null
        union all
        select
            payment_intent_id,
            invoice_id
        from {{ sightings('invoice_payment') }} as seen
        where payment_intent_id is not null
        union all
        select
            payment_intent_id,
            invoice_id
        from {{ sightings('invoice') }} as seen
        where payment_intent_id is not null
    ) as told
    group by payment_intent_id
),

placed as (
    select
        charges.*,
        coalesce(charges.invoice_id, intents.invoice_id, by_charge.invoice_id) as charged_invoice_id
    from charges
    left join intents on charges.payment_intent_id = intents.payment_intent_id
    left join (
        select
            charge_id,
            max(invoice_id) as invoice_id
        from (
            select
                charge_id,
                invoice_id
            from {{ sightings('invoice') }} as seen
            where charge_id is not null
            union all
            select
                charge_id,
                invoice_id
            from {{ sightings('invoice_payment') }} as seen
            where charge_id is not null
        ) as told
        group by charge_id
    ) as by_charge on charges.charge_id = by_charge.charge_id
),

refunds as ({{ newest_sighting('refund') }}),

disputes as ({{ newest_sighting('dispute') }}),

{{ parts_of_payments() }}

{{ parts_of_credit_notes() }}

moved as (
    select
        charge_id as payment_id,
        charged_invoice_id as invoice_id,
        'failure' as kind,
        created_at as moved_at,
        amount as minor
    from placed
    where status = 'failed'
    union all
    select
        refunds.refund_id,
        placed.charged_invoice_id,
        {{ given_back('refund') }},
        refunds.created_at,
        -refunds.amount
    from refunds
    inner join placed
        on
            refunds.charge_id = placed.charge_id
            or (
                refunds.charge_id is null and refunds.payment_intent_id = placed.payment_intent_id
                and placed.status = 'succeeded'
            )
    where coalesce(refunds.status, 'succeeded') not in ('failed', 'canceled')
    union all
    select
        disputes.dispute_id,
        placed.charged_invoice_id,
        {{ given_back('dispute') }},
        disputes.created_at,
        -disputes.amount
    from disputes
    inner join placed on disputes.charge_id = placed.charge_id
    where disputes.status = 'lost'
    union all
    select * from parts
    union all
    select * from credited
)

select
    moved.payment_id,
    moved.invoice_id,
    moved.kind,
    moved.moved_at,
    {{ month_of(reporting_date('moved.moved_at')) }} as month,
    invoices.ledger_customer_id as customer_id,
    invoices.tenant_id,
    invoices.currency,
    case when moved.kind != 'foreign' then {{ major('moved.minor', 'invoices.digits') }} end as amount
from moved
inner join {{ ref('int_invoices') }} as invoices on moved.invoice_id = invoices.invoice_id
