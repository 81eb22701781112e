{{ config(meta={'packing': 'light'}) }}
-- The balance of each customer and currency from each day on which it changed to the day before the next change.
select
    ledger.customer_id,
    ledger.tenant_id,
    ledger.movement_date as valid_from,
    ledger.next_date as valid_to,
    ledger.currency,
    cast(ledger.mrr_after as {{ mrr_type() }}) as mrr,
    {{ in_reporting_currency('ledger.mrr_after', 'rates.rate') }} as reporting_mrr
from {{ ref('int_ledger_days') }} as ledger
inner join {{ ref('int_exchange_rates') }} as rates
    on
        ledger.currency = rates.currency
        and ledger.movement_date >= rates.valid_from
        and ledger.movement_date < rates.valid_to
