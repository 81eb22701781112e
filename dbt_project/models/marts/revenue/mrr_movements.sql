{{ config(meta={'packing': 'light'}) }}
-- The ledger: the net change of a customer's MRR on each day, and the monthly revaluations of foreign balances.
with movements as (
    select
        customer_id,
        tenant_id,
        movement_date,
        effective_at,
        known_at,
        movement_type,
        reason,
        currency,
        amount,
        mrr_before,
        mrr_after,
        reporting_amount,
        subscription_ids,
        source_event_ids,
        source
    from {{ ref('int_ledger_days') }}
    union all
    select
        customer_id,
        tenant_id,
        movement_date,
        least({{ day_start('movement_date + 1') }}, {{ build_now() }}) as effective_at,
        greatest(known_at, least({{ day_start('movement_date + 1') }}, {{ build_now() }})) as known_at,
        'fx' as movement_type,
        'currency' as reason,
        currency,
        0 as amount,
        closing_mrr as mrr_before,
        closing_mrr as mrr_after,
        revaluation as reporting_amount,
        subscription_ids,
        source_event_ids,
        'exchange_rate' as source
    from {{ ref('int_revaluations') }}
)

select
    md5(concat_ws('|', customer_id, currency, movement_date, movement_type)) as movement_id,
    customer_id,
    tenant_id,
    movement_date,
    effective_at,
    known_at,
    movement_type,
    reason,
    currency,
    cast(amount as {{ mrr_type() }}) as amount,
    cast(mrr_before as {{ mrr_type() }}) as mrr_before,
    cast(mrr_after as {{ mrr_type() }}) as mrr_after,
    '{{ var("reporting_currency") | lower }}' as reporting_currency,
    cast(reporting_amount as {{ mrr_type() }}) as reporting_amount,
    subscription_ids,
    source_event_ids,
    source
from movements
