{{ config(materialized='ephemeral', tags=['revenue']) }}
-- What lies before the events that we have, or before the first exchange rate that we know.
select
    'history_rebuilt' as check_name,
    origins.subscription_id as object_id,
    'before ' || strftime(min(versions.occurred_at), '%Y-%m-%d') || ' from dates and invoices: pauses, unprorated '
    || 'changes and coupons removed early are lost' as detail,
    min(origins.known_at) as first_seen_at,
    cast(null as date) as flawed_from,
    cast(null as date) as flawed_until
from {{ ref('int_subscription_origins') }} as origins
inner join {{ ref('int_subscription_versions') }} as versions
    on origins.subscription_id = versions.subscription_id and versions.is_first
group by origins.subscription_id
union all
select
    'rate_before_first_known' as check_name,
    changes.currency as object_id,
    'days from ' || min(changes.effective_date) || ' take the rate of ' || min(rates.first_known_on) as detail,
    min(changes.known_at) as first_seen_at,
    cast(null as date) as flawed_from,
    cast(null as date) as flawed_until
from {{ ref('int_subscription_changes') }} as changes
inner join {{ ref('int_exchange_rates') }} as rates
    on changes.currency = rates.currency and changes.effective_date < rates.first_known_on
group by changes.currency
