-- One row for each month whose numbers may lack something: an object that could not be valued, a stretch of a Stripe
-- stream that could not be read.
with spans as (
    select
        flawed_from,
        flawed_until
    from {{ ref('dq_revenue__flaws') }}
    where flawed_from is not null
    union all
    select
        {{ reporting_date('coalesce(troubles.since, troubles.asked_at)') }} as flawed_from,
        {{ reporting_date('coalesce(troubles.until, troubles.asked_at)') }} as flawed_until
    from {{ source('landing', 'sync_ledger') }} as troubles
    where
        {{ was_known('troubles.observed_at') }}
        and troubles.status != 'ok'
        and starts_with(troubles.stream, 'stripe')
        -- A later pull that reached back as far has closed the gap.
        and not exists (
            select 1
            from {{ source('landing', 'sync_ledger') }} as later
            where
                later.stream = troubles.stream
                and later.status = 'ok'
                and later.asked_at > troubles.asked_at
                and (later.since is null or later.since <= troubles.since)
                and {{ was_known('later.observed_at') }}
        )
)

select distinct cast(listed.month as date) as month
from spans
cross join unnest(generate_series(
    cast({{ month_of('flawed_from') }} as timestamp),
    cast({{ month_of('flawed_until') }} as timestamp),
    interval 1 month
)) as listed (month)
