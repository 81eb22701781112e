{{ config(materialized='ephemeral') }}
-- noqa: disable=RF01,RF03
-- One row for each pair of currencies in each of Stripe's daily answers.
select
    observed_at,
    from_currency,
    rate.to_currency,
    rate.rate
from {{ source('landing', 'stripe_exchange_rate') }}
cross join unnest(rates) as listed (rate)
where {{ was_known() }}
