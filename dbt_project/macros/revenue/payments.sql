{#- Whole minor units of an amount in major ones. -#}
{% macro minor(amount, digits) -%}
    cast({{ amount }} * case {{ digits }} when 2 then 100 when 0 then 1 when 3 then 1000 end as bigint)
{%- endmacro %}

{#- The kind of what came back of a charge: no amount of it is known where it is in another currency. -#}
{% macro given_back(kind) -%}
    case when {{ kind }}s.currency != placed.currency then 'foreign' else '{{ kind }}' end
{%- endmacro %}

{#-
CTEs to `parts`: what was paid of each invoice part by part, for the invoices of which their own `paid_at` and
`amount_paid` do not tell it all: paid in several months, in part, too much, or outside Stripe. The others, nearly all, are
looked at once and left out before anything is put in order.
-#}
{% macro parts_of_payments() -%}
candidates as (
    select invoice_id
    from {{ ref('int_invoices') }}
    where is_paid_outside or overpaid != 0 or (amount_paid != 0 and paid_at is null)
    union
    select invoices.invoice_id
    from {{ sightings('invoice_payment') }} as seen
    inner join {{ ref('int_invoices') }} as invoices on seen.invoice_id = invoices.invoice_id
    where
        (seen.status = 'canceled' and invoices.amount_paid != 0)
        or (seen.status = 'paid' and (
            (seen.payment_intent_id is null and seen.charge_id is null)
            or {{ major('coalesce(seen.amount_paid, 0)', 'invoices.digits') }} != invoices.amount_paid
            or {{ month_of(reporting_date('coalesce(seen.paid_at, seen.created_at)')) }}
            is distinct from {{ month_of(reporting_date('invoices.paid_at')) }}
        ))
),

told as (
    select
        invoice_payment_id as payment_id,
        invoice_id,
        status,
        coalesce(paid_at, created_at) as moved_at,
        payment_intent_id is null and charge_id is null as is_outside,
        case when status = 'paid' then coalesce(amount_paid, 0) else 0 end as minor
    from {{ sightings('invoice_payment') }} as seen
    where invoice_id in (select candidates.invoice_id from candidates)
    qualify row_number() over (
        partition by invoice_payment_id
        order by occurred_at desc, paid_at is not null desc, status = 'canceled' desc, observed_at
    ) = 1
),

sums as (
    select
        invoice_id,
        sum(minor) as minor,
        bool_or(is_outside and minor != 0) as has_outside,
        min(moved_at) filter (where minor != 0) as first_at,
        max(moved_at) filter (where minor != 0) as last_at,
        -- One was canceled, and none is to come: what else was paid did not go through Stripe.
        bool_or(status = 'canceled') and not bool_or(status = 'open') as is_over
    from told
    group by invoice_id
),

known as (
    select
        invoices.*,
        coalesce(sums.has_outside, false) as has_outside,
        coalesce(sums.is_over, false) as is_over,
        sums.first_at,
        sums.last_at,
        {{ major('coalesce(sums.minor, 0)', 'invoices.digits') }} as told_amount,
        case
            when invoices.is_paid_outside
                then invoices.total - invoices.credit_notes - invoices.balance_applied + invoices.overpaid
            else invoices.amount_paid
        end - {{ major('coalesce(sums.minor, 0)', 'invoices.digits') }} as untold_amount
    from {{ ref('int_invoices') }} as invoices
    inner join candidates on invoices.invoice_id = candidates.invoice_id
    left join sums on invoices.invoice_id = sums.invoice_id
),

odd as (
    select * from known
    where
        is_paid_outside
        or has_outside
        or overpaid != 0
        or (untold_amount > 0 and is_over)
        or (amount_paid != 0 and paid_at is null)
        or (told_amount != 0 and (
            untold_amount != 0
            or paid_at is null
            or {{ month_of(reporting_date('first_at')) }} != {{ month_of(reporting_date('paid_at')) }}
            or {{ month_of(reporting_date('last_at')) }} != {{ month_of(reporting_date('paid_at')) }}
        ))
),

-- Where nothing says when it was paid: the first sighting that shows it.
first_shown as (
    select
        invoice_id,
        min(occurred_at) as shown_at
    from {{ sightings('invoice') }} as seen
    where
        amount_paid > 0
        and invoice_id in (
            select undated.invoice_id from odd as undated
            where undated.paid_at is null and undated.untold_amount > 0
        )
    group by invoice_id
),

parts as (
    select
        told.payment_id,
        odd.invoice_id,
        case when told.is_outside then 'outside' else 'payment' end as kind,
        told.moved_at,
        told.minor
    from told
    inner join odd on told.invoice_id = odd.invoice_id
    where told.minor != 0
    union all
    -- What the invoice says was paid beyond that.
    select
        odd.invoice_id,
        odd.invoice_id,
        case when odd.is_paid_outside or odd.is_over then 'outside' else 'payment' end,
        coalesce(odd.paid_at, first_shown.shown_at),
        {{ minor('odd.untold_amount', 'odd.digits') }}
    from odd
    left join first_shown on odd.invoice_id = first_shown.invoice_id
    where odd.untold_amount > 0
    union all
    -- What was paid too much is kept as the customer's credit.
    select
        invoice_id,
        invoice_id,
        'overpaid',
        coalesce(last_at, paid_at, invoiced_at),
        -{{ minor('overpaid', 'digits') }}
    from odd
    where overpaid != 0
),
{%- endmacro %}
