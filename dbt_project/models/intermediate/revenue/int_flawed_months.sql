-- One row for each month whose numbers may lack something: an object that could not be valued, a stretch of a Stripe
-- stream that could not be read, a Stripe object that did not fit its stream.
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
    union all
    -- A subscription is unknown from then on until a version of it fits.
    select
        {{ reporting_date('misfits.occurred_at') }} as flawed_from,
        {{ reporting_date("case when misfits.stream = 'subscription' then coalesce(min(versions.occurred_at), "
            ~ build_now() ~ ") else misfits.occurred_at end") }} as flawed_until
    from (
        select
            stream,
            object_id,
            coalesce(occurred_at, observed_at) as occurred_at
        from {{ source('landing', 'quarantine') }}
        where {{ was_known() }} and source = 'stripe'
    ) as misfits
    left join {{ ref('stg_stripe__subscriptions') }} as versions
        on misfits.object_id = versions.subscription_id and misfits.occurred_at < versions.occurred_at
    group by misfits.stream, misfits.object_id, misfits.occurred_at
)

select distinct cast(listed.month as date) as month
from spans
cross join unnest(generate_series(
    cast({{ month_of('flawed_from') }} as timestamp),
    cast({{ month_of('flawed_until') }} as timestamp),
    interval 1 month
)) as listed (month)
