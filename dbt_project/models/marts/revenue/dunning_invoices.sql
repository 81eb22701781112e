-- One row an invoice whose payment failed at least once: what was tried, and what became of the money.
-- The last attempt succeeded where anything was paid, none where credit notes took off all of it.
{% set failed_attempts %}
    invoices.attempt_count - cast(invoices.status = 'paid' and (invoices.amount_paid != 0 or invoices.credit_notes = 0) as integer)
{%- endset %}
with failures as (
    select
        invoice_id,
        count(*) as attempts,
        min(moved_at) as first_failed_at,
        max(moved_at) as last_failed_at
    from {{ ref('int_payments') }}
    where kind = 'failure'
    group by invoice_id
),

told as (
    select
        invoice_id,
        count(distinct event_id) as attempts,
        min(occurred_at) as first_failed_at,
        max(occurred_at) as last_failed_at
    from {{ sightings('invoice') }} as seen
    where event_type = 'invoice.payment_failed'
    group by invoice_id
),

failed as (
    select
        invoices.*,
        greatest(
            coalesce(failures.attempts, 0),
            coalesce(told.attempts, 0),
            {{ failed_attempts }},
            1
        ) as attempts,
        coalesce(failures.first_failed_at, told.first_failed_at, invoices.invoiced_at) as first_failed_at,
        coalesce(failures.last_failed_at, told.last_failed_at, invoices.invoiced_at) as last_failed_at
    from {{ ref('int_invoices') }} as invoices
    left join failures on invoices.invoice_id = failures.invoice_id
    left join told on invoices.invoice_id = told.invoice_id
    where
        failures.invoice_id is not null
        or told.attempts > 0
        or {{ failed_attempts }} > 0
),

current_mrr as (
    select
        segments.subscription_id,
        any_value(segments.status) as status,
        max(segments.starts_at) filter (where segments.status = 'canceled') as canceled_at,
        coalesce(sum(items.mrr), 0) as mrr
    from {{ ref('int_subscription_segments') }} as segments
    left join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id and items.is_live
    where segments.is_current
    group by segments.subscription_id
),

-- Of payments that are told part by part, those after the first failure were recovered.
parts as (
    select
        failed.invoice_id,
        coalesce(sum(payments.amount) filter (where payments.moved_at >= failed.first_failed_at), 0) as recovered
    from failed
    inner join {{ ref('int_payments') }} as payments on failed.invoice_id = payments.invoice_id
    where payments.kind in ('payment', 'outside')
    group by failed.invoice_id
),

judged as (
    select
        failed.*,
        current_mrr.mrr,
        parts.recovered as recovered_in_parts,
        case
            when
                failed.status = 'paid' and failed.credit_notes != 0
                and coalesce(parts.recovered, failed.amount_paid) = 0 then 'credited'
            when failed.status = 'paid' then 'recovered'
            when failed.status in ('void', 'uncollectible') or current_mrr.status = 'canceled' then 'lost'
            else 'at_risk'
        end as state,
        case
            when failed.status != 'paid'
                then coalesce(failed.given_up_at, current_mrr.canceled_at)
        end as lost_at,
        row_number() over (partition by failed.subscription_id, failed.status order by failed.invoiced_at desc) as place
    from failed
    left join current_mrr on failed.subscription_id = current_mrr.subscription_id
    left join parts on failed.invoice_id = parts.invoice_id
)

select
    invoice_id,
    ledger_customer_id as customer_id,
    tenant_id,
    subscription_id,
    currency,
    cast(amount_due as {{ mrr_type() }}) as amount_due,
    first_failed_at,
    last_failed_at,
    cast(attempts as bigint) as attempts,
    case when state = 'recovered' then paid_at end as recovered_at,
    case when state = 'lost' then lost_at end as lost_at,
    cast({{ dbt.datediff(
        reporting_date('first_failed_at'),
        "coalesce(" ~ reporting_date("case when state in ('recovered', 'credited') then paid_at when state = 'lost' then lost_at end")
        ~ ", " ~ reporting_today() ~ ")",
        'day'
    ) }} as bigint) as age_days,
    state,
    cast(coalesce(recovered_in_parts, case when state = 'recovered' then amount_paid else 0 end) as {{ mrr_type() }})
        as recovered_amount,
    cast(case when state = 'lost' then amount_remaining else 0 end as {{ mrr_type() }}) as lost_amount,
    cast(case when state = 'at_risk' then amount_remaining else 0 end as {{ mrr_type() }}) as at_risk_amount,
    -- A subscription's MRR is at risk once, however many of its invoices are open.
    cast(case when state = 'at_risk' and place = 1 then coalesce(mrr, 0) else 0 end as {{ mrr_type() }}) as mrr_at_risk
from judged
