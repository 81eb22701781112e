with ledger as (select * from {{ ref('stg_usage__ledger') }}),

landed as ({{ landed_rows() }}),

quarantine as (
    select
        stream,
        count(*) as quarantined
    from {{ ref('stg_usage__quarantine') }}
    group by stream
),

gaps as (
    select
        object_id as stream,
        count(*) as gaps
    from {{ ref('dq_landing__sync_gaps') }}
    group by object_id
),

pulls as (
    select
        stream,
        max(asked_at) as last_asked_at,
        max(complete_until) filter (where status = 'ok') as complete_until,
        max_by(status, asked_at) as last_status
    from ledger
    group by stream
),

-- After the first sync the objects of Stripe come with its events, and are as complete as these.
events as (
    select * from pulls
    where stream = 'stripe_events'
),

streams as (
    select stream from landed
    where stream not in ('sync_ledger', 'quarantine')
    union
    select stream from pulls
    union
    select stream from quarantine
)

select
    streams.stream,
    cast(coalesce(landed.landed_rows, 0) as bigint) as rows,
    greatest(pulls.last_asked_at, events.last_asked_at) as last_asked_at,
    landed.last_observed_at,
    greatest(pulls.complete_until, events.complete_until) as complete_until,
    coalesce(pulls.last_status, events.last_status) as last_status,
    cast(coalesce(gaps.gaps, 0) as bigint) as gaps,
    cast(coalesce(quarantine.quarantined, 0) as bigint) as quarantined
from streams
left join landed on streams.stream = landed.stream
left join pulls on streams.stream = pulls.stream
left join events on streams.stream like 'stripe\_%' escape '\'
left join gaps on streams.stream = gaps.stream
left join quarantine on streams.stream = quarantine.stream
