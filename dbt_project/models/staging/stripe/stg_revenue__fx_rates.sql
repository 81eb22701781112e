{{ config(materialized='ephemeral') }}
-- Historical exchange rates from the operator's file, newest reading of each day first.
select
    date as rate_date,
    lower(from_currency) as from_currency,
    lower(to_currency) as to_currency,
    rate
from {{ source('landing', 'fx_rates') }}
where {{ was_known() }}
qualify row_number() over (
    partition by date, lower(from_currency), lower(to_currency) order by observed_at desc, rate
) = 1
